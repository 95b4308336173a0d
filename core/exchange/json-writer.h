/* JSON as text, written from front to back: for files of many points, of which a tree would take a hundred times the
 * memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text: what there is so far. @comma: something stands before in the object or array that is open. */
typedef struct {
  GString *text;
  gboolean comma;
} RunetJsonWriter;

/* In all of these @name is the member's, NULL in an array and at the top. */
void
runet_json_writer_begin_object (RunetJsonWriter *self, const char *name);
void
runet_json_writer_begin_array (RunetJsonWriter *self, const char *name);
void
runet_json_writer_end_object (RunetJsonWriter *self);
void
runet_json_writer_end_array (RunetJsonWriter *self);
/* @value: (nullable): null. What is not UTF-8, as file names may be, becomes what JSON can hold. */
void
runet_json_writer_add_string (RunetJsonWriter *self,
                              const char *name,
                              const char *value);
/* null when it is not finite. */
void
runet_json_writer_add_number (RunetJsonWriter *self,
                              const char *name,
                              double value,
                              int decimals);
void
runet_json_writer_add_int (RunetJsonWriter *self, const char *name, gint64 value);
void
runet_json_writer_add_boolean (RunetJsonWriter *self, const char *name, gboolean value);
/* What follows starts on a line of its own: for people who look into the file. */
void
runet_json_writer_break (RunetJsonWriter *self);

G_END_DECLS
