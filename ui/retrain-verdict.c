/* What came of a retraining. */
#include "retrain-verdict.h"

#include <glib/gi18n-lib.h>
#include "gate-view.h"
#include "promote-dialog.h"
#include "promotion.h"

struct _RunetRetrainVerdict {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *view;
  GtkWidget *hint;
  GtkWidget *keep;
  GtkWidget *promote;

  const RunetGate *gate; /* (nullable): borrowed */
  char *candidate; /* (nullable) */
  char *author;
  gboolean promoted;
};

G_DEFINE_FINAL_TYPE (RunetRetrainVerdict, runet_retrain_verdict, GTK_TYPE_WIDGET)

enum { CASE_ACTIVATED, MODEL_CHANGED, PROBLEM, KEPT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
update (RunetRetrainVerdict *self) {
  const gboolean passed = self->gate && self->gate->passed;
  gtk_button_set_label (GTK_BUTTON (self->promote),
                        passed ? _ ("_Use This Model") : _ ("_Use It Anyway…"));
  gtk_widget_set_visible (self->promote, self->candidate && !self->promoted);
  gtk_button_set_label (GTK_BUTTON (self->keep),
                        self->promoted ? _ ("_Close") : _ ("_Keep as Candidate"));
  if (passed)
    gtk_widget_add_css_class (self->promote, "suggested-action");
  else
    gtk_widget_remove_css_class (self->promote, "suggested-action");
  gtk_label_set_label (GTK_LABEL (self->hint),
                       self->promoted ? _ ("It is in use now. The model before it is "
                                           "one click away, under “Models”.")
                                      : _ ("The model in use is as it was. This one is "
                                           "under “Models” from now on."));
}

void
runet_retrain_verdict_show (RunetRetrainVerdict *self,
                            const RunetGate *gate,
                            const char *candidate) {
  g_return_if_fail (RUNET_IS_RETRAIN_VERDICT (self));
  self->gate = gate;
  g_free (self->candidate);
  self->candidate = g_strdup (candidate);
  self->promoted = FALSE;
  runet_gate_view_set_gate (RUNET_GATE_VIEW (self->view), gate);
  update (self);
}

void
runet_retrain_verdict_set_author (RunetRetrainVerdict *self, const char *author) {
  g_return_if_fail (RUNET_IS_RETRAIN_VERDICT (self));
  g_free (self->author);
  self->author = g_strdup (author);
}

/* ---- Putting it in use ---- */

static void
promoted_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr (RunetRetrainVerdict) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = runet_promotion_finish (result, &error);
  /* The window was closed for good meanwhile. */
  if (!self->content)
    return;
  gtk_widget_set_sensitive (self->promote, TRUE);
  if (!path) {
    g_signal_emit (self, signals[PROBLEM], 0, error->message);
    return;
  }
  self->promoted = TRUE;
  update (self);
  g_signal_emit (self, signals[MODEL_CHANGED], 0, path);
}

static void
promote (RunetRetrainVerdict *self, const char *reason) {
  gtk_widget_set_sensitive (self->promote, FALSE);
  runet_promote_async (self->candidate,
                       self->author ? self->author : g_get_user_name (), reason,
                       promoted_cb, g_object_ref (self));
}

static void
confirmed_cb (RunetPromoteDialog *dialog,
              const char *reason,
              RunetRetrainVerdict *self) {
  promote (self, reason);
}

static void
promote_cb (RunetRetrainVerdict *self) {
  if (self->gate && self->gate->passed) {
    promote (self, NULL);
    return;
  }
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog =
      runet_promote_dialog_new (GTK_WINDOW (root), _ ("this model"), self->gate);
  g_signal_connect_object (dialog, "confirmed", G_CALLBACK (confirmed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
keep_cb (RunetRetrainVerdict *self) {
  g_signal_emit (self, signals[KEPT], 0);
}

static void
case_activated_cb (RunetRetrainVerdict *self, const char *name) {
  g_signal_emit (self, signals[CASE_ACTIVATED], 0, name);
}

/* ---- Object ---- */

static void
runet_retrain_verdict_dispose (GObject *object) {
  RunetRetrainVerdict *self = RUNET_RETRAIN_VERDICT (object);
  self->gate = NULL;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->candidate, g_free);
  g_clear_pointer (&self->author, g_free);
  G_OBJECT_CLASS (runet_retrain_verdict_parent_class)->dispose (object);
}

static void
add_signals (RunetRetrainVerdictClass *class) {
  static const char *const names[] = {"case-activated", "model-changed", "problem"};
  for (guint i = CASE_ACTIVATED; i <= PROBLEM; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[KEPT] = g_signal_new ("kept", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
runet_retrain_verdict_class_init (RunetRetrainVerdictClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_retrain_verdict_dispose;
  g_type_ensure (RUNET_TYPE_GATE_VIEW);
  add_signals (class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/retrain-verdict.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, RunetRetrainVerdict, name)
  BIND (content);
  BIND (view);
  BIND (hint);
  BIND (keep);
  BIND (promote);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, promote_cb);
  gtk_widget_class_bind_template_callback (widget_class, case_activated_cb);
}

static void
runet_retrain_verdict_init (RunetRetrainVerdict *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
runet_retrain_verdict_new (void) {
  return g_object_new (RUNET_TYPE_RETRAIN_VERDICT, NULL);
}
