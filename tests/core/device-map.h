/* Maps in the memory of a GPU, or of the stand-in device, beside the same values in the processor's. */
#pragma once

#include "core/base/pool.h"
#include "core/nn/cudnn/kernels.h"
#include "core/nn/safetensors.h"
#include "core/nn/tensor.h"

#include <math.h>
#include <string.h>

/* In device memory wherever nobody has written: exact in every element type. */
#define DEVICE_MARK 77.0f

/**
 * DeviceMap:
 * @host: the channels of the map alone, stride = c
 * @map: on the device
 * @behind: what is in the channels behind those of the map until somebody writes there
 */
typedef struct {
  RunetTensor host;
  RunetMap map;
  float behind;
} DeviceMap;

static inline gboolean
device_is_there (void) {
  int count = 0;
  if (cudaGetDeviceCount (&count) == cudaSuccess && count > 0)
    return TRUE;
  g_test_skip ("there is no CUDA device");
  return FALSE;
}

/* All that was put on the device is done, and well. */
static inline void
device_wait (void) {
  g_assert_cmpstr (cudaGetErrorString (cudaGetLastError ()), ==,
                   cudaGetErrorString (cudaSuccess));
  g_assert_cmpstr (cudaGetErrorString (cudaStreamSynchronize (NULL)), ==,
                   cudaGetErrorString (cudaSuccess));
}

static inline void *
device_allocate (gsize bytes) {
  void *data = NULL;
  g_assert_cmpint (cudaMalloc (&data, MAX (1, bytes)), ==, cudaSuccess);
  return data;
}

static inline void *
device_upload (const void *from, gsize bytes) {
  void *data = device_allocate (bytes);
  g_assert_cmpint (cudaMemcpy (data, from, bytes, cudaMemcpyHostToDevice), ==,
                   cudaSuccess);
  return data;
}

static inline void
device_download (void *to, const void *from, gsize bytes) {
  device_wait ();
  g_assert_cmpint (cudaMemcpy (to, from, bytes, cudaMemcpyDeviceToHost), ==,
                   cudaSuccess);
}

static inline void
device_write (void *bytes, RunetElement element, gsize at, float value) {
  if (element == RUNET_ELEMENT_F32)
    ((float *)bytes)[at] = value;
  else if (element == RUNET_ELEMENT_F16)
    ((guint16 *)bytes)[at] = runet_float_to_half (value);
  else {
    guint32 bits;
    memcpy (&bits, &value, sizeof bits);
    /* To nearest, ties to even; no NaN here. */
    ((guint16 *)bytes)[at] = (guint16)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }
}

