/* The cfg files: both releases' keys, any order, nonsense values one by one. */
#include "core/echo/info-cfg.h"

#include <math.h>

#include "echo-fixture.h"

static void
free_problem_cb (gpointer data) {
  RunetProblem *problem = data;
  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

static GPtrArray *
read_cfg_bytes (const char *bytes, gsize length, RunetViewFiles *files) {
  g_auto (Folder) folder = folder_new ();
  GPtrArray *problems = g_ptr_array_new_with_free_func (free_problem_cb);
  g_autofree char *path = put_bytes (folder.path, "Info_4CH.cfg", bytes, length);
  memset (files, 0xff, sizeof *files);
  runet_info_cfg_read (path, files, problems);
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s", ((RunetProblem *)problems->pdata[i])->message);
  return problems;
}

static GPtrArray *
read_cfg (const char *text, RunetViewFiles *files) {
  return read_cfg_bytes (text, strlen (text), files);
}

static void
test_mhd_release (void) {
  RunetViewFiles files;
  g_autoptr (GPtrArray) problems =
      read_cfg ("ED: 1\nES: 20\nNbFrame: 20\nSex: F\nAge: 56\nImageQuality: Good\n"
                "LVedv: 94.0\nLVesv: 34.6\nLVef: 63.2\n",
                &files);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpint (files.frame[RUNET_INSTANT_ED], ==, 1);
  g_assert_cmpint (files.frame[RUNET_INSTANT_ES], ==, 20);
  g_assert_cmpint (files.frames, ==, 20);
  g_assert_cmpint (files.sex, ==, 'F');
  g_assert_cmpfloat (files.age_years, ==, 56);
  g_assert_cmpint (files.quality, ==, RUNET_QUALITY_GOOD);
  g_assert_cmpfloat (files.edv_ml, ==, 94);
  g_assert_cmpfloat (files.esv_ml, ==, 34.6);
  g_assert_cmpfloat (files.ejection_fraction_percent, ==, 63.2);
  g_assert_true (isnan (files.frame_rate_hz));
}

/* Other keys and order, Windows lines, unknown keys, ES before ED, a colon in a value. */
static void
test_nifti_release (void) {
  RunetViewFiles files;
  g_autoptr (GPtrArray) problems =
      read_cfg ("\r\nFrameRate :  52.5 \r\nEF: 41\r\nWhen: 10:30\r\nno colon here\r\n"
                "ImageQuality: poor\r\nAge:\r\nES: 1\r\nSex: m\r\nNbFrame: 17.0\r\n"
                "ED: 17",
                &files);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpint (files.frame[RUNET_INSTANT_ED], ==, 17);
  g_assert_cmpint (files.frame[RUNET_INSTANT_ES], ==, 1);
  g_assert_cmpint (files.frames, ==, 17);
  g_assert_cmpint (files.quality, ==, RUNET_QUALITY_POOR);
  g_assert_cmpint (files.sex, ==, 'M');
  g_assert_cmpfloat (files.frame_rate_hz, ==, 52.5);
  g_assert_cmpfloat (files.ejection_fraction_percent, ==, 41);
  g_assert_true (isnan (files.age_years));
}

static void
test_nonsense (void) {
  static const char *const lines[] = {
      "ED: 0",    "ED: -3",        "ED: 1.5",         "ED: first",
      "ES: 1e99", "NbFrame: many", "Sex: X",          "Age: old",
      "Age: inf", "LVef: 63.2 %",  "ImageQuality: 7", "FrameRate: nan",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    RunetViewFiles files;
    g_autoptr (GPtrArray) problems = read_cfg (lines[i], &files);
    g_assert_cmpuint (problems->len, ==, 1);
    const RunetProblem *problem = problems->pdata[0];
    g_assert_true (g_str_has_suffix (problem->path, "Info_4CH.cfg"));
    g_assert_nonnull (strstr (problem->message, "Info_4CH.cfg: expected "));
    g_assert_nonnull (strstr (problem->message, strchr (lines[i], ':') + 2));
    g_assert_cmpint (files.frame[RUNET_INSTANT_ED], ==, 0);
    g_assert_cmpint (files.frame[RUNET_INSTANT_ES], ==, 0);
    g_assert_cmpint (files.frames, ==, 0);
    g_assert_cmpint (files.sex, ==, 0);
    g_assert_true (isnan (files.age_years));
  }
}

static void
test_beyond_last (void) {
  RunetViewFiles files;
  g_autoptr (GPtrArray) problems = read_cfg ("ED: 21\nES: 20\nNbFrame: 20\n", &files);
  g_assert_cmpuint (problems->len, ==, 1);
  const RunetProblem *problem = problems->pdata[0];
  g_assert_nonnull (
      strstr (problem->message, "expected ED among the 20 frames, found frame 21"));
  g_assert_cmpint (files.frame[RUNET_INSTANT_ED], ==, 0);
  g_assert_cmpint (files.frame[RUNET_INSTANT_ES], ==, 20);
}

static void
test_not_text (void) {
  RunetViewFiles files;
  g_autoptr (GPtrArray) empty = read_cfg ("", &files);
  g_assert_cmpuint (empty->len, ==, 1);
  g_autoptr (GPtrArray) binary = read_cfg ("\xff\xfe\x80", &files);
  g_assert_cmpuint (binary->len, ==, 1);
  /* What comes after a zero byte would be lost, were it taken for text. */
  g_autoptr (GPtrArray) zero = read_cfg_bytes ("\0ED: 1\n", 7, &files);
  g_assert_cmpuint (zero->len, ==, 1);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/info-cfg/mhd-release", test_mhd_release);
  g_test_add_func ("/echo/info-cfg/nifti-release", test_nifti_release);
  g_test_add_func ("/echo/info-cfg/nonsense", test_nonsense);
  g_test_add_func ("/echo/info-cfg/beyond-last", test_beyond_last);
  g_test_add_func ("/echo/info-cfg/not-text", test_not_text);
  return g_test_run ();
}
