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
/* How many of the words are drawn whole or shortened at this width. */
guint
runet_chips_count_shown (RunetChips *self, int width);

G_END_DECLS
