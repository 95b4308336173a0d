/* One patient's folder: which files it has.
 *
 * Only names are looked at, the two cfg files, and the headers of the sequences. */
#include "patient.h"

#include <errno.h>
#include <string.h>

#include "info-cfg.h"

/* What a file name says. */
typedef enum {
  PART_ED = RUNET_INSTANT_ED,
  PART_ES = RUNET_INSTANT_ES,
  PART_SEQUENCE,
  PARTS
} Part;

typedef struct {
  char *prefix; /* the patient's id */
  RunetView view;
  Part part;
  gboolean is_mask;
  RunetFormat format;
} NameParts;

static void
name_parts_clear (NameParts *parts) {
  g_free (parts->prefix);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NameParts, name_parts_clear)

static gboolean
strip_suffix (char *text, const char *suffix) {
  if (!g_str_has_suffix (text, suffix))
    return FALSE;
  text[strlen (text) - strlen (suffix)] = '\0';
  return TRUE;
}

/* "patient0001_4CH_half_sequence_gt.nii.gz" into its parts; FALSE for other names. */
static gboolean
parse_name (const char *name, NameParts *parts) {
  static const struct {
    const char *suffix;
    Part part;
  } suffixes[] = {
      {"_ED", PART_ED},
      {"_ES", PART_ES},
      {"_half_sequence", PART_SEQUENCE},
      {"_sequence", PART_SEQUENCE},
  };
  if (!runet_format_from_path (name, &parts->format) ||
      parts->format == RUNET_FORMAT_PNG)
    return FALSE;
  gsize extension = strlen (runet_format_extension (parts->format)) + 1;
  g_autofree char *stem = g_strndup (name, strlen (name) - extension);
  parts->is_mask = strip_suffix (stem, "_gt");
  gsize i = 0;
  while (i < G_N_ELEMENTS (suffixes) && !strip_suffix (stem, suffixes[i].suffix))
    i++;
  if (i == G_N_ELEMENTS (suffixes))
    return FALSE;
  parts->part = suffixes[i].part;
  for (int view = 0; view < RUNET_VIEWS; view++) {
    g_autofree char *suffix = g_strconcat ("_", runet_view_to_string (view), NULL);
    if (!strip_suffix (stem, suffix) || *stem == '\0')
      continue;
    parts->view = view;
    parts->prefix = g_steal_pointer (&stem);
    return TRUE;
  }
  return FALSE;
}

