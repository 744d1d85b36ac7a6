#include "layout.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

enum { HANG_MIN = 24, INDENT_NARROW = 4 };

/* The character at s, safe text being well-formed; its length is returned. */
static size_t
decode(const char *s, uint32_t *c)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	*c = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return i;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return n;
}

/* What stands for a character on a terminal that has ASCII only. */
static const char *
ascii(uint32_t c, char room[11])
{
	static const struct {
		uint32_t c;
		const char *text;
	} known[] = {{0x2192, "->"}, {0x00b7, "-"}, {0x2026, "..."}, {0x2013, "-"}, {0x2014, "-"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].c == c)
			return known[i].text;
	}
	snprintf(room, 11, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
	return room;
}

static unsigned
width_of(const struct look *look, uint32_t c)
{
	char room[11];

	if (c < 0x80)
		return 1;
	if (!look->utf8)
		return (unsigned)strlen(ascii(c, room));
	int width = wcwidth((wchar_t)c); /* -1 where LC_CTYPE does not know the character */
	return width < 0 ? 1 : (unsigned)width;
}

static unsigned
width_n(const struct look *look, const char *s, size_t n)
{
	unsigned width = 0;
	uint32_t c;

	for (size_t i = 0; i < n;) {
		i += decode(s + i, &c);
		width += width_of(look, c);
	}
	return width;
}

unsigned
layout_width(const struct layout *l, const char *s)
{
	return width_n(l->look, s, strlen(s));
}

static void
put_n(struct layout *l, const char *s, size_t n)
{
	char room[11];
	uint32_t c;

	for (size_t i = 0, length; i < n; i += length) {
		length = decode(s + i, &c);
		if (c >= 0x80 && !l->look->utf8)
			fputs(ascii(c, room), l->out);
		else
			fwrite(s + i, 1, length, l->out);
		l->column += width_of(l->look, c);
	}
}

void
layout_put(struct layout *l, const char *s)
{
	put_n(l, s, strlen(s));
}

static void
blanks(struct layout *l, unsigned n)
{
	fprintf(l->out, "%*s", (int)n, "");
	l->column += n;
}

void
layout_to(struct layout *l, unsigned column)
{
	if (l->column < column)
		blanks(l, column - l->column);
	else if (l->column > 0)
		blanks(l, 2);
}

bool
layout_fits(const struct layout *l, unsigned column, unsigned least)
{
	return l->look->width == 0 || column + least <= l->look->width;
}

void
layout_wrap(struct layout *l, unsigned indent, const char *s)
{
	if (!layout_fits(l, indent, HANG_MIN))
		indent = INDENT_NARROW;
	while (*s != '\0') {
		size_t spaces = strspn(s, " ");
		size_t length = strcspn(s + spaces, " ");
		unsigned width = width_n(l->look, s, spaces + length);
		if (length > 0 && l->column > indent && !layout_fits(l, l->column, width)) {
			layout_end(l);
			blanks(l, indent);
			put_n(l, s + spaces, length);
		} else {
			put_n(l, s, spaces + length);
		}
		s += spaces + length;
	}
}

void
layout_style(struct layout *l, enum style style)
{
	static const char *const codes[] = {
	    [STYLE_PLAIN] = "0",
	    [STYLE_ERROR] = "1;31",
	    [STYLE_WARNING] = "33",
	    [STYLE_NOTE] = "36",
	    [STYLE_GOOD] = "32",
	    [STYLE_STRONG] = "1",
	    [STYLE_DIM] = "2",
	};

	if (l->look->color)
		fprintf(l->out, "\033[%sm", codes[style]);
}

void
layout_end(struct layout *l)
{
	fputc('\n', l->out);
	l->column = 0;
}
