/* A tour: a popover that goes from one part of the window to the next. */
#include "tour.h"

#include <glib/gi18n-lib.h>

#define TARGET_CLASS "tour-target"
/* Lines that are read without moving the head. */
#define LINE_CHARS 44

typedef struct {
  GtkWidget *target; /* owned */
  GtkPositionType side;
  char *title, *text;
} Step;

struct _RunetTour {
  GtkPopover parent;

  GtkWidget *window;
  GtkWidget *title, *text, *place, *back, *next;
  GArray *steps;
  int step;
};

G_DEFINE_FINAL_TYPE (RunetTour, runet_tour, GTK_TYPE_POPOVER)

static guint ended_signal;

static void
step_clear (gpointer data) {
  Step *step = data;
  g_clear_object (&step->target);
  g_free (step->title);
  g_free (step->text);
}

static Step *
get_step (RunetTour *self, int step) {
  if (step < 0 || step >= (int)self->steps->len)
    return NULL;
  return &g_array_index (self->steps, Step, step);
}

static void
unmark (RunetTour *self) {
  Step *step = get_step (self, self->step);
  if (step)
    gtk_widget_remove_css_class (step->target, TARGET_CLASS);
}

/* Which of the steps that can be shown this is. */
static guint
count_shown (RunetTour *self, int end) {
  guint count = 0;
  for (int i = 0; i < end; i++)
    count += gtk_widget_get_mapped (get_step (self, i)->target);
  return count;
}

static int
find_shown (RunetTour *self, int from, int by) {
  int step = from + by;
  while (get_step (self, step) &&
         !gtk_widget_get_mapped (get_step (self, step)->target))
    step += by > 0 ? 1 : -1;
  return step;
}

static void
point (RunetTour *self, const Step *step) {
  graphene_rect_t bounds;
  if (!gtk_widget_compute_bounds (step->target, self->window, &bounds))
    return;
  const GdkRectangle rectangle = {(int)bounds.origin.x, (int)bounds.origin.y,
                                  (int)bounds.size.width, (int)bounds.size.height};
  gtk_popover_set_position (GTK_POPOVER (self), step->side);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &rectangle);
}

