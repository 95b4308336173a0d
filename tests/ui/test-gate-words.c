/* A verdict in figures and words. */
#include <math.h>
#include <string.h>

#include "ui/gate-words.h"

#define assert_text(text, expected)         \
  G_STMT_START {                            \
    g_autofree char *found_ = (text);       \
    g_assert_cmpstr (found_, ==, expected); \
  }                                         \
  G_STMT_END

static void
test_figures (void) {
  assert_text (runet_gate_measure_format (RUNET_GATE_DICE_LA, 0.8734), "0.873");
  assert_text (runet_gate_measure_format (RUNET_GATE_HD_EPI, 4), "4.00 mm");
  assert_text (runet_gate_measure_format (RUNET_GATE_ANATOMICAL, 25), "25.0 %");
  assert_text (runet_gate_measure_format (RUNET_GATE_MAD_ENDO, NAN), "–");
  assert_text (runet_p_value_format (0.0001), "< 0.001");
  assert_text (runet_p_value_format (0.375), "0.375");
}

/* Of percentages the difference is told in points: of 25 % a change "by 5 %" could be either. */
static void
test_differences (void) {
  assert_text (runet_gate_measure_format_difference (RUNET_GATE_ANATOMICAL, -5, TRUE),
               "−5.0 points");
  assert_text (runet_gate_measure_format_difference (RUNET_GATE_EF_BIAS, 1.5, FALSE),
               "1.5 points");
  assert_text (runet_gate_measure_format_difference (RUNET_GATE_DICE_EPI, 0.0121, TRUE),
               "+0.012");
  assert_text (
      runet_gate_measure_format_difference (RUNET_GATE_DICE_EPI, 0.00001, TRUE),
      "0.000");
  assert_text (runet_gate_measure_format_difference (RUNET_GATE_HD_LA, 2.5, TRUE),
               "+2.50 mm");
}

/* One outlier more of twenty images is five points, and let through. */
static void
test_allowed (void) {
  RunetGate gate = {0};
  gate.figures[RUNET_GATE_GEOMETRICAL].count = 20;
  g_assert_cmpfloat (runet_gate_get_limit (&gate, RUNET_GATE_GEOMETRICAL), ==, 5);
  gate.figures[RUNET_GATE_GEOMETRICAL].count = 200;
  g_assert_cmpfloat (runet_gate_get_limit (&gate, RUNET_GATE_GEOMETRICAL), ==, 2);
  gate.figures[RUNET_GATE_ANATOMICAL].count = 20;
  g_assert_cmpfloat (runet_gate_get_limit (&gate, RUNET_GATE_ANATOMICAL), ==, 1);
}

/* Better only where it is more than chance may make. */
static void
test_standing (void) {
  RunetGate gate = {0};
  RunetGateFigure *figure = &gate.figures[RUNET_GATE_MAD_LA];
  *figure = (RunetGateFigure){.parent = 2.0, .candidate = 1.9, .count = 20, .p = 0.049};
  g_assert_cmpint (runet_gate_get_standing (&gate, RUNET_GATE_MAD_LA), ==,
                   RUNET_STANDING_BETTER);
  figure->p = 0.05;
  g_assert_cmpint (runet_gate_get_standing (&gate, RUNET_GATE_MAD_LA), ==,
                   RUNET_STANDING_PERHAPS);
  /* No test is made of shares of images. */
  figure->p = NAN;
  g_assert_cmpint (runet_gate_get_standing (&gate, RUNET_GATE_MAD_LA), ==,
                   RUNET_STANDING_BETTER);
  figure->candidate = 2.1;
  g_assert_cmpint (runet_gate_get_standing (&gate, RUNET_GATE_MAD_LA), ==,
                   RUNET_STANDING_WITHIN);
  figure->failed = TRUE;
  g_assert_cmpint (runet_gate_get_standing (&gate, RUNET_GATE_MAD_LA), ==,
                   RUNET_STANDING_WORSE);
  for (guint s = 0; s < RUNET_STANDINGS; s++)
    g_assert_nonnull (runet_standing_name (s));
}

static void
test_extent (void) {
  RunetGate gate = {.patients = 5, .images = 20};
  assert_text (runet_gate_describe_extent (&gate),
               "Compared on 5 patients that nobody corrected (20 images).");
  gate.patients = 1;
  gate.images = 4;
  g_autofree char *few = runet_gate_describe_extent (&gate);
  g_assert_nonnull (strstr (few, "1 patient that"));
  g_assert_nonnull (strstr (few, "So few say little"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/gate-words/figures", test_figures);
  g_test_add_func ("/ui/gate-words/differences", test_differences);
  g_test_add_func ("/ui/gate-words/allowed", test_allowed);
  g_test_add_func ("/ui/gate-words/standing", test_standing);
  g_test_add_func ("/ui/gate-words/extent", test_extent);
  return g_test_run ();
}
