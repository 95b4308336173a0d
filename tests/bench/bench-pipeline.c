/* What each step around the network costs, at several sizes of the native grid: a cost that is linear in
 * pixels shows as the same ns a pixel from left to right.
 *
 * bench-pipeline [RUNS]. Prints medians of CPU time of one thread. The picture is synthetic: speckle in a
 * heart of ellipses. Only the step to the network's square does not grow with the native grid. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/echo/image.h"
#include "core/echo/label-map.h"
#include "core/segmentation/resample.h"
#include "core/shape/anatomy.h"
#include "core/shape/contour.h"
#include "core/shape/hull.h"
#include "tests/remove-tree.h"

#define NETWORK_SIZE 256
#define CLASSES RUNET_LABELS

/* The smallest, CAMUS as it is released, twice that, CAMUS as it was acquired, and beyond. */
static const struct {
  gsize width, height;
} sizes[] = {{112, 112}, {224, 224}, {448, 448}, {748, 1167}, {1500, 1500}};

typedef struct {
  gsize width, height;
  char *folder;
  RunetImage *image;
  RunetLabelMap *expert, *prediction;
  float *square; /* 256 × 256 */
  float *probabilities; /* 256 × 256 × classes */
  float *planes; /* classes × H × W */
  guint8 *labels, *mask; /* H × W */
} Bench;

/* The label at (x, y), both 0 … 1: a cavity in a wall, and an atrium below. */
static RunetLabel
get_label (double x, double y, double shift) {
  x += shift;
  double wall = hypot ((x - 0.5) / 0.26, (y - 0.45) / 0.36);
  double cavity = hypot ((x - 0.5) / 0.16, (y - 0.47) / 0.30);
  double atrium = hypot ((x - 0.5) / 0.16, (y - 0.86) / 0.12);
  if (cavity < 1 && y < 0.72)
    return RUNET_LABEL_LV;
  if (wall < 1 && y < 0.72)
    return RUNET_LABEL_MYOCARDIUM;
  return atrium < 1 ? RUNET_LABEL_LA : RUNET_LABEL_BACKGROUND;
}

static RunetLabelMap *
draw_labels (RunetGrid *grid, double shift) {
  RunetLabelMap *map = runet_label_map_new (grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      map->labels[y * grid->width + x] =
          (guint8)get_label (((double)x + 0.5) / (double)grid->width,
                             ((double)y + 0.5) / (double)grid->height, shift);
  return map;
}

static RunetImage *
draw_image (RunetGrid *grid) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  RunetImage *image = runet_image_new (grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++) {
      double u = ((double)x + 0.5) / (double)grid->width;
      double v = ((double)y + 0.5) / (double)grid->height;
      gboolean in_sector = fabs (u - 0.5) < 0.5 * v;
      double grey = get_label (u, v, 0) == RUNET_LABEL_MYOCARDIUM ? 150 : 50;
      double speckle = g_rand_double (random) + g_rand_double (random);
      image->pixels[y * grid->width + x] =
          (float)(in_sector ? rint (grey * speckle) : 0);
    }
  return image;
}

/* Sure inside the structures, unsure at their borders, as a network is. */
static void
draw_probabilities (float *probabilities) {
  for (gsize y = 0; y < NETWORK_SIZE; y++)
    for (gsize x = 0; x < NETWORK_SIZE; x++) {
      float *p = probabilities + (y * NETWORK_SIZE + x) * CLASSES;
      for (gsize c = 0; c < CLASSES; c++)
        p[c] = 0.01f;
      for (int dy = -2; dy <= 2; dy++)
        for (int dx = -2; dx <= 2; dx++)
          p[get_label (((double)x + dx) / NETWORK_SIZE, ((double)y + dy) / NETWORK_SIZE,
                       0.02)] += 0.96f / 25;
    }
}

static void
bench_init (Bench *self, gsize width, gsize height, const char *folder) {
  g_autoptr (RunetGrid) grid = runet_grid_new (
      width, height, 1, 0.3, 0.3, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_FLOAT32);
  *self = (Bench){.width = width, .height = height, .folder = g_strdup (folder)};
  self->image = draw_image (grid);
  self->expert = draw_labels (grid, 0);
  self->prediction = draw_labels (grid, 0.02);
  self->square = g_new (float, NETWORK_SIZE *NETWORK_SIZE);
  self->probabilities = g_new (float, NETWORK_SIZE *NETWORK_SIZE *CLASSES);
  draw_probabilities (self->probabilities);
  self->planes = g_new (float, CLASSES *width *height);
  self->labels = g_new (guint8, width * height);
  self->mask = g_new (guint8, width * height);
  runet_mask_from_labels (self->prediction->labels, width, height, RUNET_STRUCTURE_EPI,
                          self->mask);
}

static void
bench_clear (Bench *self) {
  g_free (self->folder);
  runet_image_unref (self->image);
  runet_label_map_unref (self->expert);
  runet_label_map_unref (self->prediction);
  g_free (self->square);
  g_free (self->probabilities);
  g_free (self->planes);
  g_free (self->labels);
  g_free (self->mask);
}

static void
write_image (Bench *self, const char *name) {
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  if (!runet_image_write (self->image, path, NULL))
    g_error ("%s cannot be written", path);
}

