/* Correcting contours in the window: the frame that is edited, its tools, and every gesture into the record. */
#pragma once

#include "core/editing/editor.h"
#include "ui/case.h"
#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowEdit RunetWindowEdit;

/* Once, when the window is made, with its actions. Returns: (transfer full): kept by the window. */
RunetWindowEdit *
runet_window_edit_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
void
runet_window_edit_free (RunetWindowEdit *self);
/* What was decided or edited, or by whom, is new. */
void
runet_window_edit_record_changed (RunetWindowEdit *self);
/* Enables what can be edited now. */
void
runet_window_edit_update (RunetWindowEdit *self);
/* Shows @item, and of it ED or ES (@instant) or the 1-based @frame; the images may follow a moment later. */
void
runet_window_edit_go_to (RunetWindowEdit *self,
                         RunetCase *item,
                         int instant,
                         int frame);
/* How long the case in view has been looked at, in this session. */
double
runet_window_edit_get_seconds (RunetWindowEdit *self);

/* Gestures that could not be written are kept until they are, or somebody gives them up. Tries to write them; FALSE when
 * some still are not. */
gboolean
runet_window_edit_write (RunetWindowEdit *self);
gboolean
runet_window_edit_has_unsaved (RunetWindowEdit *self);
/* Takes back the last of them. FALSE when there is none. */
gboolean
runet_window_edit_drop_unsaved (RunetWindowEdit *self);
/* FALSE when some are left: then it is asked what is to become of them, and @leave is called when nothing is. */
gboolean
runet_window_edit_may_leave (RunetWindowEdit *self,
                             void (*leave) (RunetWindow *window, const char *argument),
                             const char *argument);

/* For commands on other frames than the one that is edited; @self stays with what it edits. */

/* (nullable): none now. */
RunetEditor *
runet_window_edit_get_editor (RunetWindowEdit *self);
/* (transfer full) (nullable): the contours of that frame of the clip as the author has them, else the model's; NULL
 * where there is neither. @own: (out) (optional): it is the author's. */
RunetCorrection *
runet_window_edit_read_frame (RunetWindowEdit *self,
                              guint frame,
                              gboolean *own) G_GNUC_WARN_UNUSED_RESULT;
/* Writes that @frame of the clip went from @before to @after. @group: (nullable): edits of one group are undone as one. */
void
runet_window_edit_record (RunetWindowEdit *self,
                          guint frame,
                          const char *tool,
                          RunetCorrection *before,
                          RunetCorrection *after,
                          const char *group);
/* (transfer full) (nullable): what an event says of the image of that frame of @item, which is in view: see RunetSubject.
 * NULL when the image cannot be read. */
char *
runet_window_edit_hash_image (RunetWindowEdit *self,
                              RunetCase *item,
                              int instant,
                              int number) G_GNUC_WARN_UNUSED_RESULT;
/* Of the frame that is edited, after a command of the editor that changed it. */
void
runet_window_edit_commit (RunetWindowEdit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowEdit, runet_window_edit_free)

G_END_DECLS
