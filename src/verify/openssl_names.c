/*
 * Names as OpenSSL compares them: x509_cmp.c and x_name.c, asn1_string_canon.
 */
#include "openssl.h"

static bool
blank(uint8_t c)
{
	return c == ' ' || (c >= 9 && c <= 13);
}

static struct slice
trimmed(struct slice s)
{
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	while (s.n && blank(s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	return s;
}

/* The next byte as asn1_string_canon has it: blanks folded into one, ASCII in lower case; -1 at the end. */
static int
canonical(struct slice *s)
{
	uint8_t c;

	if (s->n == 0)
		return -1;
	c = s->p[0];
	do
		*s = (struct slice){s->p + 1, s->n - 1};
	while (blank(c) && s->n && blank(s->p[0]));
	if (blank(c))
		return ' ';
	return 'A' <= c && c <= 'Z' ? c | 0x20 : c;
}

/* The value in UTF-8; what is so already (UTF8String, PrintableString, IA5String) is not copied. */
static struct slice
utf8(struct arena *arena, const struct attribute *a)
{
	return trimmed(a->tag == 0x0c || a->tag == 0x13 || a->tag == 0x16 ? a->value : name_value(arena, a));
}

static bool
values_equal(struct arena *arena, const struct attribute *a, const struct attribute *b)
{
	struct slice x, y;
	int c, d;

	if (a->tag == b->tag && slice_eq(a->value, b->value))
		return true;
	x = utf8(arena, a);
	y = utf8(arena, b);
	do {
		c = canonical(&x);
		d = canonical(&y);
	} while (c == d && c != -1);
	return c == d;
}

bool
openssl_names_equal(struct arena *arena, const struct name *a, const struct name *b)
{
	if (slice_eq(a->raw, b->raw))
		return true;
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct attribute *x = &a->attributes[i], *y = &b->attributes[i];

		if (!slice_eq(x->oid, y->oid) || x->same_set != y->same_set)
			return false;
		if (!values_equal(arena, x, y))
			return false;
	}
	return true;
}
