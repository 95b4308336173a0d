/* The registry: which models there are, where they come from, how the gate judged them, and which is the one in use.
 *
 * A folder with registry.sqlite, the models' files under the names of their hashes, and snapshots/. Rows are only ever
 * appended; the model in use follows from the history of promotions, so that a program that dies at any moment leaves
 * the old model in use or the new one, never neither. Several processes may have it open. */
#pragma once

#include <gio/gio.h>
#include "core/models/model.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_REGISTERED_CANDIDATE, /* was never in use */
  RUNET_REGISTERED_CURRENT,
  RUNET_REGISTERED_RETIRED, /* was in use once */
  RUNET_REGISTERED_STATES
} RunetRegisteredState;

typedef enum {
  RUNET_VERDICT_NONE, /* no gate judged it: a root, which came with the program or from elsewhere */
  RUNET_VERDICT_PASSED,
  RUNET_VERDICT_FAILED,
  RUNET_VERDICTS
} RunetVerdict;

const char *
runet_registered_state_to_string (RunetRegisteredState state); /* "candidate" … */
const char *
runet_verdict_to_string (RunetVerdict verdict); /* "none", "passed", "failed" */

/**
 * RunetRegisteredModel:
 * @hash: SHA-256 of its file, in hexadecimal
 * @path: of the registry's own copy
 * @name: the name of the file that it was registered from, without its folder
 * @architecture: "ru-net" …
 * @parent: (nullable): hash of the model that it was made from; NULL of a root
 * @snapshot: (nullable): hash of what it learned from
 * @time, @author: who registered it, when (UTC)
 * @settings: (nullable): JSON of what decided the training
 * @gate: (nullable): JSON, see runet_gate_to_json()
 */
typedef struct {
  char *hash;
  char *path;
  char *name;
  char *architecture;
  char *parent;
  char *snapshot;
  GDateTime *time;
  char *author;
  char *settings;
  char *gate;
  RunetVerdict verdict;
  RunetRegisteredState state;
} RunetRegisteredModel;

void
runet_registered_model_free (RunetRegisteredModel *model);

typedef enum {
  RUNET_CHANGE_PROMOTE,
  RUNET_CHANGE_ROLLBACK,
} RunetChangeKind;

/**
 * RunetRegistryChange: a line of the history
 * @from: (nullable): hash of the model that was in use before
 * @to: of the one in use after it
 * @forced: the gate had not passed it; @reason: (nullable): what the person said
 */
typedef struct {
  gint64 number;
  RunetChangeKind kind;
  GDateTime *time;
  char *author;
  char *architecture;
  char *from;
  char *to;
  gboolean forced;
  char *reason;
} RunetRegistryChange;

/* Not to be used by two threads at once. */
typedef struct _RunetRegistry RunetRegistry;

/* $XDG_DATA_HOME/runet-review/models. */
char *
runet_registry_get_default_folder (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_registry_open:
 * @folder: (nullable): the default one; made when it is not there
 *
 * One that is write-protected can be read; what would change it is %RUNET_ERROR_WRITE.
 * Errors: %RUNET_ERROR_WRITE, %RUNET_ERROR_FORMAT (damaged, or no registry), %RUNET_ERROR_UNSUPPORTED (of a newer
 * program). A file that is refused is left as it is.
 */
RunetRegistry *
runet_registry_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_registry_close (RunetRegistry *self);
const char *
runet_registry_get_folder (const RunetRegistry *self);
/* Where snapshots are written: FOLDER/snapshots. */
char *
runet_registry_get_snapshot_folder (const RunetRegistry *self)
    G_GNUC_WARN_UNUSED_RESULT;

/* Of runet_registry_add(); all strings are copied. */
typedef struct {
  const char *author;
  const char *parent; /* (nullable) */
  const char *snapshot; /* (nullable) */
  const char *settings; /* (nullable) */
  const char *gate; /* (nullable) */
  RunetVerdict verdict;
} RunetRegistration;

/**
 * runet_registry_add:
 * @model: one that was read from a file or written to one
 *
 * Copies the file of the model, checks that it still is what @model was read from, and enters it as a candidate. One
 * that is there already stays as it is; its file is put back where it was lost.
 * Errors: %RUNET_ERROR_WRITE, %RUNET_ERROR_MISMATCH (the file has changed).
 */
gboolean
runet_registry_add (RunetRegistry *self,
                    const RunetModel *model,
                    const RunetRegistration *registration,
                    GError **error);
/* A parent that is not registered yet, such as the one that came with the program. */
gboolean
runet_registry_add_root (RunetRegistry *self,
                         const RunetModel *model,
                         const char *author,
                         GError **error);

/* (transfer full) (element-type RunetRegisteredModel): the newest first. */
GPtrArray *
runet_registry_list (RunetRegistry *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_registry_find:
 * @prefix: the first characters of a hash, four at least
 *
 * Errors: %RUNET_ERROR_MISSING for none, %RUNET_ERROR_MISMATCH for several.
 */
RunetRegisteredModel *
runet_registry_find (RunetRegistry *self,
                     const char *prefix,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_registry_get_current:
 * @architecture: (nullable): any: the one that was put in use last
 *
 * Returns: (transfer full) (nullable): NULL without an error when none was ever promoted.
 */
RunetRegisteredModel *
runet_registry_get_current (RunetRegistry *self,
                            const char *architecture,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether its file is there and is what was registered. Reads it. Errors: %RUNET_ERROR_MISSING,
 * %RUNET_ERROR_MISMATCH. */
gboolean
runet_registered_model_check (const RunetRegisteredModel *model, GError **error);

/**
 * runet_registry_promote:
 * @forced: also when the gate did not pass it
 * @reason: (nullable): the person's word; needed when @forced lets something through
 *
 * Puts it in use in the place of the current one of its architecture. Errors: %RUNET_ERROR_MISMATCH (the gate failed,
 * or it is in use already), and those of runet_registered_model_check().
 */
gboolean
runet_registry_promote (RunetRegistry *self,
                        const char *hash,
                        const char *author,
                        gboolean forced,
                        const char *reason,
                        GError **error);
/**
 * runet_registry_rollback:
 * @architecture: (nullable): that of the one that was put in use last
 *
 * Back to the model that was in use before the current one. Errors: %RUNET_ERROR_MISSING when there is none.
 */
gboolean
runet_registry_rollback (RunetRegistry *self,
                         const char *architecture,
                         const char *author,
                         const char *reason,
                         GError **error);
/* (transfer full) (element-type RunetRegistryChange): the oldest first. */
GPtrArray *
runet_registry_list_changes (RunetRegistry *self,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_registry_get_locked: / runet_registry_lock:
 * @dataset: the data set's folder
 *
 * The patients of a data set by which models are judged: chosen once, so that gates can be compared. Where some
 * are locked already they stay, and runet_registry_lock() changes nothing.
 * Returns: (transfer full) (nullable) (element-type utf8): ids; NULL without an error when none are locked.
 */
GPtrArray *
runet_registry_get_locked (RunetRegistry *self,
                           const char *dataset,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
runet_registry_lock (RunetRegistry *self,
                     const char *dataset,
                     const GPtrArray *ids,
                     GError **error);

void
runet_registry_change_free (RunetRegistryChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRegisteredModel, runet_registered_model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRegistryChange, runet_registry_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRegistry, runet_registry_close)

G_END_DECLS
