/* A training step as the trainer makes it, for `runet bench`: on a GPU with the images, the weights and the moments there. */
#pragma once

#include "core/models/model.h"
#include "core/nn/plan.h"

G_BEGIN_DECLS

typedef struct _RunetBenchStep RunetBenchStep;

/* @model: borrowed; learns. Images and masks are made up. Errors: those of runet_step_new(). */
RunetBenchStep *
runet_bench_step_new (RunetEngine *engine,
                      RunetModel *model,
                      guint batch,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_bench_step_free (RunetBenchStep *self);
/* The next batch. */
gboolean
runet_bench_step_run (RunetBenchStep *self, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetBenchStep, runet_bench_step_free)

G_END_DECLS
