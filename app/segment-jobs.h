/* What `runet segment` has to do: one job an image, gathered from images, patients and data sets. */
#pragma once

#include "core/echo/dataset.h"

G_BEGIN_DECLS

/**
 * RunetSegmentJob:
 * @path: (nullable): the image; NULL when @files and @instant say it
 * @files: (nullable): borrowed from the job's data set
 * @folder: where its outputs go
 * @stem: what their names begin with
 */
typedef struct {
  char *path;
  const RunetViewFiles *files;
  RunetInstant instant;
  char *folder;
  char *stem;
} RunetSegmentJob;

typedef struct {
  GPtrArray *jobs; /* (element-type RunetSegmentJob) */
  GPtrArray *problems; /* (element-type utf8): one line each */
  GPtrArray *datasets; /* (element-type RunetDataset): what the jobs borrow from */
} RunetSegmentJobs;

/**
 * runet_segment_jobs_new:
 * @inputs: images, patient folders or data sets, NULL-terminated
 * @output: the folder that everything is written below
 * @sequences: also the sequences of patients and data sets, beside the stills
 *
 * An input that cannot be used, and two that would be written under one name, are problems; the
 * others go on. Errors: @output lies inside an input.
 */
RunetSegmentJobs *
runet_segment_jobs_new (char *const *inputs,
                        const char *output,
                        gboolean sequences,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_segment_jobs_free (RunetSegmentJobs *jobs);

/* The image of one job. */
RunetImage *
runet_segment_job_read (const RunetSegmentJob *job,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What has to be decoded for it, by the header of its file; 0 when that cannot be told. */
gsize
runet_segment_job_count_pixels (const RunetSegmentJob *job);
/* The name that people know it by. (transfer none) */
const char *
runet_segment_job_name (const RunetSegmentJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmentJobs, runet_segment_jobs_free)

G_END_DECLS
