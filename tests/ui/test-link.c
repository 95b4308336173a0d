/* Two views played together: end-diastole with end-diastole, end-systole with end-systole, whatever their
 * lengths and order; and the moments of a cine between its frames. */
#include "ui/link.h"

#include <math.h>
#include "ui/cine.h"

static void
test_ends (void) {
  static const RunetLink links[] = {
      {17, 0, 16, 50}, {21, 20, 0, 40}, {50, 3, 22, 60}, {2, 0, 1, NAN}, {2, 1, 0, NAN},
  };
  for (guint a = 0; a < G_N_ELEMENTS (links); a++)
    for (guint b = 0; b < G_N_ELEMENTS (links); b++)
      for (int rounding = RUNET_LINK_NEAREST; rounding <= RUNET_LINK_BACKWARD;
           rounding++) {
        const RunetLink *from = &links[a], *to = &links[b];
        g_assert_cmpint (runet_link_get_frame (from, to, from->ed, rounding), ==,
                         to->ed);
        g_assert_cmpint (runet_link_get_frame (from, to, from->es, rounding), ==,
                         to->es);
      }
}

static void
test_between (void) {
  const RunetLink ten = {11, 0, 10, 50}, twenty = {21, 0, 20, 50},
                  back = {21, 20, 0, 50};
  g_assert_cmpuint (runet_link_get_frame (&ten, &twenty, 3, RUNET_LINK_NEAREST), ==, 6);
  g_assert_cmpuint (runet_link_get_frame (&twenty, &ten, 5, RUNET_LINK_NEAREST), ==, 3);
  g_assert_cmpuint (runet_link_get_frame (&ten, &back, 3, RUNET_LINK_NEAREST), ==, 14);
  /* Played, a frame stays until its own time is over, both ways. */
  g_assert_cmpuint (runet_link_get_frame (&ten, &twenty, 3.4, RUNET_LINK_FORWARD), ==,
                    6);
  g_assert_cmpuint (runet_link_get_frame (&ten, &twenty, 3.5, RUNET_LINK_FORWARD), ==,
                    7);
  g_assert_cmpuint (runet_link_get_frame (&ten, &twenty, 3.4, RUNET_LINK_BACKWARD), ==,
                    7);
  g_assert_cmpuint (runet_link_get_frame (&ten, &back, 3.4, RUNET_LINK_FORWARD), ==,
                    14);
  /* All its frames are shown in order, none twice. */
  guint expected = 0;
  for (double moment = 0; moment < 10; moment += 0.05) {
    const guint frame =
        runet_link_get_frame (&ten, &twenty, moment, RUNET_LINK_FORWARD);
    g_assert_true (frame == expected || frame == expected + 1);
    expected = frame;
  }
  g_assert_cmpuint (expected, ==, 19);
}

static void
test_odd (void) {
  const RunetLink ten = {11, 0, 10, 50}, unknown = {6, -1, -1, NAN},
                  one = {1, 0, -1, NAN};
  const RunetLink none = {0, -1, -1, NAN}, same = {5, 2, 2, 50},
                  cycle = {40, 5, 20, 50};
  g_assert_cmpuint (runet_link_get_frame (&ten, &unknown, 10, RUNET_LINK_NEAREST), ==,
                    5);
  g_assert_cmpuint (runet_link_get_frame (&ten, &one, 7, RUNET_LINK_NEAREST), ==, 0);
  g_assert_cmpuint (runet_link_get_frame (&one, &ten, 0, RUNET_LINK_NEAREST), ==, 0);
  g_assert_cmpuint (runet_link_get_frame (&ten, &none, 7, RUNET_LINK_NEAREST), ==, 0);
  g_assert_cmpuint (runet_link_get_frame (&same, &ten, 4, RUNET_LINK_NEAREST), ==, 10);
  g_assert_cmpuint (runet_link_get_frame (&ten, &ten, NAN, RUNET_LINK_NEAREST), ==, 0);
  /* What lies outside the half cycle goes on, as far as there are frames. */
  g_assert_cmpuint (runet_link_get_frame (&cycle, &cycle, 31, RUNET_LINK_NEAREST), ==,
                    31);
  g_assert_cmpuint (runet_link_get_frame (&cycle, &ten, 39, RUNET_LINK_NEAREST), ==,
                    10);
  g_assert_cmpuint (runet_link_get_frame (&cycle, &ten, 0, RUNET_LINK_NEAREST), ==, 0);
}

static void
test_rate (void) {
  const RunetLink ten = {11, 0, 10, 50}, twenty = {21, 20, 0, 40},
                  stills = {2, 0, 1, NAN};
  g_assert_cmpfloat_with_epsilon (runet_link_get_rate_hz (&ten, &twenty), 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (runet_link_get_rate_hz (&twenty, &ten), 20, 1e-9);
  g_assert_true (isnan (runet_link_get_rate_hz (&ten, &stills)));
  g_assert_true (isnan (runet_link_get_rate_hz (&stills, &ten)));
  g_assert_cmpfloat_with_epsilon (runet_link_get_half_cycle_ms (&ten), 200, 1e-9);
  g_assert_cmpfloat_with_epsilon (runet_link_get_half_cycle_ms (&twenty), 500, 1e-9);
}

/* The frame that the cine shows is the one the moment lies in, both ways. */
static void
test_moment (void) {
  const RunetCine cines[] = {{6, TRUE}, {6, FALSE}, {2, TRUE}};
  for (guint c = 0; c < G_N_ELEMENTS (cines); c++)
    for (double position = 0.03; position < 40; position += 0.1) {
      gboolean backward;
      const double moment = runet_cine_get_moment (&cines[c], position, &backward);
      const double frame = backward ? ceil (moment) : floor (moment);
      g_assert_cmpuint (runet_cine_get_frame (&cines[c], position), ==, (guint)frame);
      g_assert_true (!backward || cines[c].to_and_fro);
    }
  gboolean backward;
  g_assert_cmpfloat (runet_cine_get_moment (&cines[0], NAN, &backward), ==, 0);
  g_assert_cmpfloat (runet_cine_get_moment (&cines[0], 7.5, &backward), ==, 2.5);
  g_assert_true (backward);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/link/ends", test_ends);
  g_test_add_func ("/ui/link/between", test_between);
  g_test_add_func ("/ui/link/odd", test_odd);
  g_test_add_func ("/ui/link/rate", test_rate);
  g_test_add_func ("/ui/link/moment", test_moment);
  return g_test_run ();
}
