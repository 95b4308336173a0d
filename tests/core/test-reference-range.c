/* What is normal: the table's own figures, and the values between whole ones. */
#include "core/shape/reference-range.h"

#include <math.h>

static void
test_ef (void) {
  static const struct {
    char sex;
    double ef;
    RunetGrade grade;
  } cases[] = {
      {'M', 52, RUNET_GRADE_NORMAL},     {'M', 72, RUNET_GRADE_NORMAL},
      {'M', 73, RUNET_GRADE_ABOVE},      {'M', 51, RUNET_GRADE_MILD},
      {'M', 41, RUNET_GRADE_MILD},       {'M', 40, RUNET_GRADE_MODERATE},
      {'M', 30, RUNET_GRADE_MODERATE},   {'M', 29, RUNET_GRADE_SEVERE},
      {'F', 54, RUNET_GRADE_NORMAL},     {'F', 74, RUNET_GRADE_NORMAL},
      {'F', 75, RUNET_GRADE_ABOVE},      {'F', 53, RUNET_GRADE_MILD},
      {'F', 41, RUNET_GRADE_MILD},       {'F', 40, RUNET_GRADE_MODERATE},
      {'F', 29, RUNET_GRADE_SEVERE},     {'F', -5, RUNET_GRADE_SEVERE},
      {'M', 51.5, RUNET_GRADE_NORMAL},   {'M', 51.4, RUNET_GRADE_MILD},
      {'M', 29.6, RUNET_GRADE_MODERATE}, {'M', NAN, RUNET_GRADE_UNKNOWN},
      {0, 60, RUNET_GRADE_UNKNOWN},      {'X', 60, RUNET_GRADE_UNKNOWN},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (runet_grade_ef (cases[i].sex, cases[i].ef), ==, cases[i].grade);
  g_assert_null (runet_range_of_ef (0));
  g_assert_cmpfloat (runet_range_of_ef ('F')->low, ==, 54);
}

static void
test_volumes (void) {
  static const struct {
    char sex;
    double ml[RUNET_INSTANTS][2];
  } ranges[] = {{'M', {{62, 150}, {21, 61}}}, {'F', {{46, 106}, {14, 42}}}};
  for (guint s = 0; s < G_N_ELEMENTS (ranges); s++)
    for (int i = 0; i < RUNET_INSTANTS; i++) {
      const char sex = ranges[s].sex;
      const double low = ranges[s].ml[i][0], high = ranges[s].ml[i][1];
      g_assert_cmpint (runet_grade_volume (sex, i, low), ==, RUNET_GRADE_NORMAL);
      g_assert_cmpint (runet_grade_volume (sex, i, high + 0.4), ==, RUNET_GRADE_NORMAL);
      g_assert_cmpint (runet_grade_volume (sex, i, low - 0.6), ==, RUNET_GRADE_BELOW);
      g_assert_cmpint (runet_grade_volume (sex, i, high + 1), ==, RUNET_GRADE_ABOVE);
    }
  g_assert_cmpint (runet_grade_volume (0, RUNET_INSTANT_ED, 100), ==,
                   RUNET_GRADE_UNKNOWN);
  g_assert_null (runet_range_of_volume ('?', RUNET_INSTANT_ES));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/reference-range/ef", test_ef);
  g_test_add_func ("/shape/reference-range/volumes", test_volumes);
  return g_test_run ();
}
