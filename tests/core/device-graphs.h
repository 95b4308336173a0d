/* Small graphs with every operation at places where no architecture has it. */
#pragma once

#include "core/nn/graph.h"

typedef void (*Build) (RunetGraph *graph);

static void
add_output (RunetGraph *graph, int softmax) {
  g_array_append_val (graph->outputs, softmax);
}

static int
convolve (RunetGraph *graph, int x, gsize channels, guint kernel, gboolean relu) {
  g_autofree char *name = g_strdup_printf ("layer%u.conv", graph->nodes->len);
  return runet_graph_convolution (graph, x, channels, kernel, relu, name);
}

static void
classify (RunetGraph *graph, int x) {
  add_output (graph, runet_graph_softmax (graph, convolve (graph, x, 3, 1, FALSE)));
}

static void
build_colours (RunetGraph *graph) {
  classify (graph, convolve (graph, runet_graph_input (graph, 3), 5, 3, TRUE));
}

static void
build_head_only (RunetGraph *graph) {
  classify (graph, runet_graph_input (graph, 2));
}

static void
build_many_classes (RunetGraph *graph) {
  const int x = convolve (graph, runet_graph_input (graph, 1), 5, 3, TRUE);
  add_output (graph, runet_graph_softmax (graph, convolve (graph, x, 20, 1, FALSE)));
}

/* The softmax of a 3 × 3 convolution without a ReLU. */
static void
build_no_head (RunetGraph *graph) {
  const int x = convolve (graph, runet_graph_input (graph, 1), 6, 3, FALSE);
  add_output (graph, runet_graph_softmax (graph, convolve (graph, x, 4, 3, FALSE)));
}

/* Only an up-sampled map is read, by both kernels, and one of a single channel. */
static void
build_doubled (RunetGraph *graph) {
  const int input = runet_graph_input (graph, 1);
  const int small = runet_graph_max_pool (graph, convolve (graph, input, 5, 3, TRUE));
  const int large = convolve (graph, runet_graph_upsample (graph, small), 7, 3, TRUE);
  const int image = runet_graph_upsample (graph, runet_graph_max_pool (graph, input));
  const int grey = convolve (graph, image, 4, 3, TRUE);
  const int both = runet_graph_concat (graph, large, grey);
  classify (graph, convolve (graph, both, 6, 1, TRUE));
  add_output (graph, runet_graph_softmax (graph, runet_graph_upsample (graph, small)));
}

/* Concatenations that are made, pooled, read twice, and of odd numbers of channels. */
static void
build_concats (RunetGraph *graph) {
  const int input = runet_graph_input (graph, 1);
  const int a = convolve (graph, input, 5, 3, TRUE);
  const int p = runet_graph_softmax (graph, convolve (graph, a, 4, 1, FALSE));
  const int image = runet_graph_concat (graph, input, p);
  const int b = convolve (graph, image, 3, 3, TRUE);
  const int c = runet_graph_concat (graph, a, b);
  const int pooled = runet_graph_max_pool (graph, c);
  const int again = runet_graph_concat (graph, runet_graph_upsample (graph, pooled), c);
  add_output (graph, p);
  classify (graph, convolve (graph, again, 9, 3, TRUE));
}

/* The decoder's first layer whose up-sampled map is read by another as well, and whose other part is an image. */
static void
build_shared (RunetGraph *graph) {
  const int input = runet_graph_input (graph, 1);
  const int a = convolve (graph, input, 6, 3, TRUE);
  const int up = runet_graph_upsample (graph, runet_graph_max_pool (graph, a));
  const int first = convolve (graph, runet_graph_concat (graph, up, input), 5, 3, TRUE);
  const int second = runet_graph_max_pool (graph, up);
  classify (graph, first);
  add_output (graph, runet_graph_softmax (graph, second));
}

/* The region of interest in pieces: no node of it can be done with its neighbour. */
static void
build_region (RunetGraph *graph) {
  const int input = runet_graph_input (graph, 1);
  const int a = convolve (graph, input, 4, 3, TRUE);
  const int p = runet_graph_softmax (graph, convolve (graph, a, 4, 1, FALSE));
  const int f = runet_graph_foreground (graph, p);
  const int mixed[] = {f, runet_graph_box (graph, f, 3), runet_graph_box (graph, f, 6)};
  const int m = runet_graph_sigmoid (
      graph, runet_graph_mix (graph, mixed, "stage1.mix"), 3, 0.4f);
  const int masked = runet_graph_multiply (graph, m, input);
  add_output (graph, p);
  classify (graph, convolve (graph, masked, 5, 3, TRUE));
  g_array_append_val (graph->regions, m);
}

/* A sigmoid of many channels, and a product of two results of convolutions. */
static void
build_products (RunetGraph *graph) {
  const int input = runet_graph_input (graph, 2);
  const int s = runet_graph_sigmoid (graph, convolve (graph, input, 3, 3, FALSE), 2, 0);
  const int one = convolve (graph, s, 1, 1, FALSE);
  const int other = convolve (graph, input, 1, 3, FALSE);
  const int product = runet_graph_multiply (graph, one, other);
  classify (graph,
            convolve (graph, runet_graph_concat (graph, product, s), 4, 3, TRUE));
}

/* The box reads what a convolution made: not on a GPU in 16 bits. */
static void
build_boxed (RunetGraph *graph) {
  const int x = convolve (graph, runet_graph_input (graph, 1), 1, 3, FALSE);
  const int box = runet_graph_box (graph, x, 4);
  classify (graph, convolve (graph, runet_graph_concat (graph, box, x), 4, 3, TRUE));
}

static const struct {
  const char *name;
  Build build;
} graphs[] = {
    {"colours", build_colours},      {"head-only", build_head_only},
    {"classes", build_many_classes}, {"no-head", build_no_head},
    {"doubled", build_doubled},      {"concats", build_concats},
    {"shared", build_shared},        {"region", build_region},
    {"products", build_products},    {"boxed", build_boxed},
};
