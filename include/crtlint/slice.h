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

/* slice_compare(a, b): their order as bytes, below 0, 0 or above. */
static inline int
slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* slice_cut(rest, end): what stands before the first byte `end`, or all; rest moves behind that byte. */
static inline struct slice
slice_cut(struct slice *rest, uint8_t end)
{
	struct slice head = {rest->p, 0};

	while (head.n < rest->n && rest->p[head.n] != end)
		head.n++;
	size_t used = head.n < rest->n ? head.n + 1 : head.n;
	*rest = (struct slice){used ? rest->p + used : rest->p, rest->n - used};
	return head;
}

/* slice_number(s, most, value): decimal digits and nothing else, at most `most` (which is at most INT64_MAX). */
static inline bool
slice_number(struct slice s, uint64_t most, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || *value > most / 10)
			return false;
		*value = *value * 10 + (uint64_t)(s.p[i] - '0');
	}
	return s.n > 0 && *value <= most;
}

/* slice_one_of(s, words, n): which of the n words it is; -1: none. */
static inline int
slice_one_of(struct slice s, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (slice_is(s, words[i]))
			return i;
	return -1;
}

#endif
