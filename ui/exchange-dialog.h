/* Gets contours out of the record of a study, or masks into it: asks what and where, does it beside the main thread,
 * and says what came of it. */
#pragma once

#include <gtk/gtk.h>
#include "core/exchange/export.h"

G_BEGIN_DECLS

#define RUNET_TYPE_EXCHANGE_DIALOG (runet_exchange_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RunetExchangeDialog,
                      runet_exchange_dialog,
                      RUNET,
                      EXCHANGE_DIALOG,
                      GtkWindow)

typedef enum { RUNET_EXCHANGE_EXPORT, RUNET_EXCHANGE_IMPORT } RunetExchangeKind;

/**
 * runet_exchange_dialog_new:
 * @record, @dataset: paths
 * @author: (nullable): whose version may be exported
 * @report: (nullable): without it there is no PDF
 */
GtkWidget *
runet_exchange_dialog_new (GtkWindow *parent,
                           RunetExchangeKind kind,
                           const char *record,
                           const char *dataset,
                           const char *author,
                           RunetExportReport report);
/* Where an export goes, or where the masks of an import are. */
void
runet_exchange_dialog_set_folder (RunetExchangeDialog *self, const char *folder);
/* Starts, as the button does. */
void
runet_exchange_dialog_start (RunetExchangeDialog *self);
gboolean
runet_exchange_dialog_is_running (RunetExchangeDialog *self);
/* What came of it, in words; empty before. */
const char *
runet_exchange_dialog_get_message (RunetExchangeDialog *self);

G_END_DECLS
