/*
 * text: the one gate between bytes from outside and anything a person or a parser will read.
 *
 * File names, distinguished names, SANs, PEM labels and YAML scalars are somebody else's bytes. They become a
 * `const char *` only here. In this code base the type says it: `struct slice` is raw, `const char *` is safe:
 * valid, printable UTF-8 without control characters, escape sequences, bidirectional overrides or invisible
 * characters, each of those written visibly: a byte that is no UTF-8 as \xff, a character as \u001b or \U000e0001.
 * Reporters therefore only add their own format's escapes. A text passes the gate once, never twice.
 */
#ifndef CRTLINT_TEXT_H
#define CRTLINT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum text_kind {
	TEXT_NAME,  /* file names: a backslash is doubled, so that two names never look alike */
	TEXT_VALUE, /* everything else: a backslash stays */
};

/* text_safe(arena, bytes, kind): the bytes as safe text. At most LIMIT_TEXT bytes are shown, then "..." follows. */
const char *text_safe(struct arena *, struct slice, enum text_kind);

/* text_lower(arena, bytes): in lower case: ASCII, and the capitals of Latin-1, Greek and Cyrillic. NUL-terminated at p[n]. */
struct slice text_lower(struct arena *, struct slice);

/* A text being put together in an arena. */
struct buf {
	struct arena *arena;
	char *p;  /* NUL-terminated, NULL until something was added */
	size_t n; /* without the NUL */
	size_t capacity;
};

/* buf_add(buf, text): append safe text. buf_printf(): the same, formatted. buf_bytes(): append raw bytes through the gate
 * (TEXT_VALUE). buf_part(): append a part of a text, as buf_printf("%.*s") would. buf_text(buf): what was added, "" when nothing was. */
void buf_add(struct buf *, const char *);
void buf_printf(struct buf *, const char *, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *, const char *, va_list) __attribute__((format(printf, 2, 0)));
void buf_bytes(struct buf *, struct slice);
void buf_part(struct buf *, struct slice);
const char *buf_text(const struct buf *);

/* text_nearest(word, candidates, count): the candidate that a typing slip of word may have meant (edit distance with
 * transpositions, at most a third of its length and never above 3), or NULL. */
const char *text_nearest(const char *, const char *const *, size_t);

/* text_distance(a, b): edit distance in bytes, a transposition counting one; ASCII case is ignored when fold is set.
 * Words of which more than LIMIT_SUGGEST bytes differ count as wholly different: the result is then that length. */
unsigned text_distance(const char *, const char *, bool);

#endif
