/* JSON as text, written from front to back. */
#include "json-writer.h"

#include <math.h>

/* RFC 8259, section 7. */
static void
append_quoted (GString *text, const char *value) {
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  g_string_append_c (text, '"');
  for (const char *c = valid; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf (text, "\\%c", *c);
    else if ((guchar)*c < 0x20)
      g_string_append_printf (text, "\\u%04x", (guint)(guchar)*c);
    else
      g_string_append_c (text, *c);
  }
  g_string_append_c (text, '"');
}

/* Everything before a value. */
static void
start (RunetJsonWriter *self, const char *name) {
  if (self->comma)
    g_string_append_c (self->text, ',');
  self->comma = TRUE;
  if (name == NULL)
    return;
  append_quoted (self->text, name);
  g_string_append_c (self->text, ':');
}

static void
open_bracket (RunetJsonWriter *self, const char *name, char bracket) {
  start (self, name);
  g_string_append_c (self->text, bracket);
  self->comma = FALSE;
}

static void
close_bracket (RunetJsonWriter *self, char bracket) {
  g_string_append_c (self->text, bracket);
  self->comma = TRUE;
}

void
runet_json_writer_begin_object (RunetJsonWriter *self, const char *name) {
  open_bracket (self, name, '{');
}

void
runet_json_writer_begin_array (RunetJsonWriter *self, const char *name) {
  open_bracket (self, name, '[');
}

void
runet_json_writer_end_object (RunetJsonWriter *self) {
  close_bracket (self, '}');
}

void
runet_json_writer_end_array (RunetJsonWriter *self) {
  close_bracket (self, ']');
}

void
runet_json_writer_add_string (RunetJsonWriter *self,
                              const char *name,
                              const char *value) {
  start (self, name);
  if (value != NULL)
    append_quoted (self->text, value);
  else
    g_string_append (self->text, "null");
}

void
runet_json_writer_add_number (RunetJsonWriter *self,
                              const char *name,
                              double value,
                              int decimals) {
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "null", format[16];
  start (self, name);
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  if (isfinite (value) && fabs (value) < 1e15)
    g_ascii_formatd (text, sizeof text, format, value);
  else if (isfinite (value))
    g_ascii_dtostr (text, sizeof text, value);
  g_string_append (self->text, text);
}

void
runet_json_writer_add_int (RunetJsonWriter *self, const char *name, gint64 value) {
  start (self, name);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
runet_json_writer_add_boolean (RunetJsonWriter *self,
                               const char *name,
                               gboolean value) {
  start (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
runet_json_writer_break (RunetJsonWriter *self) {
  if (self->comma)
    g_string_append_c (self->text, ',');
  self->comma = FALSE;
  g_string_append_c (self->text, '\n');
}
