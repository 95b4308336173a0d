/* Fields of CSV, as RFC 4180 has them. */
#include "csv.h"

#include <math.h>
#include <string.h>

void
runet_csv_append (GString *csv, const char *field, gboolean last) {
  if (strpbrk (field, ",\"\r\n")) {
    g_autoptr (GString) quoted = g_string_new (field);
    g_string_replace (quoted, "\"", "\"\"", 0);
    g_string_append_printf (csv, "\"%s\"", quoted->str);
  } else {
    g_string_append (csv, field);
  }
  g_string_append (csv, last ? "\r\n" : ",");
}

void
runet_csv_append_number (GString *csv, double value, int decimals, gboolean last) {
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "", format[16];
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  if (isfinite (value))
    g_ascii_formatd (text, sizeof text, format, value);
  runet_csv_append (csv, text, last);
}
