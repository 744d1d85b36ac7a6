/*
 * intern: equal things become one thing, so that what was worked out for one is found for all: lists of certificates by their bytes,
 * hosts by their text, and a table of numbers by a fixed key.
 */
#ifndef MODEL_INTERN_H
#define MODEL_INTERN_H

#include "crtlint/arena.h"
#include "crtlint/stack.h"

struct table; /* from keys of a fixed size to numbers */

/* table_new(arena, size of a key). Keys are compared byte by byte: no padding. */
struct table *table_new(struct arena *, size_t);

/* table_at(table, key): the number that belongs to the key, 0 when it is new; the caller writes it. Good until the next call. */
uint32_t *table_at(struct table *, const void *);

struct interned; /* lists of certificates */

struct interned *interned_new(struct arena *);

/* interned_certs(interned, list): the one list that holds these certificates, byte for byte. */
const struct certs *interned_certs(struct interned *, const struct certs *);

struct texts; /* texts, each once */

struct texts *texts_new(struct arena *);

/* texts_keep(texts, text): the one copy of it; NULL for NULL. */
const char *texts_keep(struct texts *, const char *);

#endif
