/* Rows in the pages of an SQLite file, read without SQLite. Section numbers are those of
 * https://www.sqlite.org/fileformat2.html; all numbers are big-endian. */
#include "database-pages.h"

#include <string.h>
#include "core/echo/file.h"

/* Section 1.3. */
#define HEADER_BYTES 100
#define HEADER_PAGE_SIZE 16
#define HEADER_RESERVED 20
#define PAGE_BYTES_MIN 512
#define PAGE_BYTES_MAX 65536
#define PAGE_BYTES_USUAL 4096
/* Section 1.6: a leaf of a table, and its header. */
#define LEAF_OF_TABLE 0x0d
#define LEAF_CELLS 3
#define LEAF_HEADER_BYTES 8
/* Section 4: the log. */
#define LOG_HEADER_BYTES 32
#define LOG_FRAME_BYTES 24
#define LOG_MAGIC 0x377f0682u

/* No row of ours has more columns. */
#define COLUMNS_MAX 32
/* Chains of pages that lead through each other would else take for ever. */
#define GATHERED_PER_BYTE 4

struct _RunetDatabasePages {
  guint8 *file;
  gsize size;
  guint8 *log; /* (nullable) */
  gsize log_size;
  gsize page_size;
  gsize usable; /* bytes of a page */
  GHashTable *newer; /* number of a page → its bytes in the log */
  gsize budget; /* bytes of rows that may still be put together from several pages */
};

static guint32
read_32 (const guint8 *bytes) {
  guint32 value;
  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint
read_16 (const guint8 *bytes) {
  return (guint)bytes[0] << 8 | bytes[1];
}

/* Section 1.6: one to nine bytes. Returns how many; 0 past @end. */
static gsize
read_varint (const guint8 *bytes, const guint8 *end, guint64 *value) {
  *value = 0;
  for (gsize i = 0; i < 9 && bytes + i < end; i++) {
    if (i == 8) {
      *value = *value << 8 | bytes[i];
      return 9;
    }
    *value = *value << 7 | (bytes[i] & 0x7f);
    if ((bytes[i] & 0x80) == 0)
      return i + 1;
  }
  return 0;
}

/* ---- The file and its log ---- */

static gboolean
is_page_size (gsize size) {
  return size >= PAGE_BYTES_MIN && size <= PAGE_BYTES_MAX && (size & (size - 1)) == 0;
}

static void
read_header (RunetDatabasePages *self) {
  self->page_size = PAGE_BYTES_USUAL;
  self->usable = PAGE_BYTES_USUAL;
  if (self->size < HEADER_BYTES)
    return;
  const gsize size = read_16 (self->file + HEADER_PAGE_SIZE);
  if (size == 1 || is_page_size (size))
    self->page_size = size == 1 ? PAGE_BYTES_MAX : size;
  const gsize reserved = self->file[HEADER_RESERVED];
  self->usable = self->page_size - (reserved <= 32 ? reserved : 0);
}

/* Section 4.2. @sum: the two words so far, and after. */
static void
add_to_sum (const guint8 *bytes, gsize size, gboolean big_endian, guint32 sum[2]) {
  for (gsize i = 0; i + 8 <= size; i += 8) {
    guint32 first = read_32 (bytes + i), second = read_32 (bytes + i + 4);
    if (!big_endian) {
      first = GUINT32_SWAP_LE_BE (first);
      second = GUINT32_SWAP_LE_BE (second);
    }
    sum[0] += first + sum[1];
    sum[1] += second + sum[0];
  }
}

/* What was committed: frames up to the last that ends a transaction and is sound. */
static void
read_log (RunetDatabasePages *self) {
  const guint8 *log = self->log;
  if (self->log_size < LOG_HEADER_BYTES || (read_32 (log) & ~1u) != LOG_MAGIC ||
      read_32 (log + 8) != self->page_size)
    return;
  const gboolean big_endian = (read_32 (log) & 1u) != 0;
  const gsize step = LOG_FRAME_BYTES + self->page_size;
  guint32 sum[2] = {0, 0};
  add_to_sum (log, 24, big_endian, sum);
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);
  for (gsize at = LOG_HEADER_BYTES; at + step <= self->log_size; at += step) {
    const guint8 *frame = log + at;
    add_to_sum (frame, 8, big_endian, sum);
    add_to_sum (frame + LOG_FRAME_BYTES, self->page_size, big_endian, sum);
    if (memcmp (frame + 8, log + 16, 8) != 0 || read_32 (frame + 16) != sum[0] ||
        read_32 (frame + 20) != sum[1])
      return;
    g_hash_table_insert (open, GSIZE_TO_POINTER ((gsize)read_32 (frame)),
                         (gpointer)(frame + LOG_FRAME_BYTES));
    if (read_32 (frame + 4) == 0)
      continue;
    GHashTableIter iter;
    gpointer number, page;
    g_hash_table_iter_init (&iter, open);
    while (g_hash_table_iter_next (&iter, &number, &page))
      g_hash_table_insert (self->newer, number, page);
    g_hash_table_remove_all (open);
  }
}

