/* A segmentation: one label a pixel, on the grid of the image it belongs to. */
#pragma once

#include <gio/gio.h>
#include "grid.h"
#include "study.h"

G_BEGIN_DECLS

/* @labels: F × H × W values of RunetLabel. Immutable once shared. */
typedef struct {
  gatomicrefcount references;
  RunetGrid *grid;
  guint8 *labels;
} RunetLabelMap;

RunetLabelMap *
runet_label_map_new (RunetGrid *grid, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetLabelMap *
runet_label_map_ref (RunetLabelMap *map);
void
runet_label_map_unref (RunetLabelMap *map);
const guint8 *
runet_label_map_frame (const RunetLabelMap *map, gsize frame);
/* Frame @frame alone, as a still. */
RunetLabelMap *
runet_label_map_extract (const RunetLabelMap *map,
                         gsize frame,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As runet_image_read(); a value that is not one of 0, 1, 2, 3 is an error that gives the value
 * and its first place. */
RunetLabelMap *
runet_label_map_read (const char *path,
                      GCancellable *cancellable,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In the grid's own pixel type (a PNG holds the label values 0-3 themselves), atomically. */
gboolean
runet_label_map_write (const RunetLabelMap *map, const char *path, GError **error);
/* One frame as a PNG whose pixels are the label values and whose palette makes them visible, as
 * the benchmarks of segmentation have them; atomically. */
gboolean
runet_label_map_write_indexed (const RunetLabelMap *map,
                               const char *path,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetLabelMap, runet_label_map_unref)

G_END_DECLS
