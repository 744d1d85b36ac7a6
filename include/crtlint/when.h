/*
 * when: points in time as seconds since 1970-01-01T00:00:00Z, proleptic Gregorian, without leap seconds, UTC only.
 *
 * The clock is an input: only main() reads it.
 */
#ifndef CRTLINT_WHEN_H
#define CRTLINT_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/arena.h"

/* when_from_civil(year, month 1-12, day 1-31, hour, minute, second): the point in time; fields are not checked. */
int64_t when_from_civil(int64_t, unsigned, unsigned, unsigned, unsigned, unsigned);

/* when_days(year, month): the days of that month. */
unsigned when_days(int64_t, unsigned);

/* when_format(arena, t): RFC 3339 with seconds and Z, as Go's time.RFC3339 prints UTC. */
const char *when_format(struct arena *, int64_t);

/* when_parse(string, &t, &part): RFC 3339 (a date alone means its midnight, an offset is honoured). False: not a time. part: whether a
 * part of a second stands behind t that is not zero; NULL: it does not matter. */
bool when_parse(const char *, int64_t *, bool *);

/* when_parse_span(string, &seconds): "30d", "36h", "2w"; false: not a span, or one above 10000 years. */
bool when_parse_span(const char *, int64_t *);

#endif
