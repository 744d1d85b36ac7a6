/*
 * quote: bytes between double quotes as Go's %q writes them.
 *
 * Characters above U+00A0 stay as they are; which of them are printable is left to the text gate, through which every message
 * goes afterwards. So a result is not safe text yet, though it holds no NUL.
 */
#ifndef CRTLINT_PARSE_QUOTE_H
#define CRTLINT_PARSE_QUOTE_H

#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

/* quote_go(arena, bytes): NUL-terminated. */
const char *quote_go(struct arena *, struct slice);

/* quote_rune(bytes, &rune): the length of the UTF-8 character at the start of the bytes, 0: there is none (Go's utf8.DecodeRune). */
size_t quote_rune(struct slice, uint32_t *);

#endif
