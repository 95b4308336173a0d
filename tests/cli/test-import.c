/* `runet import`: from the command line, and back out again. */
#include <json-glib/json-glib.h>
#include <unistd.h>

#include "run.h"
#include "tests/core/exchange-fixture.h"

static void
test_usage (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_auto (Run) nothing = runet ("import", study.study, NULL);
  g_assert_cmpint (nothing.status, ==, 2);
  g_auto (Run) blank =
      runet ("import", study.study, "--masks", study.study, "--author", "  ", NULL);
  g_assert_cmpint (blank.status, ==, 2);
  g_auto (Run) absent = runet ("import", study.output, "--masks", study.study,
                               "--author", "Grace", "--review", study.record, NULL);
  g_assert_cmpint (absent.status, ==, 1);
  g_assert_nonnull (strstr (absent.err, study.output));
}

/* The experts' own masks, as somebody's version of the same study; images have no suffix and are no masks. */
static void
test_import (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_assert_cmpint (g_mkdir (masks, 0755), ==, 0);
  for (int k = 0; k < RUNET_INSTANTS; k++) {
    const char *path =
        exchange_patient (&study, 0)->views[RUNET_VIEW_A4C].still_mask[k];
    g_autofree char *name = g_path_get_basename (path);
    g_autofree char *to = g_build_filename (masks, name, NULL);
    g_assert_cmpint (symlink (path, to), ==, 0);
  }
  g_auto (Run) run = runet ("import", study.study, "--masks", masks, "--author",
                            "Grace", "--review", study.record, "--accept", NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.out, "2 masks imported, 0 there already, 1 views"));
  g_auto (Run) again = runet ("import", study.study, "--masks", masks, "--author",
                              "Grace", "--review", study.record, "--json", NULL);
  g_assert_cmpint (again.status, ==, 0);
  g_autoptr (JsonNode) node = json_from_string (again.out, NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (root, "imported"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (root, "unchanged"), ==, 2);
  g_auto (Run) out = runet ("export", "--review", study.record, study.study, "--output",
                            study.output, "--author", "Grace", NULL);
  g_assert_cmpint (out.status, ==, 0);
  g_assert_nonnull (strstr (out.out, "1 views, 2 frames"));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/import/usage", test_usage);
  g_test_add_func ("/cli/import/import", test_import);
  return g_test_run ();
}
