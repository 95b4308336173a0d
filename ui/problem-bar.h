/* The bar over the study that says how many files were skipped, and lists them when asked. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_PROBLEM_BAR (runet_problem_bar_get_type ())
G_DECLARE_FINAL_TYPE (RunetProblemBar, runet_problem_bar, RUNET, PROBLEM_BAR, GtkWidget)

GtkWidget *
runet_problem_bar_new (void);
/* @line: what is wrong with one file; a line that is already there is not added again. Shows the bar. */
void
runet_problem_bar_add (RunetProblemBar *self, const char *line);
/* Says one thing that stopped what was asked for, in full, instead of the count. */
void
runet_problem_bar_say (RunetProblemBar *self, const char *message);
/* @message: was said, and is so no more: goes, unless something else was said since. */
void
runet_problem_bar_take_back (RunetProblemBar *self, const char *message);
void
runet_problem_bar_clear (RunetProblemBar *self);
guint
runet_problem_bar_get_count (RunetProblemBar *self);

G_END_DECLS
