#include "emit.h"

#include <string.h>

void
emit_flush(struct emit *e)
{
	fwrite(e->p, 1, e->n, e->out);
	e->n = 0;
}

static void
put(struct emit *e, const char *s, size_t n)
{
	while (n > EMIT_SIZE - e->n) {
		size_t part = EMIT_SIZE - e->n;
		memcpy(e->p + e->n, s, part);
		e->n += part;
		s += part;
		n -= part;
		emit_flush(e);
	}
	memcpy(e->p + e->n, s, n);
	e->n += n;
}

static void
put_char(struct emit *e, char c)
{
	if (e->n == EMIT_SIZE)
		emit_flush(e);
	e->p[e->n++] = c;
}

static void
separate(struct emit *e)
{
	if (e->comma)
		put_char(e, ',');
	e->comma = true;
}

void
emit_open(struct emit *e, char bracket)
{
	separate(e);
	put_char(e, bracket);
	e->comma = false;
}

void
emit_close(struct emit *e, char bracket)
{
	put_char(e, bracket);
	e->comma = true;
}

/* RFC 8259 section 7. A control character cannot come from the gate, but must never make a report that is no JSON. */
static void
put_escaped(struct emit *e, char c)
{
	static const char digits[] = "0123456789abcdef";

	if (c == '"' || c == '\\') {
		put_char(e, '\\');
		put_char(e, c);
	} else {
		put(e, "\\u00", 4);
		put_char(e, digits[c >> 4 & 15]);
		put_char(e, digits[c & 15]);
	}
}

static void
put_string(struct emit *e, const char *s)
{
	put_char(e, '"');
	for (;;) {
		const char *from = s;
		while ((unsigned char)*s >= ' ' && *s != '"' && *s != '\\')
			s++;
		put(e, from, (size_t)(s - from));
		if (!*s)
			break;
		put_escaped(e, *s++);
	}
	put_char(e, '"');
}

void
emit_key(struct emit *e, const char *key)
{
	size_t n = strlen(key); /* our own words: short, and nothing to escape */

	if (EMIT_SIZE - e->n < n + 4)
		emit_flush(e);
	char *p = e->p + e->n;
	if (e->comma)
		*p++ = ',';
	*p++ = '"';
	memcpy(p, key, n);
	p += n;
	*p++ = '"';
	*p++ = ':';
	e->n = (size_t)(p - e->p);
	e->comma = false;
}

void
emit_null(struct emit *e)
{
	separate(e);
	put(e, "null", 4);
}

void
emit_text(struct emit *e, const char *text)
{
	if (!text) {
		emit_null(e);
		return;
	}
	separate(e);
	put_string(e, text);
}

void
emit_number(struct emit *e, int64_t n)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	separate(e);
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		*--p = '-';
	put(e, p, (size_t)(digits + sizeof(digits) - p));
}

void
emit_bool(struct emit *e, bool b)
{
	separate(e);
	put(e, b ? "true" : "false", b ? 4 : 5);
}
