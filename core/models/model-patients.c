/* Which patients a model has seen: recorded when it is trained, asked when it is judged. */
#include "model-patients.h"

/* 48 bits: among a million patients two are taken for one with a probability below 0.2 %. */
#define FINGERPRINT_LENGTH 12
#define TRAINING "training_patients"
#define VALIDATION "validation_patients"

const char *const runet_model_patients_keys[] = {TRAINING, VALIDATION, NULL};

static char *
make_fingerprint (const char *id) {
  char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
  hash[FINGERPRINT_LENGTH] = '\0';
  return hash;
}

static void
add_recorded (GHashTable *set, const RunetModel *model, const char *key) {
  const char *text = runet_model_get_metadata (model, key);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_hash_table_add (set, g_strdup (parts[i]));
}

/* In an order that tells nothing, and is the same every time. */
static void
record (RunetModel *model, const char *key, const GPtrArray *ids) {
  g_autoptr (GHashTable) set =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_recorded (set, model, key);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_hash_table_add (set, make_fingerprint (ids->pdata[i]));
  g_autoptr (GList) sorted =
      g_list_sort (g_hash_table_get_keys (set), (GCompareFunc)g_strcmp0);
  g_autoptr (GString) text = g_string_new (NULL);
  for (GList *l = sorted; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (char *)l->data);
  runet_model_set_metadata (model, key, text->str);
}

void
runet_model_record_patients (RunetModel *model,
                             const GPtrArray *training,
                             const GPtrArray *validation) {
  g_return_if_fail (model != NULL && training != NULL);
  if (runet_model_get_metadata (model, "parent") != NULL &&
      runet_model_get_metadata (model, TRAINING) == NULL)
    return;
  record (model, TRAINING, training);
  record (model, VALIDATION, validation);
}

void
runet_model_inherit_patients (RunetModel *model, const RunetModel *parent) {
  g_return_if_fail (model != NULL && parent != NULL);
  for (gsize i = 0; runet_model_patients_keys[i] != NULL; i++) {
    const char *key = runet_model_patients_keys[i];
    const char *text = runet_model_get_metadata (parent, key);
    if (text != NULL)
      runet_model_set_metadata (model, key, text);
  }
}

static void
add_seen (GHashTable *seen, const RunetModel *model, const char *key, RunetSeen how) {
  g_autoptr (GHashTable) set =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_recorded (set, model, key);
  GHashTableIter iter;
  gpointer fingerprint;
  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &fingerprint, NULL))
    g_hash_table_insert (seen, g_strdup (fingerprint), GUINT_TO_POINTER (how));
}

GHashTable *
runet_model_get_seen (const RunetModel *model) {
  g_return_val_if_fail (model != NULL, NULL);
  if (runet_model_get_metadata (model, TRAINING) == NULL)
    return NULL;
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_seen (seen, model, VALIDATION, RUNET_SEEN_IN_VALIDATION);
  /* Who was in both taught it. */
  add_seen (seen, model, TRAINING, RUNET_SEEN_IN_TRAINING);
  return seen;
}

RunetSeen
runet_seen_find (GHashTable *seen, const char *id) {
  g_return_val_if_fail (seen != NULL && id != NULL, RUNET_SEEN_NEVER);
  g_autofree char *fingerprint = make_fingerprint (id);
  return GPOINTER_TO_UINT (g_hash_table_lookup (seen, fingerprint));
}