static void
show_step (RunetTour *self) {
  const Step *step = get_step (self, self->step);
  const guint all = count_shown (self, (int)self->steps->len);
  const guint now = count_shown (self, self->step) + 1;
  gtk_label_set_label (GTK_LABEL (self->title), step->title);
  gtk_label_set_label (GTK_LABEL (self->text), step->text);
  g_autofree char *place = g_strdup_printf (_ ("%u of %u"), now, all);
  gtk_label_set_label (GTK_LABEL (self->place), place);
  gtk_widget_set_sensitive (self->back, now > 1);
  gtk_button_set_label (GTK_BUTTON (self->next),
                        now < all ? C_ ("tour", "_Next") : C_ ("tour", "_Done"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  step->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  step->text, -1);
  gtk_widget_add_css_class (step->target, TARGET_CLASS);
  point (self, step);
}

void
runet_tour_move (RunetTour *self, int by) {
  g_return_if_fail (RUNET_IS_TOUR (self) && by != 0);
  const int step = find_shown (self, self->step, by);
  if (step < 0)
    return;
  unmark (self);
  self->step = step;
  if (!get_step (self, step)) {
    runet_tour_end (self);
    return;
  }
  show_step (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (self->next);
}

void
runet_tour_start (RunetTour *self) {
  g_return_if_fail (RUNET_IS_TOUR (self));
  unmark (self);
  self->step = -1;
  runet_tour_move (self, 1);
}

void
runet_tour_end (RunetTour *self) {
  g_return_if_fail (RUNET_IS_TOUR (self));
  gtk_popover_popdown (GTK_POPOVER (self));
}

int
runet_tour_get_step (RunetTour *self) {
  g_return_val_if_fail (RUNET_IS_TOUR (self), -1);
  return self->step;
}

void
runet_tour_add_step (RunetTour *self,
                     GtkWidget *target,
                     GtkPositionType side,
                     const char *title,
                     const char *text) {
  g_return_if_fail (RUNET_IS_TOUR (self) && GTK_IS_WIDGET (target));
  const Step step = {g_object_ref (target), side, g_strdup (title), g_strdup (text)};
  g_array_append_val (self->steps, step);
}

/* @user_data: the tour, which by now may have gone with its window. */
static gboolean
let_go_cb (gpointer user_data) {
  RunetTour *self = user_data;
  g_signal_emit (self, ended_signal, 0);
  if (gtk_widget_get_parent (GTK_WIDGET (self)))
    gtk_widget_unparent (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

/* The popover is still in use when it says that it is closed. */
static void
closed_cb (RunetTour *self) {
  unmark (self);
  self->step = -1;
  /* A window keeps what had the focus when it went. */
  GtkRoot *root = gtk_widget_get_root (self->window);
  if (root)
    gtk_root_set_focus (root, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, let_go_cb, g_object_ref (self), g_object_unref);
}

static void
back_cb (RunetTour *self) {
  runet_tour_move (self, -1);
}

static void
next_cb (RunetTour *self) {
  runet_tour_move (self, 1);
}

static gboolean
back_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data) {
  runet_tour_move (RUNET_TOUR (widget), -1);
  return TRUE;
}

static GtkWidget *
label_new (const char *css_class) {
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LINE_CHARS);
  gtk_label_set_width_chars (GTK_LABEL (label), LINE_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
footer_new (RunetTour *self) {
  GtkWidget *footer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->place = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->place, "dim-label");
  gtk_widget_set_hexpand (self->place, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->place), 0);
  self->back = gtk_button_new_with_mnemonic (C_ ("tour", "_Back"));
  self->next = gtk_button_new_with_mnemonic (C_ ("tour", "_Next"));
  gtk_widget_add_css_class (self->next, "suggested-action");
  g_signal_connect_swapped (self->back, "clicked", G_CALLBACK (back_cb), self);
  g_signal_connect_swapped (self->next, "clicked", G_CALLBACK (next_cb), self);
  gtk_box_append (GTK_BOX (footer), self->place);
  gtk_box_append (GTK_BOX (footer), self->back);
  gtk_box_append (GTK_BOX (footer), self->next);
  return footer;
}

static void
runet_tour_dispose (GObject *object) {
  RunetTour *self = RUNET_TOUR (object);
  if (self->steps)
    g_array_set_size (self->steps, 0);
  G_OBJECT_CLASS (runet_tour_parent_class)->dispose (object);
}

static void
runet_tour_finalize (GObject *object) {
  g_array_unref (RUNET_TOUR (object)->steps);
  G_OBJECT_CLASS (runet_tour_parent_class)->finalize (object);
}

static void
runet_tour_class_init (RunetTourClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_tour_dispose;
  G_OBJECT_CLASS (class)->finalize = runet_tour_finalize;
  ended_signal = g_signal_new ("ended", RUNET_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL,
                               NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (class), GDK_KEY_Return,
                                GDK_SHIFT_MASK, back_key_cb, NULL);
}

static void
runet_tour_init (RunetTour *self) {
  self->step = -1;
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (self->steps, step_clear);
  self->title = label_new ("heading");
  self->text = label_new (NULL);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append (GTK_BOX (content), self->title);
  gtk_box_append (GTK_BOX (content), self->text);
  gtk_box_append (GTK_BOX (content), footer_new (self));
  gtk_popover_set_child (GTK_POPOVER (self), content);
  gtk_popover_set_default_widget (GTK_POPOVER (self), self->next);
  /* Looking at the part of the window that is spoken of does not end the tour. */
  gtk_popover_set_autohide (GTK_POPOVER (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "tour");
  g_signal_connect (self, "closed", G_CALLBACK (closed_cb), NULL);
}

RunetTour *
runet_tour_new (GtkWidget *window) {
  g_return_val_if_fail (GTK_IS_WIDGET (window), NULL);
  RunetTour *self = g_object_new (RUNET_TYPE_TOUR, NULL);
  self->window = window;
  gtk_widget_set_parent (GTK_WIDGET (self), window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (gtk_widget_unparent), self,
                           G_CONNECT_SWAPPED);
  return self;
}
