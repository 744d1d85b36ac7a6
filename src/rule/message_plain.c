/*
 * A pasted text as it was before terminals, log formats and web pages had their way with it.
 */
#include "crtlint/message.h"

#include <stdint.h>
#include <string.h>

#include "crtlint/limits.h"

/* An escape sequence of a terminal (ECMA-48) that begins behind the ESC: how many bytes it has. */
static size_t
escape_length(const uint8_t *p, size_t n)
{
	size_t i = 1;

	if (n == 0)
		return 0;
	if (p[0] == '[') {
		while (i < n && p[i] >= 0x20 && p[i] <= 0x3f)
			i++;
		return i < n ? i + 1 : n;
	}
	if (p[0] == ']') {
		while (i < n && p[i] != 7 && p[i] != 0x1b)
			i++;
		return i < n ? i + 1 : n;
	}
	return 1;
}

static const struct {
	const char *from, *to;
} spellings[] = {
    /* JSON, as Go writes it: quotes and the three that HTML minds; an escape sequence's first byte */
    {"\\u003c", "<"},
    {"\\u003e", ">"},
    {"\\u0026", "&"},
    {"\\u0022", "\""},
    {"\\u0027", "'"},
    {"\\u001b", "\x1b"},
    {"\\x1b", "\x1b"},
    {"\\033", "\x1b"},
    {"\\u2039", ""},
    {"\\u203a", ""},
    {"\\t", " "},
    {"\\r", ""},
    /* web pages */
    {"&quot;", "\""},
    {"&#34;", "\""},
    {"&#39;", "'"},
    {"&lt;", "<"},
    {"&gt;", ">"},
    {"&amp;", "&"},
    /* typographic quotes, blanks, the ellipsis; single angle quotes mark what a log may redact */
    {"\xe2\x80\x9c", "\""},
    {"\xe2\x80\x9d", "\""},
    {"\xe2\x80\x9e", "\""},
    {"\xe2\x80\x98", "'"},
    {"\xe2\x80\x99", "'"},
    {"\xe2\x80\xb9", ""},
    {"\xe2\x80\xba", ""},
    {"\xe2\x80\xa6", "..."},
    {"\xc2\xa0", " "},
    {"\xe2\x80\x8b", ""},
    {"\xef\xbb\xbf", ""},
    {"\xe2\x80\x93", "-"},
    {"\xe2\x80\x90", "-"},
    {"\xe2\x80\x91", "-"},
};

/* One spelling or the byte itself; how many bytes were read. */
static size_t
spell(const uint8_t *p, size_t n, const char **to)
{
	for (size_t i = 0; (*p == '\\' || *p == '&' || *p >= 0x80) && i < sizeof(spellings) / sizeof(*spellings); i++) {
		size_t length = strlen(spellings[i].from);

		if (length <= n && memcmp(p, spellings[i].from, length) == 0) {
			*to = spellings[i].to;
			return length;
		}
	}
	*to = NULL;
	return 1;
}

/* Backslashes before a quote, however many encodings have put them there. */
static size_t
backslashes(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] == '\\')
		i++;
	return i < n && (p[i] == '"' || p[i] == '\'') ? i : 0;
}

static char *
put(char *out, const char *start, uint8_t c)
{
	bool first = out == start || out[-1] == '\n';

	if (c == '\t' || c == '\v' || c == '\f')
		c = ' ';
	if (c == '\n' && out > start && out[-1] == ' ')
		out--;
	if ((c == ' ' && (first || out[-1] == ' ')) || (c == '\n' && first) || c == '\r' || c == 0)
		return out;
	*out++ = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	return out;
}

const char *
message_plain(struct arena *arena, struct slice text)
{
	size_t n = text.n < LIMIT_MESSAGE ? text.n : LIMIT_MESSAGE;
	char *start = arena_alloc(arena, n + 1), *out = start; /* no spelling is longer than what it stands for */
	const uint8_t *p = text.p, *end = n ? p + n : p;

	while (p < end) {
		size_t left = (size_t)(end - p), skip = backslashes(p, left), used;
		const char *to;

		if (skip) {
			p += skip;
			continue;
		}
		used = spell(p, left, &to);
		if (*p == 0x1b || (to && *to == 0x1b)) {
			p += used;
			p += escape_length(p, (size_t)(end - p));
			continue;
		}
		for (const char *s = to; s && *s; s++)
			out = put(out, start, (uint8_t)*s);
		if (!to)
			out = put(out, start, *p);
		p += used;
	}
	while (out > start && (out[-1] == ' ' || out[-1] == '\n'))
		out--;
	*out = '\0';
	return start;
}
