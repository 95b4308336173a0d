/* The hyper-parameters of a model as strings in the metadata of its file. */
#include "model-private.h"

#include <errno.h>
#include <string.h>

#include "core/base/error.h"

typedef enum {
  UINT,
  SIZE,
  FLOAT,
} Kind;

#define FIELD(kind, name, count) \
  { #name, kind, G_STRUCT_OFFSET(RunetHyperparameters, name), count }

static const struct {
  const char *key;
  Kind kind;
  gsize offset;
  guint count;
} fields[] = {
    FIELD (UINT, stages, 1),
    FIELD (SIZE, input_size, 1),
    FIELD (SIZE, classes, 1),
    FIELD (SIZE, down, RUNET_LEVELS),
    FIELD (SIZE, up, RUNET_LEVELS - 1),
    FIELD (UINT, dilation, 1),
    FIELD (FLOAT, shift, 1),
    FIELD (FLOAT, slope, 1),
    FIELD (FLOAT, shift2, 1),
    FIELD (UINT, dilations, 3),
};

/* The shortest that reads back as the same float: "0.01", not "0.00999999978". */
static void
append_float (GString *text, float value) {
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  for (int digits = 6; digits <= 9; digits++) {
    char format[8];
    g_snprintf (format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd (buffer, sizeof buffer, format, (double)value);
    if ((float)g_ascii_strtod (buffer, NULL) == value)
      break;
  }
  g_string_append (text, buffer);
}

static void
append_value (GString *text, Kind kind, const void *values, guint index) {
  if (kind == UINT)
    g_string_append_printf (text, "%u", ((const guint *)values)[index]);
  else if (kind == SIZE)
    g_string_append_printf (text, "%" G_GSIZE_FORMAT, ((const gsize *)values)[index]);
  else
    append_float (text, ((const float *)values)[index]);
}

void
runet_hyperparameters_write (const RunetHyperparameters *self, GHashTable *metadata) {
  g_hash_table_insert (metadata, g_strdup ("architecture"),
                       g_strdup (runet_architecture_to_string (self->architecture)));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    GString *text = g_string_new (NULL);
    for (guint j = 0; j < fields[i].count; j++) {
      if (j > 0)
        g_string_append_c (text, ',');
      append_value (text, fields[i].kind, G_STRUCT_MEMBER_P (self, fields[i].offset),
                    j);
    }
    g_hash_table_insert (metadata, g_strdup (fields[i].key),
                         g_string_free (text, FALSE));
  }
}

static gboolean
parse_value (const char *text, Kind kind, void *values, guint index) {
  if (kind == FLOAT) {
    char *end;
    ((float *)values)[index] = (float)g_ascii_strtod (text, &end);
    return end != text && *end == '\0';
  }
  guint64 number;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;
  if (kind == UINT)
    ((guint *)values)[index] = (guint)number;
  else
    ((gsize *)values)[index] = (gsize)number;
  return TRUE;
}

static gboolean
parse_values (const char *text, Kind kind, guint count, void *values) {
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  if (g_strv_length (parts) != count)
    return FALSE;
  for (guint j = 0; j < count; j++)
    if (!parse_value (parts[j], kind, values, j))
      return FALSE;
  return TRUE;
}

gboolean
runet_hyperparameters_read (RunetHyperparameters *self,
                            GHashTable *metadata,
                            GError **error) {
  const char *name = g_hash_table_lookup (metadata, "architecture");
  RunetArchitecture architecture;
  if (name == NULL || !runet_architecture_from_string (name, &architecture)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "metadata architecture: expected one of this program, found %s",
                 name != NULL ? name : "none");
    return FALSE;
  }
  runet_hyperparameters_init (self, architecture);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *text = g_hash_table_lookup (metadata, fields[i].key);
    if (text != NULL && parse_values (text, fields[i].kind, fields[i].count,
                                      G_STRUCT_MEMBER_P (self, fields[i].offset)))
      continue;
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "metadata %s: expected %u %s, found %s", fields[i].key,
                 fields[i].count, fields[i].count == 1 ? "number" : "numbers",
                 text != NULL ? text : "none");
    return FALSE;
  }
  return runet_hyperparameters_check (self, error);
}

gboolean
runet_hyperparameters_has_key (const char *key) {
  gboolean found = g_str_equal (key, "architecture");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    found |= g_str_equal (key, fields[i].key);
  return found;
}
