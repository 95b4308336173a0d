/* Exports of a small study, and what they wrote. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/exchange/export.h"
#include "exchange-fixture.h"

static inline RunetExport *
try_export (const Exchange *study,
            RunetExportFormats formats,
            const char *author,
            gboolean unfinished,
            GError **error) {
  const RunetExportOptions options = {.record = study->record,
                                      .dataset = study->study,
                                      .output = study->output,
                                      .formats = formats,
                                      .author = author,
                                      .unfinished = unfinished};
  return runet_export_run (&options, NULL, NULL, NULL, error);
}

static inline RunetExport *
export_all (const Exchange *study) {
  g_autoptr (GError) error = NULL;
  RunetExport *done =
      try_export (study, RUNET_EXPORT_ALL & ~RUNET_EXPORT_PDF, NULL, FALSE, &error);
  g_assert_no_error (error);
  return done;
}

static inline char *
output_path (const Exchange *study, const char *name) {
  return g_build_filename (study->output, name, NULL);
}

static inline RunetLabelMap *
read_labels (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetLabelMap *map = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  return map;
}

static inline JsonNode *
read_json (const Exchange *study, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = output_path (study, name);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  JsonNode *node = json_from_string (text, &error);
  g_assert_no_error (error);
  return node;
}

static inline guint
count_entries (const char *path) {
  guint count = 0;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}
