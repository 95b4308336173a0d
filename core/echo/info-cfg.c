/* Info_2CH.cfg and Info_4CH.cfg of a patient. */
#include "info-cfg.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "file.h"

/* They have some hundred bytes; what is longer is something else. */
#define LARGEST_CFG 65536

/* What a key stands for. */
typedef enum {
  VALUE_FRAME,
  VALUE_NUMBER,
  VALUE_SEX,
  VALUE_QUALITY,
} ValueKind;

static const struct {
  const char *key;
  ValueKind kind;
  gsize offset; /* in RunetViewFiles */
} keys[] = {
    {"ED", VALUE_FRAME, G_STRUCT_OFFSET (RunetViewFiles, frame[RUNET_INSTANT_ED])},
    {"ES", VALUE_FRAME, G_STRUCT_OFFSET (RunetViewFiles, frame[RUNET_INSTANT_ES])},
    {"NbFrame", VALUE_FRAME, G_STRUCT_OFFSET (RunetViewFiles, frames)},
    {"Sex", VALUE_SEX, G_STRUCT_OFFSET (RunetViewFiles, sex)},
    {"Age", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, age_years)},
    {"ImageQuality", VALUE_QUALITY, G_STRUCT_OFFSET (RunetViewFiles, quality)},
    {"FrameRate", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, frame_rate_hz)},
    {"EF", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, ejection_fraction_percent)},
    {"LVef", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, ejection_fraction_percent)},
    {"LVedv", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, edv_ml)},
    {"LVesv", VALUE_NUMBER, G_STRUCT_OFFSET (RunetViewFiles, esv_ml)},
};

void
runet_problems_add (GPtrArray *problems, const char *path, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *name = g_filename_display_name (path);
  RunetProblem *problem = g_new0 (RunetProblem, 1);
  problem->path = g_strdup (path);
  problem->message = g_strdup_printf ("%s: %s", name, message);
  g_ptr_array_add (problems, problem);
}

void
runet_problems_add_error (GPtrArray *problems, const char *path, const GError *error) {
  RunetProblem *problem = g_new0 (RunetProblem, 1);
  problem->path = g_strdup (path);
  problem->message = g_strdup (error->message);
  g_ptr_array_add (problems, problem);
}

void
runet_info_cfg_clear (RunetViewFiles *files) {
  files->frame[RUNET_INSTANT_ED] = files->frame[RUNET_INSTANT_ES] = 0;
  files->frames = 0;
  files->quality = RUNET_QUALITY_UNKNOWN;
  files->sex = 0;
  files->age_years = files->frame_rate_hz = NAN;
  files->ejection_fraction_percent = files->edv_ml = files->esv_ml = NAN;
}

static gboolean
read_number (const char *text, double *number) {
  char *end;
  double value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (value))
    return FALSE;
  *number = value;
  return TRUE;
}

/* 1.0 is a frame as well as 1. */
static gboolean
read_frame (const char *text, int *frame) {
  double value;
  if (!read_number (text, &value) || value < 1 || value > G_MAXINT ||
      value != floor (value))
    return FALSE;
  *frame = (int)value;
  return TRUE;
}

static gboolean
read_sex (const char *text, char *sex) {
  char letter = g_ascii_toupper (*text);
  if (letter != 'F' && letter != 'M')
    return FALSE;
  *sex = letter;
  return TRUE;
}

static gboolean
read_quality (const char *text, RunetQuality *quality) {
  for (RunetQuality q = RUNET_QUALITY_GOOD; q <= RUNET_QUALITY_POOR; q++)
    if (g_ascii_strcasecmp (text, runet_quality_to_string (q)) == 0) {
      *quality = q;
      return TRUE;
    }
  return FALSE;
}

static void
read_value (const char *path,
            const char *key,
            const char *value,
            RunetViewFiles *files,
            GPtrArray *problems) {
  static const char *const expected[] = {
      [VALUE_FRAME] = "a frame number of 1 or more",
      [VALUE_NUMBER] = "a number",
      [VALUE_SEX] = "F or M",
      [VALUE_QUALITY] = "Good, Medium or Poor",
  };
  gsize i = 0;
  while (i < G_N_ELEMENTS (keys) && strcmp (key, keys[i].key) != 0)
    i++;
  /* The public copy of CAMUS has blanks where a patient's data are unknown. */
  if (i == G_N_ELEMENTS (keys) || *value == '\0')
    return;
  gpointer field = (guint8 *)files + keys[i].offset;
  gboolean ok = FALSE;
  switch (keys[i].kind) {
  case VALUE_FRAME:
    ok = read_frame (value, field);
    break;
  case VALUE_NUMBER:
    ok = read_number (value, field);
    break;
  case VALUE_SEX:
    ok = read_sex (value, field);
    break;
  case VALUE_QUALITY:
    ok = read_quality (value, field);
    break;
  }
  if (!ok)
    runet_problems_add (problems, path, "expected %s for %s, found \"%s\"",
                        expected[keys[i].kind], key, value);
}

void
runet_info_cfg_read (const char *path, RunetViewFiles *files, GPtrArray *problems) {
  g_autoptr (GError) error = NULL;
  gsize size;
  runet_info_cfg_clear (files);
  if (!runet_file_check (path, &size, &error)) {
    runet_problems_add_error (problems, path, error);
    return;
  }
  g_autofree guint8 *bytes =
      runet_file_read (path, 0, MIN (size, LARGEST_CFG), NULL, &error);
  if (bytes == NULL) {
    runet_problems_add_error (problems, path, error);
    return;
  }
  g_autofree char *text = g_strndup ((const char *)bytes, MIN (size, LARGEST_CFG));
  if (size > LARGEST_CFG ||
      !g_utf8_validate ((const char *)bytes, (gssize)size, NULL)) {
    runet_problems_add (problems, path,
                        "expected lines \"key: value\", found no such text");
    return;
  }
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    char *colon = strchr (lines[i], ':');
    if (colon == NULL)
      continue;
    *colon = '\0';
    read_value (path, g_strstrip (lines[i]), g_strstrip (colon + 1), files, problems);
  }
  if (files->frames > 0)
    runet_info_cfg_check_frames (path, files->frames, files, problems);
}

void
runet_info_cfg_check_frames (const char *path,
                             int frames,
                             RunetViewFiles *files,
                             GPtrArray *problems) {
  for (int instant = 0; instant < RUNET_INSTANTS; instant++)
    if (files->frame[instant] > frames) {
      runet_problems_add (
          problems, path, "expected %s among the %d frames, found frame %d",
          runet_instant_to_string (instant), frames, files->frame[instant]);
      files->frame[instant] = 0;
    }
}
