/*
 * stamp: the two time types of X.509 (RFC 5280 4.1.2.5) as Go takes them: time.Parse, then the same text when printed again.
 */
#ifndef CRTLINT_PARSE_STAMP_H
#define CRTLINT_PARSE_STAMP_H

#include <stdint.h>

#include "crtlint/slice.h"

/* stamp_read(cursor, go, &time): NULL, or what Go says. */
const char *stamp_read(struct slice *, unsigned, int64_t *);

#endif