static void
read_image (Bench *self, const char *name) {
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, NULL);
  if (image == NULL)
    g_error ("%s cannot be read", path);
}

static void
write_nifti (Bench *self) {
  write_image (self, "image.nii.gz");
}

static void
read_nifti (Bench *self) {
  read_image (self, "image.nii.gz");
}

static void
write_metaimage (Bench *self) {
  write_image (self, "image.mhd");
}

static void
read_metaimage (Bench *self) {
  read_image (self, "image.mhd");
}

static void
write_labels (Bench *self) {
  g_autofree char *path = g_build_filename (self->folder, "labels.nii.gz", NULL);
  if (!runet_label_map_write (self->prediction, path, NULL))
    g_error ("%s cannot be written", path);
}

static void
read_labels (Bench *self) {
  g_autofree char *path = g_build_filename (self->folder, "labels.nii.gz", NULL);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, NULL);
  if (map == NULL)
    g_error ("%s cannot be read", path);
}

static void
resize_down (Bench *self) {
  runet_resample_bilinear (self->image->pixels, self->width, self->height, self->square,
                           NETWORK_SIZE, NETWORK_SIZE, 1 / 255.0f);
}

static void
resize_labels (Bench *self) {
  runet_resample_argmax (self->probabilities, CLASSES, NETWORK_SIZE, NETWORK_SIZE,
                         self->labels, self->width, self->height);
}

static void
resize_planes (Bench *self) {
  runet_resample_planes (self->probabilities, CLASSES, NETWORK_SIZE, NETWORK_SIZE,
                         self->planes, self->width, self->height);
}

static void
resize_region (Bench *self) {
  runet_resample_bilinear (self->square, NETWORK_SIZE, NETWORK_SIZE, self->planes,
                           self->width, self->height, 1);
}

static void
clean (Bench *self) {
  runet_labels_clean (self->labels, self->width, self->height);
}

static void
transform_distance (Bench *self) {
  runet_distance_transform (self->mask, self->width, self->height, 0.3, 0.3,
                            self->planes);
}

static void
find_hull (Bench *self) {
  RunetHull hull;
  if (runet_hull_init (&hull, self->mask, self->width, self->height))
    runet_hull_clear (&hull);
}

static void
draw_contours (Bench *self) {
  g_ptr_array_unref (runet_contours_of_mask (self->mask, self->width, self->height));
}

static void
check_anatomy (Bench *self) {
  runet_anatomy_free (runet_anatomy_new (self->prediction->labels, self->width,
                                         self->height, 0.3, 0.3));
}

static void
compare_labels (Bench *self) {
  runet_comparison_free (
      runet_comparison_new (self->expert->labels, self->prediction->labels, self->width,
                            self->height, 0.3, 0.3, RUNET_INSTANT_ED));
}

/* In the order of the pipeline; a file is written before it is read. */
static const struct {
  const char *name;
  void (*run) (Bench *self);
} steps[] = {
    {"write image .nii.gz", write_nifti},
    {"read image .nii.gz", read_nifti},
    {"write image .mhd", write_metaimage},
    {"read image .mhd", read_metaimage},
    {"resize to the network", resize_down},
    {"argmax on the grid", resize_labels},
    {"probabilities", resize_planes},
    {"region of interest", resize_region},
    {"clean", clean},
    {"write labels .nii.gz", write_labels},
    {"read labels .nii.gz", read_labels},
    {"distance transform", transform_distance},
    {"hull", find_hull},
    {"contours", draw_contours},
    {"anatomy", check_anatomy},
    {"comparison", compare_labels},
};

static double
get_cpu_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int
compare_seconds (const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double
measure_median (Bench *bench, void (*run) (Bench *bench), int runs) {
  g_autofree double *seconds = g_new (double, runs);
  run (bench);
  for (int i = 0; i < runs; i++) {
    double start = get_cpu_seconds ();
    run (bench);
    seconds[i] = get_cpu_seconds () - start;
  }
  qsort (seconds, (size_t)runs, sizeof *seconds, compare_seconds);
  return seconds[runs / 2];
}

int
main (int argc, char *argv[]) {
  int runs = argc > 1 ? MAX (1, atoi (argv[1])) : 15;
  g_autofree char *folder = g_dir_make_tmp ("bench-pipeline-XXXXXX", NULL);
  Bench benches[G_N_ELEMENTS (sizes)];
  printf ("%-22s", "CPU ms (ns a pixel)");
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
    bench_init (&benches[s], sizes[s].width, sizes[s].height, folder);
    printf (" %9zu × %-5zu", sizes[s].width, sizes[s].height);
  }
  printf ("\n");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    printf ("%-22s", steps[i].name);
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
      /* The files of the other steps have this size too. */
      write_nifti (&benches[s]);
      write_labels (&benches[s]);
      write_metaimage (&benches[s]);
      double seconds = measure_median (&benches[s], steps[i].run, runs);
      double pixels = (double)(sizes[s].width * sizes[s].height);
      printf (" %8.3f (%5.1f)", seconds * 1e3, seconds * 1e9 / pixels);
      fflush (stdout);
    }
    printf ("\n");
  }
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    bench_clear (&benches[s]);
  remove_tree (folder);
  return 0;
}
