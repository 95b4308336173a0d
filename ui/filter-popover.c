/* What the worklist is narrowed down to, as check boxes in a popover. */
#include "filter-popover.h"

#include <glib/gi18n-lib.h>

#define COLUMNS 2

typedef struct {
  RunetCriterion criterion;
  guint bit;
  const char *label;
} Option;

static const Option options[] = {
    {RUNET_CRITERION_OUTLIER, 0, N_ ("Outliers only")},
    {RUNET_CRITERION_STATE, RUNET_CASE_PENDING, N_ ("Waiting")},
    {RUNET_CRITERION_STATE, RUNET_CASE_RUNNING, N_ ("Being analysed")},
    {RUNET_CRITERION_STATE, RUNET_CASE_DONE, N_ ("Analysed")},
    {RUNET_CRITERION_STATE, RUNET_CASE_FAILED, N_ ("Failed")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_NONE, NC_ ("review", "Not reviewed")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_ACCEPTED, NC_ ("review", "Accepted")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_CORRECTED, NC_ ("review", "Corrected")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_REJECTED, NC_ ("review", "Rejected")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_BIT_FLAGGED, NC_ ("review", "Flagged")},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_BIT_DISPUTED, N_ ("Readers disagree")},
    {RUNET_CRITERION_OWN, 0, N_ ("Not reviewed by you")},
    {RUNET_CRITERION_VIEW, RUNET_VIEW_A4C, N_ ("Four-chamber")},
    {RUNET_CRITERION_VIEW, RUNET_VIEW_A2C, N_ ("Two-chamber")},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_GOOD, NC_ ("image quality", "Good")},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_MEDIUM, NC_ ("image quality", "Medium")},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_POOR, NC_ ("image quality", "Poor")},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_UNKNOWN,
     NC_ ("image quality", "Not known")},
    {RUNET_CRITERION_REASON, RUNET_REASON_MISSING, N_ ("Structure missing")},
    {RUNET_CRITERION_REASON, RUNET_REASON_CONVEXITY, N_ ("Dented")},
    {RUNET_CRITERION_REASON, RUNET_REASON_SIMPLICITY, N_ ("Jagged")},
    {RUNET_CRITERION_REASON, RUNET_REASON_MAD, N_ ("Off the expert’s on average")},
    {RUNET_CRITERION_REASON, RUNET_REASON_HD, N_ ("Far off the expert’s somewhere")},
    {RUNET_CRITERION_REASON, RUNET_REASON_STAGES, N_ ("Stages differ")},
    {RUNET_CRITERION_REASON, RUNET_REASON_UNSURE, N_ ("Model unsure")},
    {RUNET_CRITERION_REASON, RUNET_REASON_JUMP, N_ ("LV jumps")},
};

struct _RunetFilterPopover {
  GtkPopover parent;

  RunetWorklistFilter *filter;
  GtkWidget *checks[G_N_ELEMENTS (options)];
  GtkWidget *clear;
};

G_DEFINE_FINAL_TYPE (RunetFilterPopover, runet_filter_popover, GTK_TYPE_POPOVER)

static const char *
criterion_title (RunetCriterion criterion) {
  static const char *const titles[RUNET_CRITERIA] = {
      [RUNET_CRITERION_STATE] = N_ ("State"),
      [RUNET_CRITERION_REVIEW] = N_ ("Review"),
      [RUNET_CRITERION_VIEW] = N_ ("View"),
      [RUNET_CRITERION_QUALITY] = N_ ("Image quality"),
      [RUNET_CRITERION_REASON] = N_ ("Reason"),
  };
  return titles[criterion] ? _ (titles[criterion]) : NULL;
}

static const char *
option_label (const Option *option) {
  if (option->criterion == RUNET_CRITERION_QUALITY)
    return g_dpgettext2 (GETTEXT_PACKAGE, "image quality", option->label);
  if (option->criterion == RUNET_CRITERION_REVIEW &&
      option->bit != RUNET_REVIEW_BIT_DISPUTED)
    return g_dpgettext2 (GETTEXT_PACKAGE, "review", option->label);
  return _ (option->label);
}

static void
toggled_cb (GtkCheckButton *check, RunetFilterPopover *self) {
  guint wanted[RUNET_CRITERIA] = {0};
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->checks[i])))
      wanted[options[i].criterion] |= 1U << options[i].bit;
  for (int i = 0; i < RUNET_CRITERIA; i++)
    runet_worklist_filter_set (self->filter, i, wanted[i]);
}

static void
show_filter (RunetFilterPopover *self) {
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    guint chosen = runet_worklist_filter_get (self->filter, options[i].criterion);
    g_signal_handlers_block_by_func (self->checks[i], toggled_cb, self);
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->checks[i]),
                                 (chosen & (1U << options[i].bit)) != 0);
    g_signal_handlers_unblock_by_func (self->checks[i], toggled_cb, self);
  }
  gtk_widget_set_sensitive (self->clear,
                            runet_worklist_filter_count (self->filter) > 0);
}

static void
clear_cb (RunetFilterPopover *self) {
  for (int i = 0; i < RUNET_CRITERIA; i++)
    runet_worklist_filter_set (self->filter, i, 0);
}

static void
runet_filter_popover_dispose (GObject *object) {
  g_clear_object (&RUNET_FILTER_POPOVER (object)->filter);
  G_OBJECT_CLASS (runet_filter_popover_parent_class)->dispose (object);
}

static void
runet_filter_popover_class_init (RunetFilterPopoverClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_filter_popover_dispose;
}

static void
append_heading (GtkWidget *box, RunetCriterion criterion) {
  const char *title = criterion_title (criterion);
  if (!title)
    return;
  GtkWidget *heading = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "caption");
  gtk_widget_add_css_class (heading, "heading");
  gtk_widget_add_css_class (heading, "dim-label");
  gtk_box_append (GTK_BOX (box), heading);
}

/* Options of one criterion beside and below each other, under its name. */
static void
fill (RunetFilterPopover *self, GtkWidget *box) {
  GtkWidget *grid = NULL;
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    if (i == 0 || options[i].criterion != options[i - 1].criterion) {
      append_heading (box, options[i].criterion);
      grid = gtk_grid_new ();
      gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
      gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
      gtk_box_append (GTK_BOX (box), grid);
      count = 0;
    }
    self->checks[i] = gtk_check_button_new_with_label (option_label (&options[i]));
    g_signal_connect (self->checks[i], "toggled", G_CALLBACK (toggled_cb), self);
    gtk_grid_attach (GTK_GRID (grid), self->checks[i], (int)(count % COLUMNS),
                     (int)(count / COLUMNS), 1, 1);
    count++;
  }
}

static void
runet_filter_popover_init (RunetFilterPopover *self) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (GTK_WIDGET (self), "filters");
  fill (self, box);
  self->clear = gtk_button_new_with_mnemonic (_ ("_Clear Filters"));
  gtk_widget_set_margin_top (self->clear, 8);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  gtk_box_append (GTK_BOX (box), self->clear);
  gtk_popover_set_child (GTK_POPOVER (self), box);
}

GtkWidget *
runet_filter_popover_new (RunetWorklistFilter *filter) {
  RunetFilterPopover *self = g_object_new (RUNET_TYPE_FILTER_POPOVER, NULL);
  self->filter = g_object_ref (filter);
  g_signal_connect_object (filter, "changed", G_CALLBACK (show_filter), self,
                           G_CONNECT_SWAPPED);
  show_filter (self);
  return GTK_WIDGET (self);
}
