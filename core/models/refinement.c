/* The same weights behind another region of interest. */
#include "core/base/error.h"
#include "model-private.h"

gboolean
runet_model_has_refinement (const RunetModel *model) {
  g_return_val_if_fail (model != NULL, FALSE);
  return model->graph->regions->len > 0;
}

RunetRefinement
runet_model_get_refinement (const RunetModel *model) {
  const RunetHyperparameters *from = &model->hyperparameters;
  return (RunetRefinement){from->dilation, from->shift, from->slope};
}

/* What @model has, with the three values exchanged. */
static gboolean
change_hyperparameters (const RunetModel *model,
                        const RunetRefinement *refinement,
                        RunetHyperparameters *changed,
                        GError **error) {
  if (!runet_model_has_refinement (model)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "%s: expected a model with a region of interest, found %s",
                 model->path != NULL ? model->path : "model",
                 runet_architecture_to_string (model->hyperparameters.architecture));
    return FALSE;
  }
  *changed = model->hyperparameters;
  changed->dilation = refinement->dilation;
  changed->shift = refinement->shift;
  changed->slope = refinement->slope;
  return runet_hyperparameters_check (changed, error);
}

RunetModel *
runet_model_with_refinement (const RunetModel *model,
                             const RunetRefinement *refinement,
                             GError **error) {
  g_return_val_if_fail (model != NULL && refinement != NULL, NULL);
  RunetHyperparameters changed;
  if (!change_hyperparameters (model, refinement, &changed, error))
    return NULL;

  /* None of the three says anything of the tensors: both graphs have the same, in the same order. */
  RunetModel *other = runet_model_new_empty (&changed);
  for (guint i = 0; i < other->graph->parameters->len; i++)
    other->parameters[i] =
        g_memdup2 (model->parameters[i],
                   g_array_index (other->graph->parameters, RunetParameter, i).count *
                       sizeof (float));
  return other;
}

gboolean
runet_model_set_refinement (RunetModel *model,
                            const RunetRefinement *refinement,
                            GError **error) {
  g_return_val_if_fail (model != NULL && refinement != NULL, FALSE);
  RunetHyperparameters changed;
  if (!change_hyperparameters (model, refinement, &changed, error))
    return FALSE;

  /* Node by node what a graph of the changed values has. */
  model->hyperparameters = changed;
  g_autoptr (RunetGraph) graph = runet_architecture_build (&changed);
  for (guint i = 0; i < graph->nodes->len; i++) {
    const RunetNode *from = &g_array_index (graph->nodes, RunetNode, i);
    RunetNode *to = &g_array_index (model->graph->nodes, RunetNode, i);
    to->slope = from->slope;
    to->shift = from->shift;
    to->size = from->size;
  }
  return TRUE;
}
