/* Where the label maps lie that `runet segment` or somebody else has written. */
#include "prediction.h"

/* STEM_SUFFIX.EXT in @folder with any of the extensions; NULL when there is none. */
static char *
find_file (const char *folder, const char *stem, const char *suffix) {
  static const RunetFormat formats[] = {RUNET_FORMAT_NIFTI_GZ, RUNET_FORMAT_NIFTI,
                                        RUNET_FORMAT_METAIMAGE,
                                        RUNET_FORMAT_METAIMAGE_LOCAL, RUNET_FORMAT_PNG};
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    const char *extension = runet_format_extension (formats[i]);
    g_autofree char *name = g_strdup_printf ("%s_%s.%s", stem, suffix, extension);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  return NULL;
}

char *
runet_prediction_find (const char *folder,
                       const RunetPatient *patient,
                       const char *stem,
                       const char *suffix) {
  g_autofree char *in_subset =
      patient->subset != NULL ? g_build_filename (folder, patient->subset, NULL) : NULL;
  g_autofree char *in_patient = g_build_filename (folder, patient->id, NULL);
  const char *const folders[] = {folder, in_patient, in_subset};
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    char *path = folders[i] != NULL ? find_file (folders[i], stem, suffix) : NULL;
    if (path != NULL)
      return path;
  }
  return NULL;
}
