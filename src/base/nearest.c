#include "crtlint/text.h"

#include <string.h>

#include "crtlint/limits.h"

/* ASCII only: not the locale's idea of letters. */
static unsigned char
lower(char c, bool fold)
{
	return (unsigned char)(fold && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned
min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
text_distance(const char *a, const char *b, bool fold)
{
	size_t n = strlen(a), m = strlen(b);

	while (n > 0 && m > 0 && lower(a[n - 1], fold) == lower(b[m - 1], fold))
		n--, m--;
	while (n > 0 && m > 0 && lower(*a, fold) == lower(*b, fold))
		a++, b++, n--, m--;
	if (n == 0 || m == 0 || n > LIMIT_SUGGEST || m > LIMIT_SUGGEST)
		return (unsigned)(n > m ? n : m);

	/* Optimal string alignment: the rows of a[..i-2], a[..i-1] and a[..i] against every prefix of b. */
	unsigned rows[3][LIMIT_SUGGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	for (unsigned j = 0; j <= m; j++)
		last[j] = j;
	for (unsigned i = 1; i <= n; i++) {
		row[0] = i;
		for (unsigned j = 1; j <= m; j++) {
			unsigned char x = lower(a[i - 1], fold), y = lower(b[j - 1], fold);
			row[j] = min(min(last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2], fold) && y == lower(a[i - 2], fold))
				row[j] = min(row[j], before[j - 2] + 1);
		}
		unsigned *free_row = before;
		before = last;
		last = row;
		row = free_row;
	}
	return last[m];
}

const char *
text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t length = strlen(word);
	const char *best = NULL;

	if (length > LIMIT_SUGGEST)
		return NULL;
	unsigned limit = min((unsigned)length / 3, 3), best_distance = limit + 1;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(candidates[i]);
		if ((other > length ? other - length : length - other) > limit)
			continue;
		unsigned distance = text_distance(word, candidates[i], true);
		if (distance < best_distance) {
			best = candidates[i];
			best_distance = distance;
		}
	}
	return best;
}