RunetDatabasePages *
runet_database_pages_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);

  g_autoptr (RunetDatabasePages) self = g_new0 (RunetDatabasePages, 1);
  self->newer = g_hash_table_new (NULL, NULL);
  if (!runet_file_check (path, &self->size, error))
    return NULL;
  self->file = runet_file_read (path, 0, self->size, NULL, error);
  if (self->file == NULL)
    return NULL;
  read_header (self);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  if (runet_file_check (log, &self->log_size, NULL))
    self->log = runet_file_read (log, 0, self->log_size, NULL, NULL);
  if (self->log != NULL)
    read_log (self);
  return g_steal_pointer (&self);
}

void
runet_database_pages_free (RunetDatabasePages *self) {
  g_hash_table_unref (self->newer);
  g_free (self->file);
  g_free (self->log);
  g_free (self);
}

/* From 1; NULL past the end. */
static const guint8 *
get_page (const RunetDatabasePages *self, gsize number) {
  const guint8 *newer = g_hash_table_lookup (self->newer, GSIZE_TO_POINTER (number));
  if (newer != NULL)
    return newer;
  return number >= 1 && number <= self->size / self->page_size
             ? self->file + (number - 1) * self->page_size
             : NULL;
}

static gsize
count_pages (const RunetDatabasePages *self) {
  gsize count = self->size / self->page_size;
  GHashTableIter iter;
  gpointer number;
  g_hash_table_iter_init (&iter, self->newer);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    count = MAX (count, GPOINTER_TO_SIZE (number));
  return count;
}

/* ---- A row ---- */

/* Section 1.6: how much of a payload stands in the cell itself. */
static gsize
count_local (const RunetDatabasePages *self, gsize payload) {
  const gsize most = self->usable - 35;
  if (payload <= most)
    return payload;
  const gsize least = (self->usable - 12) * 32 / 255 - 23;
  const gsize local = least + (payload - least) % (self->usable - 4);
  return local <= most ? local : least;
}

/* Adds the rest of the payload from its chain of pages, as far as there are any. */
static void
follow_chain (RunetDatabasePages *self, gsize next, gsize payload, GByteArray *bytes) {
  while (bytes->len < payload) {
    const guint8 *page = next != 0 ? get_page (self, next) : NULL;
    const gsize part = MIN (payload - bytes->len, self->usable - 4);
    if (page == NULL || part > self->budget)
      return;
    self->budget -= part;
    g_byte_array_append (bytes, page + 4, (guint)part);
    next = read_32 (page);
  }
}

