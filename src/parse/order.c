#include "order.h"

#include <stdlib.h>

static int
order_bytes(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n == 0 ? 0 : memcmp(a.p, b.p, a.n);
}

static int
order_compare(const void *left, const void *right)
{
	const struct slice *a = *(const struct slice *const *)left, *b = *(const struct slice *const *)right;
	int order = order_bytes(*a, *b);
	return order != 0 ? order : (a > b) - (a < b);
}

size_t
order_repeated(struct arena *arena, const struct slice *slices, size_t n)
{
	const struct slice **sorted = arena_array(arena, n, sizeof(*sorted));
	size_t first = n;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &slices[i];
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), order_compare);
	for (size_t i = 1; i < n; i++) {
		size_t index = (size_t)(sorted[i] - slices);
		if (index < first && order_bytes(*sorted[i - 1], *sorted[i]) == 0)
			first = index;
	}
	return first;
}
