#include "xml.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the character at p when XML 1.0 may hold it (production 2, Char) and it is well-formed UTF-8; 0: not so. */
static size_t
character(const uint8_t *p)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	if (p[0] < 0x80)
		return p[0] >= 0x20 || p[0] == '\t' || p[0] == '\n' || p[0] == '\r';
	size_t n = (p[0] & 0xe0) == 0xc0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
	if (n == 0)
		return 0;
	uint32_t c = p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	bool legal = c >= least[n] && (c < 0xd800 || c > 0xdfff) && c != 0xfffe && c != 0xffff && c <= 0x10ffff;
	return legal ? n : 0;
}

/* White space in attributes would be normalised to blanks (XML 1.0, 3.3.3), and CR anywhere to LF (2.11). */
static const char *
escape(char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '\r':
		return "&#13;";
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	}
	return NULL;
}

static void
write_escaped(FILE *out, const char *s, bool attribute)
{
	while (*s != '\0') {
		const char *escaped = escape(*s, attribute);
		size_t n = character((const uint8_t *)s);
		if (escaped)
			fputs(escaped, out);
		else if (n > 0)
			fwrite(s, 1, n, out);
		else
			fputs("\xef\xbf\xbd", out);
		s += n > 0 ? n : 1;
	}
}

static void
end_tag(struct xml *x)
{
	if (x->in_tag)
		fputc('>', x->out);
	x->in_tag = false;
}

static void
new_line(const struct xml *x)
{
	fprintf(x->out, "\n%*s", (int)(2 * (x->indent + x->depth)), "");
}

void
xml_open(struct xml *x, const char *name)
{
	assert(x->depth < XML_DEPTH && !x->has_text);
	end_tag(x);
	new_line(x);
	fprintf(x->out, "<%s", name);
	x->open[x->depth++] = name;
	x->in_tag = true;
}

void
xml_reopen(struct xml *x, const char *name)
{
	x->open[x->depth++] = name;
	x->in_tag = true;
}

void
xml_attribute(struct xml *x, const char *name, const char *value)
{
	assert(x->in_tag);
	fprintf(x->out, " %s=\"", name);
	write_escaped(x->out, value, true);
	fputc('"', x->out);
}

void
xml_text(struct xml *x, const char *text)
{
	assert(x->depth > 0);
	end_tag(x);
	x->has_text = true;
	write_escaped(x->out, text, false);
}

void
xml_close(struct xml *x)
{
	assert(x->depth > 0);
	const char *name = x->open[--x->depth];
	if (x->in_tag) {
		fputs("/>", x->out);
	} else {
		if (!x->has_text)
			new_line(x);
		fprintf(x->out, "</%s>", name);
	}
	x->in_tag = x->has_text = false;
}
