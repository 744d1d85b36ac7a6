#include <string.h>

#include "crtlint/text.h"

/*
 * Capitals of two bytes in UTF-8 by lead byte: the first and the last second byte, and the lead and second byte of the first one's small
 * letter. Latin-1, Greek, Cyrillic: what names of people are written in where a program folds them by Unicode and we by a table.
 */
static const struct capitals {
	uint8_t lead, first, last, small_lead, small;
} capitals[] = {
    {0xc3, 0x80, 0x96, 0xc3, 0xa0}, /* U+00C0 to U+00D6 */
    {0xc3, 0x98, 0x9e, 0xc3, 0xb8}, /* U+00D8 to U+00DE */
    {0xce, 0x91, 0x9f, 0xce, 0xb1}, /* U+0391 to U+039F */
    {0xce, 0xa0, 0xa1, 0xcf, 0x80}, /* U+03A0, U+03A1; the next is none */
    {0xce, 0xa3, 0xa9, 0xcf, 0x83}, /* U+03A3 to U+03A9 */
    {0xd0, 0x80, 0x8f, 0xd1, 0x90}, /* U+0400 to U+040F */
    {0xd0, 0x90, 0x9f, 0xd0, 0xb0}, /* U+0410 to U+041F */
    {0xd0, 0xa0, 0xaf, 0xd1, 0x80}, /* U+0420 to U+042F */
};

struct slice
text_lower(struct arena *arena, struct slice s)
{
	uint8_t *p = arena_alloc(arena, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (uint8_t)(p[i] - 'A' + 'a');
		for (size_t k = 0; i + 1 < s.n && k < sizeof capitals / sizeof capitals[0]; k++) {
			const struct capitals *c = &capitals[k];
			if (s.p[i] != c->lead || s.p[i + 1] < c->first || s.p[i + 1] > c->last)
				continue;
			p[i] = c->small_lead;
			p[i + 1] = (uint8_t)(s.p[i + 1] - c->first + c->small);
			i++;
			break;
		}
	}
	return (struct slice){p, s.n};
}
