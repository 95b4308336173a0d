/* What the files of the corrections share: the frame in hand (window-edit.c), its figures (window-edit-figures.c), the
 * record (window-edit-record.c) and the actions (window-edit-actions.c). */
#pragma once

#include "window-edit.h"
#include "window-private.h"

G_BEGIN_DECLS

struct _RunetWindowEdit {
  RunetWindow *window; /* which owns this */
  gboolean active; /* the tools are out */
  RunetEditor *editor; /* (nullable): of the frame in view, when it can be edited */
  RunetCase *item; /* of the editor; borrowed from the viewer … */
  RunetFrameResult *model; /* (nullable): … and what the model says of the frame */
  guint frame; /* of the clip */
  gint64 number; /* of the edit that the editor holds; 0: the model's contours */
  gboolean locked; /* when the editor was made */
  gboolean writing; /* what is new in the record was written here … */
  gboolean committing; /* … and is what the editor shows already */
  GPtrArray *unsaved; /* RunetEvent, the oldest first */
  char *trouble; /* (nullable): why they are, as it was said */
  guint tick_id; /* figures are due */
  gint64 began_us; /* the gesture in hand; 0: none */
  gint64 opened_us; /* the case in view */
  /* The hash that the last gesture asked for, and of which image: the next one is most often of the same. */
  RunetCase *hashed; /* (nullable) */
  int hashed_instant, hashed_number;
  char *hash; /* (nullable) */
  /* Kept from frame to frame. */
  RunetTool tool;
  RunetStructure structure;
  double radius_mm[2]; /* of what paints, and of what pushes */
  double falloff_mm; /* 0: the editor's own */
  gboolean allow;
  /* Where to go when the images are there. */
  RunetCase *goal; /* (nullable) */
  int goal_instant, goal_frame;
  /* What waits for the gestures to be written or given up. */
  void (*leave) (RunetWindow *window, const char *argument);
  char *leave_argument;
};

/* window-edit.c */

/* Of the window; borrowed. */
RunetViewer *
runet_window_edit_get_viewer (RunetWindowEdit *self);
RunetCanvas *
runet_window_edit_get_canvas (RunetWindowEdit *self);
RunetEditBar *
runet_window_edit_get_bar (RunetWindowEdit *self);
/* @item: (nullable): accepted by the author, and not reopened. */
gboolean
runet_window_edit_is_locked (RunetWindowEdit *self, RunetCase *item);
/* Begins with the frame in view anew, or says why it cannot be edited. */
void
runet_window_edit_attach (RunetWindowEdit *self);
/* Gives the editor the tool in hand, with its own radius. */
void
runet_window_edit_take_tool (RunetWindowEdit *self);
/* The bar and the list of points show the editor as it is. */
void
runet_window_edit_show_editor (RunetWindowEdit *self);

/* window-edit-figures.c */

/* Figures follow with the next frame of the screen. */
void
runet_window_edit_queue_figures (RunetWindowEdit *self);
void
runet_window_edit_cancel_figures (RunetWindowEdit *self);
/* Whose shape is told: of the point in hand, else of what the tools work on. */
RunetStructure
runet_window_edit_get_structure (RunetWindowEdit *self);

/* window-edit-record.c */

/* (transfer none) (nullable): the author's last edit of the frame that is in force. */
RunetEvent *
runet_window_edit_find_edit (RunetWindowEdit *self, RunetCase *item, guint frame);

/* window-edit-actions.c */
void
runet_window_edit_add_actions (RunetWindowEdit *self);

G_END_DECLS
