/* Stored pixels of the five types, to and from float. */
#include "pixel.h"

#include <math.h>
#include <string.h>

gsize
runet_pixel_size (RunetPixelType type) {
  switch (type) {
  case RUNET_PIXEL_UINT8:
    return 1;
  case RUNET_PIXEL_INT16:
  case RUNET_PIXEL_UINT16:
    return 2;
  case RUNET_PIXEL_FLOAT32:
    return 4;
  case RUNET_PIXEL_FLOAT64:
    return 8;
  default:
    g_return_val_if_reached (1);
  }
}

void
runet_pixels_swap (guint8 *bytes, gsize size, gsize count) {
  for (gsize i = 0; i < count; i++) {
    guint8 *value = bytes + i * size;
    for (gsize b = 0; b < size / 2; b++) {
      guint8 byte = value[b];
      value[b] = value[size - 1 - b];
      value[size - 1 - b] = byte;
    }
  }
}

/* memcpy() because data that follow a header need not be aligned; compilers make it one load. */
static inline double
load_value (const guint8 *bytes, RunetPixelType type) {
  union {
    gint16 int16;
    guint16 uint16;
    float float32;
    double float64;
  } value;
  switch (type) {
  case RUNET_PIXEL_UINT8:
    return *bytes;
  case RUNET_PIXEL_INT16:
    memcpy (&value.int16, bytes, 2);
    return value.int16;
  case RUNET_PIXEL_UINT16:
    memcpy (&value.uint16, bytes, 2);
    return value.uint16;
  case RUNET_PIXEL_FLOAT32:
    memcpy (&value.float32, bytes, 4);
    return value.float32;
  case RUNET_PIXEL_FLOAT64:
    memcpy (&value.float64, bytes, 8);
    return value.float64;
  default:
    g_return_val_if_reached (0);
  }
}

/* @type is a constant wherever this is called, so that each type has a loop of its own. */
static inline __attribute__ ((always_inline)) void
decode (const guint8 *restrict bytes,
        RunetPixelType type,
        double slope,
        double intercept,
        gsize count,
        float *restrict pixels) {
  gsize size = runet_pixel_size (type);
  for (gsize i = 0; i < count; i++)
    pixels[i] = (float)(slope * load_value (bytes + i * size, type) + intercept);
}

void
runet_pixels_decode (const guint8 *bytes,
                     RunetPixelType type,
                     double slope,
                     double intercept,
                     gsize count,
                     float *pixels) {
  switch (type) {
  case RUNET_PIXEL_UINT8:
    decode (bytes, RUNET_PIXEL_UINT8, slope, intercept, count, pixels);
    return;
  case RUNET_PIXEL_INT16:
    decode (bytes, RUNET_PIXEL_INT16, slope, intercept, count, pixels);
    return;
  case RUNET_PIXEL_UINT16:
    decode (bytes, RUNET_PIXEL_UINT16, slope, intercept, count, pixels);
    return;
  case RUNET_PIXEL_FLOAT32:
    decode (bytes, RUNET_PIXEL_FLOAT32, slope, intercept, count, pixels);
    return;
  case RUNET_PIXEL_FLOAT64:
    decode (bytes, RUNET_PIXEL_FLOAT64, slope, intercept, count, pixels);
    return;
  default:
    g_return_if_reached ();
  }
}

/* Doubles from here on have no fractions, so that adding it rounds half to even, as rint() does;
 * rint() is a call where the processor is not known to have an instruction for it. */
#define ROUNDING 0x1.8p52

/* A NaN becomes @low: no comparison with it holds. */
static inline double
round_into (double value, double low, double high) {
  double limited = value >= low ? value : low;
  limited = limited > high ? high : limited;
  return limited + ROUNDING - ROUNDING;
}

static inline void
store_value (double value, RunetPixelType type, guint8 *bytes) {
  switch (type) {
  case RUNET_PIXEL_UINT8:
    *bytes = (guint8)round_into (value, 0, G_MAXUINT8);
    return;
  case RUNET_PIXEL_INT16:
    memcpy (bytes, &(gint16){(gint16)round_into (value, G_MININT16, G_MAXINT16)}, 2);
    return;
  case RUNET_PIXEL_UINT16:
    memcpy (bytes, &(guint16){(guint16)round_into (value, 0, G_MAXUINT16)}, 2);
    return;
  case RUNET_PIXEL_FLOAT32:
    memcpy (bytes, &(float){(float)value}, 4);
    return;
  case RUNET_PIXEL_FLOAT64:
    memcpy (bytes, &value, 8);
    return;
  default:
    g_return_if_reached ();
  }
}

static inline __attribute__ ((always_inline)) void
encode (const float *restrict pixels,
        RunetPixelType type,
        double slope,
        double intercept,
        gsize count,
        guint8 *restrict bytes) {
  gsize size = runet_pixel_size (type);
  for (gsize i = 0; i < count; i++)
    store_value (((double)pixels[i] - intercept) / slope, type, bytes + i * size);
}

void
runet_pixels_encode (const float *pixels,
                     RunetPixelType type,
                     double slope,
                     double intercept,
                     gsize count,
                     guint8 *bytes) {
  switch (type) {
  case RUNET_PIXEL_UINT8:
    encode (pixels, RUNET_PIXEL_UINT8, slope, intercept, count, bytes);
    return;
  case RUNET_PIXEL_INT16:
    encode (pixels, RUNET_PIXEL_INT16, slope, intercept, count, bytes);
    return;
  case RUNET_PIXEL_UINT16:
    encode (pixels, RUNET_PIXEL_UINT16, slope, intercept, count, bytes);
    return;
  case RUNET_PIXEL_FLOAT32:
    encode (pixels, RUNET_PIXEL_FLOAT32, slope, intercept, count, bytes);
    return;
  case RUNET_PIXEL_FLOAT64:
    encode (pixels, RUNET_PIXEL_FLOAT64, slope, intercept, count, bytes);
    return;
  default:
    g_return_if_reached ();
  }
}
