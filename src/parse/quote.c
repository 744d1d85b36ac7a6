#include "quote.h"

#include <stdio.h>

size_t
quote_rune(struct slice s, uint32_t *rune)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (s.n == 0)
		return 0;
	unsigned lead = s.p[0];
	size_t n = lead < 0x80                   ? 1
	           : lead >= 0xc2 && lead < 0xe0 ? 2
	           : lead >= 0xe0 && lead < 0xf0 ? 3
	           : lead >= 0xf0 && lead < 0xf5 ? 4
	                                         : 0;
	if (n == 0 || n > s.n)
		return 0;
	uint32_t r = n == 1 ? lead : lead & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
		r = r << 6 | (s.p[i] & 0x3fU);
	}
	if (r < least[n] || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
		return 0;
	*rune = r;
	return n;
}

static const char *
quote_escape(uint32_t r)
{
	switch (r) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\a':
		return "\\a";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	case '\v':
		return "\\v";
	default:
		return NULL;
	}
}

const char *
quote_go(struct arena *arena, struct slice s)
{
	/* No byte becomes more than four, no character of two bytes more than six. */
	char *out = arena_array(arena, s.n + 1, 4);
	size_t n = 0;
	out[n++] = '"';
	while (s.n > 0) {
		uint32_t r = 0;
		size_t length = quote_rune(s, &r);
		const char *escape = length == 1 ? quote_escape(r) : NULL;
		if (escape) {
			memcpy(out + n, escape, 2);
			n += 2;
		} else if (length == 0 || (length == 1 && (r < ' ' || r == 0x7f))) {
			length = 1;
			n += (size_t)snprintf(out + n, 5, "\\x%02x", s.p[0]);
		} else if (length == 2 && (r <= 0xa0 || r == 0xad)) {
			n += (size_t)snprintf(out + n, 7, "\\u%04x", (unsigned)r);
		} else {
			memcpy(out + n, s.p, length);
			n += length;
		}
		s = (struct slice){s.p + length, s.n - length};
	}
	out[n++] = '"';
	out[n] = '\0';
	return out;
}
