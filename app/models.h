/* Which model files there are: those that came with the program, those of RUNET_MODEL_DIR, and the one that the registry
 * has in use. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* That of the registry, then paths of *.safetensors in the folders of RUNET_MODEL_DIR (colons between them), then in the
 * program's own, by name. Returns: (transfer full) (element-type utf8). */
GPtrArray *
runet_models_list (void) G_GNUC_WARN_UNUSED_RESULT;
/* "ru-net-camus" of ".../ru-net-camus.safetensors"; of a registered one the name that it was registered by. */
char *
runet_model_title (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Path of the model that the registry has in use; (transfer full) (nullable). A registry is not made for the question. */
char *
runet_models_get_current (void) G_GNUC_WARN_UNUSED_RESULT;
/* Title of the model that the registry has in use but whose file is gone; (transfer full) (nullable). */
char *
runet_models_get_lost (void) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it is a file of the registry. */
gboolean
runet_model_is_registered (const char *path);

G_END_DECLS
