/*
 * uri_host: the pieces of a URI and its host, as Go's net/url cuts and decodes them.
 */
#ifndef CRTLINT_PARSE_URI_HOST_H
#define CRTLINT_PARSE_URI_HOST_H

#include <stdbool.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum uri_mode { URI_HOST, URI_ZONE, URI_OTHER };

/* uri_from(bytes, i), uri_to(bytes, i): what lies from there on, and before it. */
struct slice uri_from(struct slice, size_t);
struct slice uri_to(struct slice, size_t);

/* uri_index(bytes, byte), uri_last(bytes, byte): its first or last place; the length: none. */
size_t uri_index(struct slice, char);
size_t uri_last(struct slice, char);

/* uri_prefix(bytes, string): they begin with it. */
bool uri_prefix(struct slice, const char *);

/* uri_alpha(byte), uri_digit(byte): ASCII letters and digits. */
bool uri_alpha(uint8_t);
bool uri_digit(uint8_t);

/* uri_unescape(arena, bytes, mode, &decoded): url.unescape: NULL, or what is wrong. decoded may be NULL. */
const char *uri_unescape(struct arena *, struct slice, enum uri_mode, struct slice *);

/* uri_host(arena, bytes, go, &decoded): url.parseHost: NULL, or what is wrong. */
const char *uri_host(struct arena *, struct slice, unsigned, struct slice *);

#endif
