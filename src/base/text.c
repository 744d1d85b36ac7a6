#include "crtlint/text.h"

#include <stdint.h>
#include <string.h>

#include "crtlint/limits.h"

enum { ESCAPE_MAX = 10 }; /* \U000e0001 */

/*
 * What has no ink, or turns the order of what stands around it (Unicode 15: Default_Ignorable_Code_Point, Bidi_Control, Zl,
 * Zp, and of Zs and other blanks what looks like U+0020).
 * U+3000 stays: it is visibly wide and ordinary in Japanese names. Sorted.
 */
static const struct range {
	uint32_t from, to;
} hidden[] = {
    {0x0080, 0x00a0}, /* C1 controls, no-break space */
    {0x00ad, 0x00ad}, /* soft hyphen */
    {0x034f, 0x034f}, /* combining grapheme joiner */
    {0x0600, 0x0605}, /* Arabic number signs: format characters (Cf) */
    {0x061c, 0x061c}, /* Arabic letter mark */
    {0x06dd, 0x06dd}, /* Arabic end of ayah (Cf) */
    {0x070f, 0x070f}, /* Syriac abbreviation mark (Cf) */
    {0x0890, 0x0891}, /* Arabic currency marks (Cf) */
    {0x08e2, 0x08e2}, /* Arabic disputed end of ayah (Cf) */
    {0x115f, 0x1160}, /* Hangul fillers */
    {0x1680, 0x1680}, /* Ogham space mark: often without ink */
    {0x17b4, 0x17b5}, /* Khmer inherent vowels */
    {0x180b, 0x180f}, /* Mongolian selectors and vowel separator */
    {0x2000, 0x200f}, /* spaces, zero-width characters, marks of direction */
    {0x2028, 0x202f}, /* separators, embeddings and overrides, narrow no-break space */
    {0x205f, 0x206f}, /* mathematical space, word joiner, isolates, deprecated format characters */
    {0x2800, 0x2800}, /* Braille blank */
    {0x3164, 0x3164}, /* Hangul filler */
    {0xe000, 0xf8ff}, /* private use: no two fonts agree */
    {0xfdd0, 0xfdef}, /* noncharacters */
    {0xfe00, 0xfe0f}, /* variation selectors */
    {0xfeff, 0xfeff}, /* byte order mark */
    {0xffa0, 0xffa0}, /* halfwidth Hangul filler */
    {0xfff0, 0xfffb}, /* reserved, interlinear annotation */
    {0x110bd, 0x110bd}, /* Kaithi number signs (Cf) */
    {0x110cd, 0x110cd}, {0x13430, 0x1345f}, /* Egyptian format controls */
    {0x1bca0, 0x1bca3}, /* shorthand format controls */
    {0x1d173, 0x1d17a}, /* musical format controls */
    {0xe0000, 0xe0fff}, /* tags, more variation selectors */
    {0xf0000, 0x10ffff}, /* private use */
};

static bool
is_hidden(uint32_t c)
{
	size_t low = 0, high = sizeof hidden / sizeof *hidden;

	if ((c & 0xfffe) == 0xfffe)
		return true; /* the noncharacters that end each plane */
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > hidden[middle].to)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof hidden / sizeof *hidden && c >= hidden[low].from;
}

/* Length of the well-formed sequence at p (Unicode 15, table 3-7: no overlong form, no surrogate, nothing above
 * U+10FFFF), 0: none. */
static size_t
decode(const uint8_t *p, size_t n, uint32_t *c)
{
	static const struct {
		uint8_t from, to, second_from, second_to, length;
	} forms[] = {
	    {0xc2, 0xdf, 0x80, 0xbf, 2},
	    {0xe0, 0xe0, 0xa0, 0xbf, 3},
	    {0xe1, 0xec, 0x80, 0xbf, 3},
	    {0xed, 0xed, 0x80, 0x9f, 3},
	    {0xee, 0xef, 0x80, 0xbf, 3},
	    {0xf0, 0xf0, 0x90, 0xbf, 4},
	    {0xf1, 0xf3, 0x80, 0xbf, 4},
	    {0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (p[0] < forms[i].from || p[0] > forms[i].to)
			continue;
		size_t length = forms[i].length;
		if (n < length || p[1] < forms[i].second_from || p[1] > forms[i].second_to)
			return 0;
		*c = (uint32_t)(p[0] & (0x7f >> length)) << 6 | (p[1] & 0x3f);
		for (size_t k = 2; k < length; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			*c = *c << 6 | (p[k] & 0x3f);
		}
		return length;
	}
	return 0;
}

static char *
put_hex(char *out, char letter, uint32_t value, unsigned digits)
{
	*out++ = '\\';
	*out++ = letter;
	while (digits-- > 0)
		*out++ = "0123456789abcdef"[value >> (4 * digits) & 15];
	return out;
}

static bool
is_plain(const uint8_t *p, size_t n, enum text_kind kind)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x20 || p[i] > 0x7e || (p[i] == '\\' && kind == TEXT_NAME))
			return false;
	}
	return true;
}

const char *
text_safe(struct arena *arena, struct slice bytes, enum text_kind kind)
{
	bool cut = bytes.n > LIMIT_TEXT;
	size_t n = cut ? LIMIT_TEXT : bytes.n;
	uint32_t c;

	if (!cut && is_plain(bytes.p, n, kind))
		return arena_strndup(arena, (const char *)bytes.p, n);

	/* Enough on the stack for every text that is shown, so that the arena holds only what the text needs. */
	char text[LIMIT_TEXT * ESCAPE_MAX];
	char *out = text;
	for (size_t i = 0, length; i < n; i += length) {
		length = decode(bytes.p + i, bytes.n - i, &c);
		if (length > n - i)
			break; /* a character across the cut: both or neither of its halves */
		if (length == 0) {
			length = 1;
			out = put_hex(out, 'x', bytes.p[i], 2);
		} else if (c < 0x20 || c == 0x7f || (c > 0x7f && is_hidden(c))) {
			out = c > 0xffff ? put_hex(out, 'U', c, 8) : put_hex(out, 'u', c, 4);
		} else if (c == '\\' && kind == TEXT_NAME) {
			*out++ = '\\';
			*out++ = '\\';
		} else {
			memcpy(out, bytes.p + i, length);
			out += length;
		}
	}
	size_t used = (size_t)(out - text);
	char *safe = arena_strndup(arena, text, used + (cut ? 3 : 0));
	if (cut)
		memcpy(safe + used, "...", 3);
	return safe;
}
