/* Training that stays on the device: what it keeps there. */
#include "training-private.h"

#include "core/base/error.h"

/* A step's gradients of float16 begin as large as this, and the scale is tried twice as large after so many steps
 * whose gradients were finite: as in the mixed precision of PyTorch. */
#define LOSS_SCALE 65536
#define GROWTH_INTERVAL 2000

/* RunetDevicePlace is copied as it is. */
G_STATIC_ASSERT (sizeof (RunetDevicePlace) == sizeof (RunetBatchPlace));
G_STATIC_ASSERT (G_STRUCT_OFFSET (RunetDevicePlace, matrix) ==
                 G_STRUCT_OFFSET (RunetBatchPlace, matrix));
G_STATIC_ASSERT (G_STRUCT_OFFSET (RunetDevicePlace, gamma) ==
                 G_STRUCT_OFFSET (RunetBatchPlace, gamma));

static void
free_block (gpointer block) {
  cudaFree (block);
}

static void
free_pinned_block (gpointer block) {
  cudaFreeHost (block);
}

/* Zero. */
static gpointer
allocate (RunetDeviceTraining *self, gsize bytes, const char *what, GError **error) {
  gpointer block = NULL;
  if (!runet_device_check (cudaMalloc (&block, MAX (bytes, 1)), what, error))
    return NULL;
  g_ptr_array_add (self->blocks, block);
  const cudaError_t status = cudaMemsetAsync (block, 0, MAX (bytes, 1), self->stream);
  return runet_device_check (status, what, error) ? block : NULL;
}

static gpointer
allocate_pinned (RunetDeviceTraining *self,
                 gsize bytes,
                 const char *what,
                 GError **error) {
  gpointer block = NULL;
  if (!runet_device_check (cudaMallocHost (&block, bytes), what, error))
    return NULL;
  g_ptr_array_add (self->pinned_blocks, block);
  return block;
}

static gsize
count_scratch (const RunetDeviceTraining *self) {
  gsize scratch = 0;
  for (guint k = 0; k < self->stages; k++)
    scratch = MAX (scratch, runet_cuda_dice_scratch (
                                runet_device_plan_get_output_map (self->plan, k)));
  return scratch;
}

static gboolean
allocate_all (RunetDeviceTraining *self, GError **error) {
  const gsize places = self->n * sizeof (RunetBatchPlace);
  const gsize losses = self->stages * sizeof (double);
  const gsize moments = self->flat->count * sizeof (float);
  const struct {
    gpointer *block;
    gsize bytes;
    gpointer (*allocate) (RunetDeviceTraining *, gsize, const char *, GError **);
    const char *what;
  } blocks[] = {
      {(gpointer *)&self->places, places, allocate, "places of a batch"},
      {(gpointer *)&self->batch_labels, self->n * self->pixels, allocate, "labels"},
      {(gpointer *)&self->sums, losses * self->classes * 3, allocate, "sums"},
      {&self->scratch, count_scratch (self), allocate, "scratch of the loss"},
      {(gpointer *)&self->losses, losses, allocate, "losses"},
      {(gpointer *)&self->moment1, moments, allocate, "moments"},
      {(gpointer *)&self->moment2, moments, allocate, "moments"},
      {(gpointer *)&self->state, sizeof (RunetStepState), allocate, "a step's state"},
      {(gpointer *)&self->pinned_rate, sizeof (float), allocate_pinned, "a rate"},
      {(gpointer *)&self->pinned_places, places, allocate_pinned, "pinned places"},
      {(gpointer *)&self->pinned_losses, losses, allocate_pinned, "pinned losses"},
      {(gpointer *)&self->pinned_state, sizeof (RunetStepState), allocate_pinned,
       "a step's pinned state"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    *blocks[i].block =
        blocks[i].allocate (self, blocks[i].bytes, blocks[i].what, error);
    if (*blocks[i].block == NULL)
      return FALSE;
  }
  return TRUE;
}

/* @from: @count images; those that are %NULL are all ones. */
static guint8 *
upload (RunetDeviceTraining *self,
        const guint8 *const *from,
        gsize count,
        GError **error) {
  gsize bytes = 0;
  if (!g_size_checked_mul (&bytes, count, self->pixels)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "GPU: %zu images are more than memory can be", count);
    return NULL;
  }
  guint8 *images = allocate (self, bytes, "memory for the images", error);
  for (gsize i = 0; images != NULL && i < count; i++) {
    guint8 *image = images + i * self->pixels;
    const cudaError_t status =
        from[i] != NULL ? cudaMemcpyAsync (image, from[i], self->pixels,
                                           cudaMemcpyHostToDevice, self->stream)
                        : cudaMemsetAsync (image, 1, self->pixels, self->stream);
    if (!runet_device_check (status, "uploading the images", error))
      return NULL;
  }
  return images;
}

