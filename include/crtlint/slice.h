/*
 * slice: bytes that belong to somebody else, mostly a piece of a file held by the arena.
 *
 * Slices are how certificates are read: nothing is copied and nothing is NUL-terminated, so that comparing two
 * names "as raw bytes" (what Go does with issuer and subject) is the natural thing to write.
 */
#ifndef CRTLINT_SLICE_H
#define CRTLINT_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *p; /* may be NULL when n is 0 */
	size_t n;
};

/* slice_of(string): the bytes of a NUL-terminated string, without the NUL. */
static inline struct slice
slice_of(const char *s)
{
	return (struct slice){(const uint8_t *)s, s ? strlen(s) : 0};
}

/* slice_eq(a, b): same length, same bytes. Two empty slices are equal. */
static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* slice_is(a, string): the bytes are exactly this string. */
static inline bool
slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_of(s));
}

#endif
