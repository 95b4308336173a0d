/* What the files of an import share. Private to core/exchange. */
#pragma once

#include "core/editing/correction.h"
#include "core/review/review.h"
#include "core/segmentation/result-cache.h"
#include "import.h"

G_BEGIN_DECLS

/* One mask and which frame it is of. @instant: -1 where @frame, counted from 1, says which. */
typedef struct {
  char *path;
  const RunetPatient *patient; /* borrowed from the data set */
  RunetView view;
  int instant, frame;
  guint rank; /* of several for one frame the least is taken */
} RunetImportMask;

/* (transfer full) (element-type RunetImportMask): by patient, view and frame, each frame once. Files of other kinds
 * are passed over; @problems gets masks of nobody. */
GPtrArray *
runet_import_find_masks (const RunetDataset *dataset,
                         const char *folder,
                         GPtrArray *problems) G_GNUC_WARN_UNUSED_RESULT;

/* Whoever names a record may mean any place but one: inside of the data set. */
gboolean
runet_import_check_record (const RunetImportOptions *options, GError **error);

/* What models said of the images of a data set, as far as it is at hand. */
typedef struct {
  RunetResultCache *cache; /* (nullable) */
  RunetDigest model;
  char *model_name; /* (nullable): its hash in hex; NULL when the record names none */
} RunetImportOriginals;

/* @path: (nullable). The model is the last that the record names. Without an error: then nothing is at hand. */
void
runet_import_originals_init (RunetImportOriginals *self,
                             const char *path,
                             const GPtrArray *events);
void
runet_import_originals_clear (RunetImportOriginals *self);
/* (transfer full) (nullable): what the model said of that frame. */
RunetLabelMap *
runet_import_originals_find (RunetImportOriginals *self,
                             const RunetViewFiles *files,
                             int instant,
                             int frame,
                             GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetImportOriginals, runet_import_originals_clear)

G_END_DECLS
