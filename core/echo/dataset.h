/* A CAMUS data set on disk: which patients, views and files there are. Listing reads no pixels. */
#pragma once

#include <gio/gio.h>
#include "image.h"
#include "label-map.h"
#include "study.h"

G_BEGIN_DECLS

/**
 * RunetViewFiles: one view of one patient
 * @present: at least one image of this view exists
 * @still, @still_mask: (nullable): paths of the ED / ES image and its expert mask
 * @sequence, @sequence_mask: (nullable): paths of the (half) sequence and its expert masks
 * @frame: 1-based frame of each instant in the sequence; 0 when unknown. ES may come before ED.
 * @frames: NbFrame of the cfg; 0 when unknown
 * @frame_rate_hz, @ejection_fraction_percent, @edv_ml, @esv_ml, @age_years: NaN when unknown
 * @sex: 'F', 'M', or 0
 */
typedef struct {
  gboolean present;
  RunetView view;
  char *still[RUNET_INSTANTS];
  char *still_mask[RUNET_INSTANTS];
  char *sequence;
  char *sequence_mask;
  int frame[RUNET_INSTANTS];
  int frames;
  RunetQuality quality;
  char sex;
  double age_years;
  double frame_rate_hz;
  double ejection_fraction_percent;
  double edv_ml, esv_ml;
} RunetViewFiles;

typedef struct {
  char *id; /* "patient0001"; "training/patient0001" never: see subset */
  char *subset; /* (nullable): "training", "testing": ids restart in the MHD release */
  char *path;
  RunetViewFiles views[RUNET_VIEWS];
} RunetPatient;

/* Something wrong with one file of a data set that otherwise goes on. */
typedef struct {
  char *path;
  char *message; /* one line: file, expected, found */
} RunetProblem;

typedef struct {
  gatomicrefcount references;
  char *path;
  char *name; /* last part of the path */
  GPtrArray *patients; /* (element-type RunetPatient), sorted by subset and id */
  GPtrArray *problems; /* (element-type RunetProblem) found while listing */
} RunetDataset;

/**
 * runet_dataset_open:
 * @path: a data set, its parent (…/database_nifti below), or one patient's folder
 *
 * Errors: %RUNET_ERROR_MISSING when @path is no folder or holds no patient. What is wrong with
 * single files goes to @problems.
 */
RunetDataset *
runet_dataset_open (const char *path,
                    GCancellable *cancellable,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetDataset *
runet_dataset_ref (RunetDataset *dataset);
void
runet_dataset_unref (RunetDataset *dataset);
const RunetPatient *
runet_dataset_find (const RunetDataset *dataset, const char *id);

/**
 * runet_dataset_select:
 * @list_path: text, one patient id a line; blank lines and CRLF tolerated
 * @absent: (out): number of listed patients that the data set lacks
 *
 * Returns: (transfer container) (element-type RunetPatient): in the order of the list, borrowed
 * from @dataset.
 */
GPtrArray *
runet_dataset_select (const RunetDataset *dataset,
                      const char *list_path,
                      guint *absent,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_view_read_still: / runet_view_read_still_mask:
 *
 * The ED or ES image: the still where there is one, else that frame of the sequence. The mask
 * must have the image's width and height (checked by the caller with runet_grid_equal()).
 */
RunetImage *
runet_view_read_still (const RunetViewFiles *files,
                       RunetInstant instant,
                       GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetLabelMap *
runet_view_read_still_mask (const RunetViewFiles *files,
                            RunetInstant instant,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is one to be read; it may still turn out damaged. */
gboolean
runet_view_has_still (const RunetViewFiles *files, RunetInstant instant);
gboolean
runet_view_has_still_mask (const RunetViewFiles *files, RunetInstant instant);

/* What has to be decoded for that image, by the header of its file; 0 when that cannot be told. */
gsize
runet_view_count_pixels (const RunetViewFiles *files, RunetInstant instant);

/* What the data set itself says of the left ventricle, in the cfg of either view; NaN where neither does. */
typedef struct {
  double edv_ml, esv_ml, ejection_fraction_percent;
} RunetGivenVolumes;

RunetGivenVolumes
runet_patient_get_given_volumes (const RunetPatient *patient);

/* "patient0001_4CH_ED": the stem of a still's file name. */
char *
runet_patient_stem (const RunetPatient *patient,
                    RunetView view,
                    RunetInstant instant) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetDataset, runet_dataset_unref)

G_END_DECLS