static gboolean
upload_all (RunetDeviceTraining *self,
            const RunetDeviceImages *images,
            GError **error) {
  if ((self->images = upload (self, images->images, images->count, error)) == NULL ||
      (self->labels = upload (self, images->labels, images->count, error)) == NULL)
    return FALSE;
  if (images->weights != NULL) {
    self->weights = upload (self, images->weights, images->count, error);
    if (self->weights == NULL)
      return FALSE;
    self->batch_weights =
        allocate (self, self->n * self->pixels, "pixel weights", error);
    if (self->batch_weights == NULL)
      return FALSE;
  }
  return runet_device_check (cudaStreamSynchronize (self->stream),
                             "uploading the images", error);
}

static RunetDeviceTraining *
make (RunetDevicePlan *plan, const double *stage_weights) {
  RunetDeviceTraining *self = g_new0 (RunetDeviceTraining, 1);
  const RunetMap *input = runet_device_plan_get_input_map (plan);
  self->plan = plan;
  self->flat = runet_device_plan_get_flat (plan);
  self->stream = runet_device_plan_get_stream (plan);
  self->n = input->n;
  self->pixels = input->h * input->w;
  self->stages = runet_device_plan_count_outputs (plan);
  self->classes = runet_device_plan_get_output_map (plan, 0)->c;
  self->stage_weights = g_new (float, self->stages);
  for (guint k = 0; k < self->stages; k++)
    self->stage_weights[k] = (float)stage_weights[k];
  self->blocks = g_ptr_array_new_with_free_func (free_block);
  self->pinned_blocks = g_ptr_array_new_with_free_func (free_pinned_block);
  return self;
}

/* Everything but the learning rate, which each step brings. */
static gboolean
begin_scale (RunetDeviceTraining *self, GError **error) {
  const gboolean scaled =
      runet_device_plan_get_precision (self->plan) == RUNET_PRECISION_FLOAT16;
  *self->pinned_state = (RunetStepState){
      .scale = scaled ? LOSS_SCALE : 1,
      .growth_interval = scaled ? GROWTH_INTERVAL : 0,
  };
  return runet_device_check (cudaMemcpyAsync (self->state, self->pinned_state,
                                              sizeof (RunetStepState),
                                              cudaMemcpyHostToDevice, self->stream),
                             "the state of the steps", error);
}

RunetDeviceTraining *
runet_device_training_new (RunetDevicePlan *plan,
                           const RunetDeviceImages *images,
                           const double *stage_weights,
                           GError **error) {
  const RunetMap *input = runet_device_plan_get_input_map (plan);
  g_return_val_if_fail (images->count > 0 && images->size == input->h &&
                            images->size == input->w && input->c == 1,
                        NULL);
  RunetDeviceTraining *self = make (plan, stage_weights);
  if (allocate_all (self, error) && upload_all (self, images, error) &&
      begin_scale (self, error) &&
      runet_device_check (cudaStreamSynchronize (self->stream), "a training", error))
    return self;
  runet_device_training_free (self);
  return NULL;
}

gboolean
runet_device_training_join (RunetDeviceTraining *self,
                            const RunetDeviceGroup *group,
                            GError **error) {
  g_return_val_if_fail (self->group == NULL && !self->replay.warm, FALSE);
  self->group = runet_device_sum_new (group, error);
  return self->group != NULL;
}

void
runet_device_training_free (RunetDeviceTraining *self) {
  if (self == NULL)
    return;
  if (self->running)
    runet_device_sum_free (g_steal_pointer (&self->group), TRUE);
  cudaStreamSynchronize (self->stream);
  runet_device_replay_clear (&self->replay);
  runet_device_sum_free (self->group, FALSE);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->pinned_blocks);
  g_free (self->stage_weights);
  g_free (self);
}