static inline float
device_read (const void *bytes, RunetElement element, gsize at) {
  float value;
  if (element == RUNET_ELEMENT_F32)
    return ((const float *)bytes)[at];
  if (element == RUNET_ELEMENT_F16)
    return runet_half_to_float (((const guint16 *)bytes)[at]);
  const guint32 bits = (guint32)((const guint16 *)bytes)[at] << 16;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline float
device_round (RunetElement element, float value) {
  guint32 bytes;
  device_write (&bytes, element, 0, value);
  return device_read (&bytes, element, 0);
}

/* What an arithmetic operation of float, stored as @element, may be off by, relative to 1 or to the value. */
static inline float
device_tolerance (RunetElement element) {
  return element == RUNET_ELEMENT_F32   ? 4e-6f
         : element == RUNET_ELEMENT_F16 ? 0x1p-10f
                                        : 0x1p-7f;
}

static inline gsize
device_map_count_pixels (const DeviceMap *self) {
  return self->host.n * self->host.h * self->host.w;
}

static inline gsize
device_map_count_bytes (const DeviceMap *self) {
  return device_map_count_pixels (self) * self->map.stride *
         runet_element_size (self->map.element);
}

/* Nothing is written yet: all marks, zeros on the host. */
static inline DeviceMap
device_map_new (RunetElement element,
                gsize n,
                gsize h,
                gsize w,
                gsize c,
                gsize stride) {
  DeviceMap self = {{g_new0 (float, n *h *w *c), n, h, w, c, c},
                    {NULL, n, h, w, c, stride, element},
                    DEVICE_MARK};
  const gsize bytes = device_map_count_bytes (&self);
  g_autofree guint8 *block = g_malloc (bytes);
  for (gsize i = 0; i < n * h * w * stride; i++)
    device_write (block, element, i, DEVICE_MARK);
  self.map.data = device_upload (block, bytes);
  return self;
}

static inline void
device_map_free (DeviceMap *self) {
  g_free (self->host.data);
  g_assert_cmpint (cudaFree (self->map.data), ==, cudaSuccess);
}

/* Puts the host's values on the device, rounded there and here, and zeros into the padding. */
static inline void
device_map_upload (DeviceMap *self) {
  const gsize c = self->host.c, stride = self->map.stride;
  const gsize bytes = device_map_count_bytes (self);
  g_autofree guint8 *block = g_malloc0 (bytes);
  self->behind = 0;
  for (gsize i = 0; i < device_map_count_pixels (self) * c; i++) {
    device_write (block, self->map.element, i / c * stride + i % c, self->host.data[i]);
    self->host.data[i] = device_read (block, self->map.element, i / c * stride + i % c);
  }
  g_assert_cmpint (cudaMemcpy (self->map.data, block, bytes, cudaMemcpyHostToDevice),
                   ==, cudaSuccess);
}

/* Uniform from @least to @most, in steps of 1/64, so that there are equal values. */
static inline void
device_map_fill (DeviceMap *self, GRand *random, double least, double most) {
  for (gsize i = 0; i < device_map_count_pixels (self) * self->host.c; i++)
    self->host.data[i] =
        (float)(round (g_rand_double_range (random, least, most) * 64) / 64);
  device_map_upload (self);
}

static inline gpointer
device_map_download (const DeviceMap *self) {
  gpointer block = g_malloc (device_map_count_bytes (self));
  device_download (block, self->map.data, device_map_count_bytes (self));
  return block;
}

/* The device has what the host has, within @tolerance of 1 or of the value, zeros in the padding up to the next 16 bytes, and
 * what was there before behind that. */
static inline void
device_map_check (const DeviceMap *self, float tolerance) {
  const gsize c = self->host.c, stride = self->map.stride;
  const gsize lanes = 16 / runet_element_size (self->map.element);
  const gsize padded = (c + lanes - 1) / lanes * lanes;
  g_autofree guint8 *block = device_map_download (self);
  for (gsize i = 0; i < device_map_count_pixels (self) * stride; i++) {
    const float found = device_read (block, self->map.element, i);
    if (i % stride >= c) {
      g_assert_cmpfloat (found, ==, i % stride < padded ? 0 : self->behind);
      continue;
    }
    const float expected = self->host.data[i / stride * c + i % stride];
    if (!(fabsf (found - expected) <= tolerance * MAX (1, fabsf (expected))))
      g_error ("value %zu, of %zu channels: expected %g, found %g", i, c,
               (double)expected, (double)found);
  }
}

/* @count floats of the device, within @tolerance of 1 or of the value. */
static inline void
device_check_floats (const float *device,
                     const float *expected,
                     gsize count,
                     float tolerance) {
  g_autofree float *found = g_new (float, count);
  device_download (found, device, count * sizeof (float));
  for (gsize i = 0; i < count; i++)
    if (!(fabsf (found[i] - expected[i]) <= tolerance * MAX (1, fabsf (expected[i]))))
      g_error ("value %zu of %zu: expected %g, found %g", i, count, (double)expected[i],
               (double)found[i]);
}

static inline float *
device_random_floats (GRand *random, gsize count, double least, double most) {
  float *values = g_new (float, count);
  for (gsize i = 0; i < count; i++)
    values[i] = (float)g_rand_double_range (random, least, most);
  return values;
}

#define DEVICE_ELEMENTS 3

static inline const char *
device_element_name (RunetElement element) {
  static const char *const names[DEVICE_ELEMENTS] = {"float32", "float16", "bfloat16"};
  return names[element];
}

/* Adds /cudnn/kernels/NAME/ELEMENT, one test an element type; @func is given @index · DEVICE_ELEMENTS + the type. */
static inline void
device_add_tests (const char *name, gsize index, GTestDataFunc func) {
  for (gsize element = 0; element < DEVICE_ELEMENTS; element++) {
    g_autofree char *path = g_strdup_printf (
        "/cudnn/kernels/%s/%s", name, device_element_name ((RunetElement)element));
    g_test_add_data_func (path, GSIZE_TO_POINTER (index * DEVICE_ELEMENTS + element),
                          func);
  }
}
