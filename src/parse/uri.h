/*
 * uri: what Go's url.Parse refuses, and the host that it finds.
 */
#ifndef CRTLINT_PARSE_URI_H
#define CRTLINT_PARSE_URI_H

#include "crtlint/arena.h"
#include "crtlint/slice.h"

/* uri_read(arena, bytes, go, &host): NULL, or the words of Go's error; not safe text yet. The bytes must be ASCII. The host is
 * decoded and keeps its port, as URL.Host does. */
const char *uri_read(struct arena *, struct slice, unsigned, struct slice *);

#endif