/* Section 2.1. @bytes: (nullable): what is there of it */
static RunetValue
read_value (guint64 type, const guint8 *bytes, gsize size) {
  static const RunetValueKind kinds[] = {RUNET_VALUE_BLOB, RUNET_VALUE_TEXT};
  if (bytes == NULL)
    return (RunetValue){.kind = RUNET_VALUE_LOST};
  if (type >= 12)
    return (RunetValue){.kind = kinds[type % 2], .bytes = bytes, .size = size};
  if (type == 0)
    return (RunetValue){.kind = RUNET_VALUE_NULL};
  if (type >= 8)
    return (RunetValue){.kind = RUNET_VALUE_INTEGER, .integer = type == 9};
  guint64 bits = (bytes[0] & 0x80) != 0 && type != 7 ? G_MAXUINT64 : 0;
  for (gsize i = 0; i < size; i++)
    bits = bits << 8 | bytes[i];
  RunetValue value = {.kind = type == 7 ? RUNET_VALUE_REAL : RUNET_VALUE_INTEGER,
                      .integer = (gint64)bits};
  memcpy (&value.real, &bits, sizeof bits);
  return value;
}

static gsize
count_value_bytes (guint64 type) {
  static const gsize sizes[12] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? sizes[type] : (gsize)((type - 12) / 2);
}

/* @bytes: @size of the @payload bytes that the row has. Returns the number of values, 0 for what is no row. */
static guint
read_record (const guint8 *bytes, gsize size, gsize payload, RunetValue *values) {
  guint64 header, type;
  gsize at = read_varint (bytes, bytes + size, &header);
  if (at == 0 || header < at || header > size)
    return 0;
  gsize body = (gsize)header;
  guint count = 0;
  while (at < header) {
    const gsize step = read_varint (bytes + at, bytes + header, &type);
    const gsize length = count_value_bytes (type);
    if (step == 0 || type == 10 || type == 11 || count == COLUMNS_MAX ||
        length > payload - body)
      return 0;
    values[count++] =
        read_value (type, body + length <= size ? bytes + body : NULL, length);
    at += step;
    body += length;
  }
  return body == payload ? count : 0;
}

static void
read_cell (RunetDatabasePages *self,
           const guint8 *cell,
           const guint8 *end,
           RunetRowFunc func,
           gpointer user_data) {
  guint64 payload, number;
  const gsize first = read_varint (cell, end, &payload);
  const gsize second = first > 0 ? read_varint (cell + first, end, &number) : 0;
  if (second == 0 || payload == 0 || payload > self->size + self->log_size)
    return;
  const guint8 *content = cell + first + second;
  const gsize local = count_local (self, (gsize)payload);
  const gboolean chained = local < payload;
  if ((gsize)(end - content) < local + (chained ? 4 : 0))
    return;
  RunetValue values[COLUMNS_MAX];
  g_autoptr (GByteArray) gathered = NULL;
  gsize size = local;
  if (chained) {
    gathered = g_byte_array_new ();
    g_byte_array_append (gathered, content, (guint)local);
    follow_chain (self, read_32 (content + local), (gsize)payload, gathered);
    content = gathered->data;
    size = gathered->len;
  }
  const guint count = read_record (content, size, (gsize)payload, values);
  if (count > 0)
    func ((gint64)number, values, count, user_data);
}

static void
read_leaf (RunetDatabasePages *self,
           const guint8 *page,
           gsize header,
           RunetRowFunc func,
           gpointer user_data) {
  const guint cells = read_16 (page + header + LEAF_CELLS);
  const gsize pointers = header + LEAF_HEADER_BYTES;
  for (gsize i = 0; i < cells && pointers + 2 * i + 2 <= self->usable; i++) {
    const gsize at = read_16 (page + pointers + 2 * i);
    if (at >= pointers && at < self->usable)
      read_cell (self, page + at, page + self->usable, func, user_data);
  }
}

void
runet_database_pages_foreach (RunetDatabasePages *self,
                              RunetRowFunc func,
                              gpointer user_data) {
  g_return_if_fail (self != NULL && func != NULL);

  self->budget = GATHERED_PER_BYTE * (self->size + self->log_size);
  const gsize pages = count_pages (self);
  for (gsize number = 1; number <= pages; number++) {
    const guint8 *page = get_page (self, number);
    const gsize header = number == 1 ? HEADER_BYTES : 0;
    if (page != NULL && page[header] == LEAF_OF_TABLE)
      read_leaf (self, page, header, func, user_data);
  }
}
