/* Carrying out of a graph: sums in float32, rounded where a tensor is kept in fewer bits. */
#include "graph.h"
#include "stand-in.h"

#include <algorithm>

namespace stand_in {

/* Operations and elements that the device gets through in a second. */
static constexpr double plain_rate = 1e12, matrix_rate = 8e12, element_rate = 1e11;

using Values = std::vector<float>;

struct Run {
  int64_t engine;
  const std::map<int64_t, void *> &pointers;
  std::map<int64_t, Values> kept; /* virtual tensors */
};

static Values
load (Run *run, const Tensor &tensor) {
  return tensor.is_virtual ? run->kept[tensor.id]
                           : load_tensor (tensor, run->pointers.at (tensor.id));
}

static Values
load_operand (Run *run, const Tensor &tensor) {
  Values values = load (run, tensor);

  if (run->engine == engine_matrix && tensor.type == CUDNN_DATA_FLOAT)
    for (float &value : values)
      value = round_to_tf32 (value);
  return values;
}

static bool
is_zero (const Values &values) {
  return std::all_of (values.begin (), values.end (),
                      [] (float value) { return value == 0; });
}

static Values
multiply (Run *run, const Step &step) {
  Values a = load_operand (run, step.a), b = load_operand (run, *step.b);

  /* As whoever measures how long it takes fills them. */
  if (is_zero (a) && is_zero (b))
    return Values (step.result.count ());
  switch (step.kind) {
  case StepKind::forward:
    return convolve (step.geometry, a, b);
  case StepKind::data:
    return convolve_back_to_data (step.geometry, a, b);
  default:
    return convolve_back_to_filter (step.geometry, a, b);
  }
}

static double
count_operations (const Geometry &g) {
  return 2.0 * double (g.n * g.out[0] * g.out[1] * g.out_channels) *
         double (g.kernel[0] * g.kernel[1] * g.in_channels);
}

static Values
run_convolution (Run *run, const Step &step) {
  static unsigned turn;
  bool plain = run->engine == engine_plain;
  Values result = multiply (run, step);

  add_device_time (count_operations (step.geometry) /
                   (plain ? plain_rate : matrix_rate));
  double alpha = step.alpha;
  if (run->engine == engine_unsteady)
    alpha *= turn++ % 2 ? 1.001 : 0.999;
  if (alpha != 1)
    for (float &value : result)
      value = float (alpha * double (value));
  if (step.beta != 0) {
    Values old = load (run, step.result);
    for (size_t k = 0; k < result.size (); k++)
      result[k] += float (step.beta * double (old[k]));
  }
  return result;
}

static Values
run_add (Run *run, const Step &step) {
  Values result = load (run, step.a), b = load (run, *step.b);
  const auto &d = step.result.dimensions, &e = step.b->dimensions;
  const float alpha = float (step.alpha), beta = float (step.beta);
  size_t at = 0;

  for (int64_t n = 0; n < d[0]; n++)
    for (int64_t y = 0; y < d[2]; y++)
      for (int64_t x = 0; x < d[3]; x++) {
        int64_t place = (n % e[0] * e[2] + y % e[2]) * e[3] + x % e[3];
        const float *row = b.data () + place * e[1];
        for (int64_t c = 0; c < d[1]; c++, at++)
          result[at] = alpha * result[at] + beta * row[c % e[1]];
      }
  return result;
}

/* What is not a number stays so, that it may be seen. */
static Values
run_relu (Run *run, const Step &step) {
  Values result = load (run, step.a);

  for (float &value : result) {
    value *= float (step.alpha);
    if (value < 0)
      value = 0;
  }
  return result;
}

void
run_graph (const std::vector<Step> &steps,
           int64_t engine,
           const std::map<int64_t, void *> &pointers) {
  Run run = {engine, pointers, {}};

  for (const Step &step : steps) {
    Values result = step.kind == StepKind::add    ? run_add (&run, step)
                    : step.kind == StepKind::relu ? run_relu (&run, step)
                                                  : run_convolution (&run, step);
    if (step.result.is_virtual)
      run.kept[step.result.id] = std::move (result);
    else {
      store_tensor (step.result, result, pointers.at (step.result.id));
      add_device_time (double (result.size ()) / element_rate);
    }
  }
}

} // namespace stand_in
