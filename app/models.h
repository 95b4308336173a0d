/* Which model files there are: those that came with the program and those of RUNET_MODEL_DIR. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Paths of *.safetensors in the folders of RUNET_MODEL_DIR (colons between them), then in the
 * program's own, by name. Returns: (transfer full) (element-type utf8). */
GPtrArray *
runet_models_list (void) G_GNUC_WARN_UNUSED_RESULT;
/* "ru-net-camus" of ".../ru-net-camus.safetensors". */
char *
runet_model_title (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
