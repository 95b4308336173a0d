/* Textures made from a frame: grey values through the window, and the tint of a region. */
#include "frame-texture.h"

/* The memory format is that of a cairo surface (premultiplied ARGB words), so that the cairo
 * renderer copies it instead of converting it at every draw. */
#define FORMAT GDK_MEMORY_DEFAULT
#define LEVELS 256

/* Tint where m = 0: a deep blue, so that it cannot be taken for a dark part of the image. */
#define TINT_ALPHA 0.62f
static const float tint[3] = {0.05f, 0.10f, 0.20f};

static GdkTexture *
wrap_words (guint32 *words, gsize width, gsize height) {
  g_autoptr (GBytes) bytes = g_bytes_new_take (words, width * height * sizeof *words);
  return gdk_memory_texture_new ((int)width, (int)height, FORMAT, bytes,
                                 width * sizeof *words);
}

/* @position: 0 … 1 of the range that is shown; anything else, NaN too, is taken to its ends. */
static inline guint
level_of (float position) {
  return (guint)((position > 0 ? MIN (position, 1) : 0) * (LEVELS - 1) + 0.5f);
}

GdkTexture *
runet_frame_texture_new (const float *pixels,
                         gsize width,
                         gsize height,
                         double center,
                         double window) {
  g_return_val_if_fail (pixels != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (window > 0, NULL);

  guint32 colors[LEVELS];
  for (guint32 i = 0; i < LEVELS; i++)
    colors[i] = 0xff000000u | i << 16 | i << 8 | i;
  guint32 *words = g_new (guint32, width * height);
  float scale = (float)(1 / window);
  float offset = (float)(0.5 - center / window);
  for (gsize i = 0; i < width * height; i++)
    words[i] = colors[level_of (pixels[i] * scale + offset)];
  return wrap_words (words, width, height);
}

GdkTexture *
runet_region_texture_new (const float *region, gsize width, gsize height) {
  g_return_val_if_fail (region != NULL && width > 0 && height > 0, NULL);

  guint32 colors[LEVELS];
  for (guint32 i = 0; i < LEVELS; i++) {
    float alpha = TINT_ALPHA * (float)(LEVELS - 1 - i) / (LEVELS - 1);
    guint32 word = (guint32)(alpha * 255 + 0.5f) << 24;
    for (int k = 0; k < 3; k++)
      word |= (guint32)(alpha * tint[k] * 255 + 0.5f) << (16 - 8 * k);
    colors[i] = word;
  }
  guint32 *words = g_new (guint32, width * height);
  for (gsize i = 0; i < width * height; i++)
    words[i] = colors[level_of (region[i])];
  return wrap_words (words, width, height);
}
