/* A row of chips: short words on rounded grounds, as many as there is room for; the last one counts those that
 * there is none for. One widget that draws, so that a list of many rows stays light. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_CHIPS (runet_chips_get_type ())
G_DECLARE_FINAL_TYPE (RunetChips, runet_chips, RUNET, CHIPS, GtkWidget)

GtkWidget *
runet_chips_new (void);
/* @words: (nullable): copied. */
void
runet_chips_set_words (RunetChips *self, const char *const *words);
/* How many of the words are drawn at this width; 0 when there is room for the count alone. */
guint
runet_chips_count_shown (RunetChips *self, int width);
/* Whether there are more words than are drawn now. */
gboolean
runet_chips_is_cut (RunetChips *self);

G_END_DECLS
