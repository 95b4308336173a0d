/* Whether a text may be given to the JSON parser, which recurses for every level. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * runet_json_is_shallow:
 * @text: (nullable): need not be JSON, nor end with a NUL
 * @most: how deep arrays and objects may nest
 *
 * Strict where the parser is not: it takes comments and single quotes, in which brackets could be hidden from whoever
 * counts them. Outside of strings only what RFC 8259 has there is let through.
 */
gboolean
runet_json_is_shallow (const char *text, gsize length, guint most);

/* Deeper than anything the program writes, and far from the end of any stack. */
#define RUNET_JSON_DEPTH 32

G_END_DECLS
