/*
 * shape: a file's bytes without its secrets. What a reader of PEM looks at stays (which lines begin and end a block, how long lines
 * are, what is no base64); what was written there does not, but for the certificates.
 *
 * It is written as words apart by one space:
 *
 *     k200     the next 200 bytes of the content that the archive holds, kept
 *     s178     the next 178 bytes of it stand for something else (a public key for the private one) and are passed over
 *     w3       a word of the table
 *     41*64    the byte 0x41, 64 times; 0a alone is once
 */
#ifndef CRTLINT_SHAPE_H
#define CRTLINT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum shape_word { /* the words with a meaning of their own; behind them the labels that are known */
	SHAPE_BEGIN, /* "-----BEGIN " */
	SHAPE_END, /* "-----END" */
	SHAPE_PRIVATE, /* "PRIVATE KEY" */
	SHAPE_PROC_TYPE, /* "Proc-Type" */
	SHAPE_ENCRYPTED, /* "4,ENCRYPTED" */
	SHAPE_BOM,
	SHAPE_LABELS,
	SHAPE_DEK_INFO = 24, /* "DEK-Info", which came later */
};

/* shape_words(&count): the table. It may grow at its end only: snapshots name its words by number. */
const char *const *shape_words(size_t *);

/* shape_expand(arena, shape, content, room, &bytes): the bytes that a shape describes; false: it is malformed, gives more than room, or
 * does not use the content up. */
bool shape_expand(struct arena *, struct slice, struct slice, size_t, struct slice *);

#endif
