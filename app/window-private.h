/* What the files of the window share. */
#pragma once

#include "window.h"
#include "window-retrain.h"
#include "window-corrections.h"
#include "window-edit.h"
#include "window-engine.h"
#include "window-review.h"
#include "window-undo.h"

#include "ui/analysis.h"
#include "ui/inspector.h"
#include "ui/pane-width.h"
#include "ui/problem-bar.h"
#include "ui/refinement-panel.h"
#include "ui/run-bar.h"
#include "ui/tour.h"
#include "ui/viewer.h"
#include "ui/worklist.h"

G_BEGIN_DECLS

struct _RunetWindow {
  GtkApplicationWindow parent;

  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *spinner;
  GtkWidget *model_name;
  GtkWidget *engine_name;
  GtkWidget *model_button;
  GtkWidget *run_bar;
  GtkWidget *retrain_button;
  GtkWidget *retrain_spinner;
  GtkWidget *retrain_text;
  GtkWidget *menu_button;
  GtkWidget *problems;
  GtkWidget *stack;
  GtkWidget *outer;
  GtkWidget *inner;
  GtkWidget *worklist;
  GtkWidget *viewer;
  GtkWidget *side; /* has the next two */
  GtkWidget *inspector;
  GtkWidget *refinement;
  GMenu *recent_menu;
  GMenu *model_menu;

  RunetAnalysis *analysis;
  RunetWindowReview *review;
  RunetWindowEngine *engine;
  RunetWindowRetrain *retrain;
  RunetWindowCorrections *corrections;
  RunetWindowEdit *edit;
  GListStore *cases; /* (nullable) */
  char *path; /* (nullable): of the study */
  char *model; /* (nullable): path of the file */
  char
      *replaced; /* (nullable): what was said when the processor took over from a GPU */
  GCancellable *listing;
  GtkFileChooserNative *chooser;
  GtkWidget *report; /* (nullable): a weak pointer */
  int instant_due; /* where the viewer goes once it shows the case that was clicked elsewhere; -1: nowhere */
  GtkWidget
      *focus_before; /* (nullable): a weak pointer: had the focus before a popover */
  gboolean touched; /* since the study was opened: a key, a button or the wheel */
  guint focus_id; /* the focus is to return there */
  guint frame_id; /* an update of the inspector is due */
  RunetPaneWidth *worklist_width;
  RunetPaneWidth *inspector_width;
  RunetTour *tour; /* (nullable): while it lasts; a child of the window */
  gboolean tour_waits; /* for a study to be opened */
};

void
runet_window_add_actions (RunetWindow *self);
/* window-keys.c */
void
runet_window_add_keys (RunetWindow *self);
/* Before the window goes. */
void
runet_window_forget_focus (RunetWindow *self);
/* Enables what can be done now. */
void
runet_window_update_actions (RunetWindow *self);
void
runet_window_fill_recent (RunetWindow *self);
void
runet_window_fill_models (RunetWindow *self);
/* Shows @item in the viewer, with the other view of its patient beside it. */
void
runet_window_show_case (RunetWindow *self, RunetCase *item);
/* Runs the model over the study, when there are both. */
void
runet_window_run (RunetWindow *self);
/* Tells the refinement panel which model it is about. */
void
runet_window_update_refinement (RunetWindow *self);

G_END_DECLS