static gint
compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that the same folder gives the same list everywhere. NULL when it cannot be read. */
static GPtrArray *
list_names (const char *path, GError **error) {
  GDir *folder = g_dir_open (path, 0, error);
  if (folder == NULL)
    return NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    g_ptr_array_add (names, g_strdup (name));
  g_dir_close (folder);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* The folder's own name where files begin with it, else what the first file begins with. */
static char *
find_id (const char *path, GPtrArray *names) {
  g_autofree char *folder = g_path_get_basename (path);
  g_autofree char *first = NULL;
  for (guint i = 0; i < names->len; i++) {
    g_auto (NameParts) parts = {0};
    if (!parse_name (names->pdata[i], &parts))
      continue;
    if (strcmp (parts.prefix, folder) == 0)
      return g_steal_pointer (&folder);
    if (first == NULL)
      first = g_strdup (parts.prefix);
  }
  return g_steal_pointer (&first);
}

static char **
find_slot (RunetViewFiles *files, const NameParts *parts) {
  if (parts->part == PART_SEQUENCE)
    return parts->is_mask ? &files->sequence_mask : &files->sequence;
  return parts->is_mask ? &files->still_mask[parts->part] : &files->still[parts->part];
}

/* The NIfTI release is the later one; where both lie in one folder it is preferred, and a half
 * sequence before a whole one, since the cfg counts its frames. */
static gboolean
is_better (const char *path, const char *than) {
  static const int order[] = {
      [RUNET_FORMAT_NIFTI_GZ] = 0,  [RUNET_FORMAT_NIFTI] = 1,
      [RUNET_FORMAT_METAIMAGE] = 2, [RUNET_FORMAT_METAIMAGE_LOCAL] = 3,
      [RUNET_FORMAT_PNG] = 4,
  };
  gboolean half = strstr (path, "_half_sequence") != NULL;
  if (half != (strstr (than, "_half_sequence") != NULL))
    return half;
  RunetFormat a = RUNET_FORMAT_PNG, b = RUNET_FORMAT_PNG;
  runet_format_from_path (path, &a);
  runet_format_from_path (than, &b);
  return order[a] < order[b];
}

static void
take_file (RunetPatient *patient, const char *name, GPtrArray *problems) {
  g_auto (NameParts) parts = {0};
  if (!parse_name (name, &parts))
    return;
  g_autofree char *path = g_build_filename (patient->path, name, NULL);
  if (strcmp (parts.prefix, patient->id) != 0) {
    runet_problems_add (problems, path, "expected a name that begins with %s, found %s",
                        patient->id, parts.prefix);
    return;
  }
  char **slot = find_slot (&patient->views[parts.view], &parts);
  if (*slot != NULL && !is_better (path, *slot))
    return;
  g_free (*slot);
  *slot = g_steal_pointer (&path);
}

/* A header without its usual data file is worth a look; the rest is found out when it is read. */
static void
check_data_file (const char *path, GPtrArray *names, GPtrArray *problems) {
  g_autofree char *name = g_path_get_basename (path);
  if (!g_str_has_suffix (name, ".mhd"))
    return;
  name[strlen (name) - strlen (".mhd")] = '\0';
  g_autofree char *raw = g_strconcat (name, ".raw", NULL);
  g_autofree char *compressed = g_strconcat (name, ".zraw", NULL);
  if (g_ptr_array_find_with_equal_func (names, raw, g_str_equal, NULL) ||
      g_ptr_array_find_with_equal_func (names, compressed, g_str_equal, NULL))
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid = runet_grid_read (path, &error);
  if (grid == NULL)
    runet_problems_add_error (problems, path, error);
}

static void
check_data_files (const RunetViewFiles *files, GPtrArray *names, GPtrArray *problems) {
  const char *const paths[] = {
      files->still[RUNET_INSTANT_ED],
      files->still[RUNET_INSTANT_ES],
      files->still_mask[RUNET_INSTANT_ED],
      files->still_mask[RUNET_INSTANT_ES],
      files->sequence_mask,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (paths[i] != NULL)
      check_data_file (paths[i], names, problems);
}

/* The sequence knows better than the cfg how many frames it has. */
static void
check_sequence (RunetViewFiles *files, const char *cfg_path, GPtrArray *problems) {
  if (files->sequence == NULL)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid = runet_grid_read (files->sequence, &error);
  if (grid == NULL) {
    runet_problems_add_error (problems, files->sequence, error);
    return;
  }
  files->frames = (int)MIN (grid->frames, (gsize)G_MAXINT);
  runet_info_cfg_check_frames (cfg_path, files->frames, files, problems);
}

/* A sequence without stills is of use where ED and ES are known. @cfg_problems: the cfg was not
 * understood, which has been said. */
static void
check_instants (const RunetViewFiles *files,
                const char *cfg_path,
                gboolean cfg_problems,
                GPtrArray *problems) {
  for (int instant = 0; instant < RUNET_INSTANTS; instant++)
    if (files->sequence != NULL && !cfg_problems && files->frame[instant] == 0 &&
        files->still[instant] == NULL)
      runet_problems_add (problems, cfg_path,
                          "expected the frame of %s, of which there is no still, found "
                          "none",
                          runet_instant_to_string (instant));
}

/* Both instants have an image or none has, a mask has its image, and one mask has the other. */
static void
check_pairs (const RunetPatient *patient,
             const RunetViewFiles *files,
             GPtrArray *problems) {
  for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
    int other = RUNET_INSTANTS - 1 - instant;
    gboolean has_image = files->still[instant] != NULL ||
                         (files->sequence != NULL && files->frame[instant] > 0);
    g_autofree char *stem = runet_patient_stem (patient, files->view, instant);
    g_autofree char *path = g_build_filename (patient->path, stem, NULL);
    if (files->still_mask[instant] != NULL && !has_image)
      runet_problems_add (problems, files->still_mask[instant],
                          "expected its image %s beside the mask, found none", stem);
    else if (files->still[other] != NULL && !has_image)
      runet_problems_add (problems, path,
                          "expected this image beside that of %s, found none",
                          runet_instant_to_string (other));
    else if (files->still_mask[other] != NULL && files->still[other] != NULL &&
             files->still[instant] != NULL && files->still_mask[instant] == NULL)
      runet_problems_add (problems, path,
                          "expected an expert mask as %s has one, found none",
                          runet_instant_to_string (other));
  }
  if (files->sequence_mask != NULL && files->sequence == NULL)
    runet_problems_add (problems, files->sequence_mask,
                        "expected its sequence beside the masks, found none");
}

static void
list_view (RunetPatient *patient,
           RunetViewFiles *files,
           GPtrArray *names,
           GPtrArray *problems) {
  g_autofree char *cfg =
      g_strdup_printf ("Info_%s.cfg", runet_view_to_string (files->view));
  g_autofree char *cfg_path = g_build_filename (patient->path, cfg, NULL);
  gboolean has_image = files->sequence != NULL;
  for (int instant = 0; instant < RUNET_INSTANTS; instant++)
    has_image = has_image || files->still[instant] != NULL;
  files->present = has_image;
  guint known = problems->len;
  if (g_ptr_array_find_with_equal_func (names, cfg, g_str_equal, NULL))
    runet_info_cfg_read (cfg_path, files, problems);
  else if (files->sequence != NULL)
    runet_problems_add (problems, cfg_path,
                        "expected it to tell ED and ES of the sequence, found none");
  check_sequence (files, cfg_path, problems);
  check_instants (files, cfg_path, problems->len > known, problems);
  check_pairs (patient, files, problems);
  check_data_files (files, names, problems);
}

/* "patient0001": a folder of this name should hold a patient. */
static gboolean
is_named_patient (const char *path) {
  g_autofree char *name = g_path_get_basename (path);
  return g_str_has_prefix (name, "patient") &&
         g_ascii_isdigit (name[strlen ("patient")]);
}

RunetPatient *
runet_patient_list (const char *path, const char *subset, GPtrArray *problems) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = list_names (path, &error);
  if (names == NULL) {
    /* Plain files between the folders are normal. */
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
      runet_problems_add (problems, path, "expected a readable folder, found: %s",
                          error->message);
    return NULL;
  }
  g_autofree char *id = find_id (path, names);
  if (id == NULL) {
    if (is_named_patient (path))
      runet_problems_add (problems, path, "expected images of 2CH or 4CH, found none");
    return NULL;
  }
  RunetPatient *patient = g_new0 (RunetPatient, 1);
  patient->id = g_steal_pointer (&id);
  patient->subset = g_strdup (subset);
  patient->path = g_strdup (path);
  for (int view = 0; view < RUNET_VIEWS; view++) {
    patient->views[view].view = view;
    runet_info_cfg_clear (&patient->views[view]);
  }
  for (guint i = 0; i < names->len; i++)
    take_file (patient, names->pdata[i], problems);
  for (int view = 0; view < RUNET_VIEWS; view++)
    list_view (patient, &patient->views[view], names, problems);
  return patient;
}

void
runet_patient_free (RunetPatient *patient) {
  if (patient == NULL)
    return;
  for (int view = 0; view < RUNET_VIEWS; view++) {
    RunetViewFiles *files = &patient->views[view];
    for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
      g_free (files->still[instant]);
      g_free (files->still_mask[instant]);
    }
    g_free (files->sequence);
    g_free (files->sequence_mask);
  }
  g_free (patient->id);
  g_free (patient->subset);
  g_free (patient->path);
  g_free (patient);
}

char *
runet_patient_stem (const RunetPatient *patient, RunetView view, RunetInstant instant) {
  g_return_val_if_fail (patient != NULL, NULL);
  return g_strdup_printf ("%s_%s_%s", patient->id, runet_view_to_string (view),
                          runet_instant_to_string (instant));
}
