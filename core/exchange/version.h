/* Which version of a view counts: whose, since when, and where the record keeps its frames.
 *
 * A record says of each view what its readers decided; a version is the one of these that goes out of the house. */
#pragma once

#include "core/echo/dataset.h"
#include "core/editing/correction.h"
#include "core/review/review.h"
#include "core/shape/anatomy.h"
#include "core/shape/volume.h"

G_BEGIN_DECLS

/* What the model had said, and what somebody made of it. */
typedef enum { RUNET_SIDE_MODEL, RUNET_SIDE_FINAL, RUNET_SIDES } RunetSide;

/**
 * RunetMeasuredFrame: what is kept of a frame once its label maps are let go
 * @instant: -1 where it is neither ED nor ES
 * @frame: 1-based frame of the sequence; 0 when @instant says which
 * @edited: some gesture was made on it
 * @tools: (element-type utf8): those of the edits in force, each once, in the order of their first use
 */
typedef struct {
  int instant;
  int frame;
  gboolean edited;
  gboolean derived;
  GPtrArray *tools;
  RunetAnatomy *anatomy[RUNET_SIDES];
  RunetDiscs discs[RUNET_SIDES];
} RunetMeasuredFrame;

/**
 * RunetVersion:
 * @subject: the view
 * @patient: (nullable): borrowed from the data set; NULL when it is not there
 * @state: of the view; @reading: borrowed from it: what the author thinks
 * @finished: accepted; else the edits of somebody who has not decided yet
 * @decision: (nullable): the acceptance
 * @edits: (element-type RunetEvent): of this author, those in force, the oldest first
 * @model: (nullable): SHA-256 of the model whose contours were looked at
 * @seconds: that the author spent on it; 0 when it is not known
 * @time: (nullable): of the decision, else of the last edit
 * @measured: (element-type RunetMeasuredFrame): filled by who reads the frames
 */
typedef struct {
  RunetSubject subject;
  const RunetPatient *patient;
  RunetReviewState *state;
  const RunetReading *reading;
  char *author, *role;
  RunetReviewStatus status;
  gboolean finished;
  RunetEvent *decision;
  GPtrArray *edits;
  char *model;
  double seconds;
  GDateTime *time;
  GPtrArray *measured;
} RunetVersion;

/* A view that has no version to be given away, and why: one line. @state: (nullable): where somebody did anything. */
typedef struct {
  RunetSubject subject;
  const RunetPatient *patient; /* (nullable) */
  RunetReviewState *state;
  char *why;
} RunetLeftOut;

/**
 * RunetVersions:
 * @dataset: (nullable)
 * @versions: (element-type RunetVersion)
 * @left_out: (element-type RunetLeftOut)
 * @events: how many the record had
 */
typedef struct {
  RunetJournal *journal;
  RunetDataset *dataset;
  GPtrArray *versions;
  GPtrArray *left_out;
  guint events;
} RunetVersions;

/**
 * runet_versions_new:
 * @record: path of the record, which is only read
 * @dataset: (nullable)
 * @author: (nullable): this reader's versions; else those that count, see runet_review_state_get_final()
 * @unfinished: also edits that were not accepted yet
 *
 * Errors: those of runet_review_open(). Views of @dataset that nobody reviewed are left out with that reason.
 */
RunetVersions *
runet_versions_new (const char *record,
                    RunetDataset *dataset,
                    const char *author,
                    gboolean unfinished,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_versions_free (RunetVersions *self);

/* Reads the frames of one version from the record: ED, ES, then others by their number.
 * Returns: (transfer full) (element-type RunetCorrectedFrame). Errors: %RUNET_ERROR_FORMAT, %RUNET_ERROR_MISSING when
 * the acceptance keeps none. */
GPtrArray *
runet_versions_read_frames (RunetVersions *self,
                            const RunetVersion *version,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (element-type RunetEvent): the edits of @version that were made on that frame. */
GPtrArray *
runet_version_list_edits (const RunetVersion *version,
                          int instant,
                          int frame) G_GNUC_WARN_UNUSED_RESULT;
/* Measures both sides of @frame on @grid and keeps it in @version. */
void
runet_version_measure (RunetVersion *version,
                       const RunetCorrectedFrame *frame,
                       const RunetGrid *grid);
/* (transfer none) (nullable). */
const RunetMeasuredFrame *
runet_version_find_measured (const RunetVersion *version, int instant, int frame);

/* "patient0001_4CH_ED", or "patient0001_4CH_frame07" where it is neither ED nor ES. */
char *
runet_version_stem (const RunetVersion *version,
                    int instant,
                    int frame) G_GNUC_WARN_UNUSED_RESULT;
/* "patient0001", with the subset and a slash before it where there is one; UTF-8 whatever the folder's name is. */
char *
runet_subject_display_name (const RunetSubject *subject) G_GNUC_WARN_UNUSED_RESULT;
/* "2019-10-06T12:00:00Z"; NULL of NULL. */
char *
runet_time_to_string (GDateTime *time) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetVersions, runet_versions_free)

G_END_DECLS
