/* A model: an architecture, its hyper-parameters and its weights; one safetensors file. */
#pragma once

#include <gio/gio.h>
#include "architecture.h"
#include "core/nn/safetensors.h"

G_BEGIN_DECLS

typedef struct {
  gatomicrefcount references;
  RunetHyperparameters hyperparameters;
  RunetGraph *graph;
  float **parameters; /* one block a parameter of the graph */
  GHashTable *metadata; /* char* → char*: created, trained_on, parent, metrics … */
  char *hash; /* (nullable): SHA-256 of the file it was read from or written to */
  char *path; /* (nullable) */
} RunetModel;

/* Glorot-uniform weights, zero biases. */
RunetModel *
runet_model_new (const RunetHyperparameters *hyperparameters,
                 GRand *random) G_GNUC_WARN_UNUSED_RESULT;
RunetModel *
runet_model_ref (RunetModel *model);
void
runet_model_unref (RunetModel *model);

/* Refuses what the container refuses, a format or architecture it does not know, a missing or
 * wrongly shaped tensor, and weights that are not finite; the message names the tensor. */
RunetModel *
runet_model_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @dtype: F32 or F16. Atomic. */
gboolean
runet_model_write (RunetModel *model,
                   const char *path,
                   RunetDtype dtype,
                   GError **error);

/**
 * runet_model_copy_weights:
 * @every_stage: also copy the stages of @from, cyclically, to the later stages of @model
 *
 * Copies every tensor of @from that @model has with the same shape: a U-Net 1 pre-trains stage 1
 * of an RU-Net, or all of its stages.
 * Returns: the number of tensors copied; 0 with an error when none fits.
 */
guint
runet_model_copy_weights (RunetModel *model,
                          const RunetModel *from,
                          gboolean every_stage,
                          GError **error);

/* What makes the region of interest of what a stage saw, and can be changed without training anew. */
typedef struct {
  guint dilation; /* without effect on ru-net-inception, which mixes three of its own */
  float shift; /* of the first sigmoid */
  float slope; /* of both */
} RunetRefinement;

/* Whether a stage sees the image through a region of interest. */
gboolean
runet_model_has_refinement (const RunetModel *model);
RunetRefinement
runet_model_get_refinement (const RunetModel *model);
/**
 * runet_model_with_refinement:
 *
 * For trying out: the weights of @model, copied, behind other regions of interest. It has no path, no hash
 * and no metadata, since it is not what those speak of.
 * Errors: %RUNET_ERROR_UNSUPPORTED: values that cannot be, or a model without regions.
 */
RunetModel *
runet_model_with_refinement (const RunetModel *model,
                             const RunetRefinement *refinement,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *
runet_model_get_metadata (const RunetModel *model, const char *key);
void
runet_model_set_metadata (RunetModel *model, const char *key, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetModel, runet_model_unref)

G_END_DECLS
