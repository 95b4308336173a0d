/* Fields of CSV, as RFC 4180 has them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Quoted where it must be; @last ends the line. */
void
runet_csv_append (GString *csv, const char *field, gboolean last);
/* A number that any program reads: with a point, whatever the language; empty when it is none. */
void
runet_csv_append_number (GString *csv, double value, int decimals, gboolean last);

G_END_DECLS
