/*
 * arena: memory that lives as long as one directory's check.
 *
 * Everything that a check makes (file contents, parsed certificates, texts, findings) is taken from one arena and
 * dies with it. Memory comes zeroed and aligned for any object. There is no failure to handle: when memory ends,
 * the process says so on standard error and exits with status 3.
 *
 * File contents may be private keys, so an arena is kept out of core dumps and is overwritten before it is given
 * back to the system.
 */
#ifndef CRTLINT_ARENA_H
#define CRTLINT_ARENA_H

#include <stddef.h>

struct arena;

/* arena_new(): an empty arena. The caller frees it with arena_free(). */
struct arena *arena_new(void);

/* arena_free(arena): wipe and release everything taken from it. NULL is allowed. */
void arena_free(struct arena *);

/* arena_reset(arena): wipe everything taken from it and start anew; a part of its memory is kept for what follows. */
void arena_reset(struct arena *);

/* arena_alloc(arena, size): size zeroed bytes; never NULL, a distinct pointer even for size 0. */
void *arena_alloc(struct arena *, size_t);

/* arena_array(arena, count, size): room for count zeroed elements; the product is checked for overflow. */
void *arena_array(struct arena *, size_t, size_t);

/* arena_grow(arena, old, used, &capacity, size): an array with room for at least used + 1 elements, holding the
 * first used of old. Returns old while it still has room; else a larger copy, capacity being raised. */
void *arena_grow(struct arena *, void *, size_t, size_t *, size_t);

/* arena_strndup(arena, bytes, length): a NUL-terminated copy. */
char *arena_strndup(struct arena *, const char *, size_t);

/* arena_strdup(arena, string): a copy. */
char *arena_strdup(struct arena *, const char *);

/* arena_printf(arena, format, ...): a formatted string. */
char *arena_printf(struct arena *, const char *, ...) __attribute__((format(printf, 2, 3)));

#endif
