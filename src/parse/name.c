#include "name.h"

#include "crtlint/version.h"
#include "der.h"
#include "quote.h"

/* Go also takes "*" and "&", which X.680 does not. */
static bool
name_printable(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || !strchr(" '()+,-./:=?*&", c)))
			return false;
	}
	return true;
}

static bool
name_numeric(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	return true;
}

static bool
name_utf8(struct slice s)
{
	uint32_t rune;
	for (size_t n; s.n > 0; s = (struct slice){s.p + n, s.n - n})
		if ((n = quote_rune(s, &rune)) == 0)
			return false;
	return true;
}

static unsigned
name_unit(struct slice s, size_t i)
{
	return (unsigned)s.p[i] << 8 | s.p[i + 1];
}

/* Surrogates and non-characters are refused since 1.25; a terminator is dropped first. */
static bool
name_bmp(struct slice s, unsigned go)
{
	if (s.n % 2 != 0)
		return false;
	if (go < GO(25, 0))
		return true;
	if (s.n >= 2 && name_unit(s, s.n - 2) == 0)
		s.n -= 2;
	for (size_t i = 0; i < s.n; i += 2) {
		unsigned unit = name_unit(s, i);
		if (unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef) || (unit >= 0xd800 && unit <= 0xdfff))
			return false;
	}
	return true;
}

/* Go's parseASN1String. */
static void
name_check(struct reader *r, const struct attribute *a)
{
#define NAME_VALUE "x509: invalid RDNSequence: invalid attribute value: "
	switch (a->tag) {
	case DER_T61:
		break;
	case DER_PRINTABLE:
		if (!name_printable(a->value))
			reader_fail(r, NAME_VALUE "invalid PrintableString");
		break;
	case DER_UTF8:
		if (!name_utf8(a->value))
			reader_fail(r, NAME_VALUE "invalid UTF-8 string");
		break;
	case DER_BMP:
		if (!name_bmp(a->value, r->go))
			reader_fail(r, NAME_VALUE "invalid BMPString");
		break;
	case DER_IA5:
		if (!der_seven_bit(a->value))
			reader_fail(r, NAME_VALUE "invalid IA5String");
		break;
	case DER_NUMERIC:
		if (!name_numeric(a->value))
			reader_fail(r, NAME_VALUE "invalid NumericString");
		break;
	default:
		if (!reader_failed(r))
			reader_fail(r, arena_printf(r->arena, NAME_VALUE "unsupported string type: %u", a->tag));
	}
#undef NAME_VALUE
}

static bool
name_read_attribute(struct reader *r, struct slice *set, struct attribute *a)
{
	struct slice body;
	if (!der_get(set, DER_SEQUENCE, &body)) {
		reader_fail(r, "x509: invalid RDNSequence: invalid attribute");
		return false;
	}
	if (!der_oid(r->arena, &body, r->go, &a->oid)) {
		reader_fail(r, "x509: invalid RDNSequence: invalid attribute type");
		return false;
	}
	if (!der_any(&body, &a->tag, &a->value)) {
		reader_fail(r, "x509: invalid RDNSequence: invalid attribute value");
		return false;
	}
	a->raw_t61 = a->tag == DER_T61 && r->go < GO(25, 0);
	name_check(r, a);
	return true;
}

void
name_read(struct reader *r, struct slice element, struct name *name)
{
	struct slice list, set;
	size_t capacity = 0;
	name->raw = element;
	if (!der_get(&element, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid RDNSequence");
		return;
	}
	while (list.n > 0) {
		if (!der_get(&list, DER_SET, &set)) {
			reader_fail(r, "x509: invalid RDNSequence");
			return;
		}
		for (bool first = true; set.n > 0; first = false) {
			struct attribute a = {.same_set = !first};
			if (!name_read_attribute(r, &set, &a))
				break;
			name->attributes = arena_grow(r->arena, name->attributes, name->n, &capacity, sizeof(a));
			name->attributes[name->n++] = a;
		}
	}
}

static size_t
name_encode(uint32_t rune, uint8_t *out)
{
	if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
		rune = 0xfffd;
	if (rune < 0x80)
		return out[0] = (uint8_t)rune, 1;
	size_t n = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, rune >>= 6)
		out[i] = (uint8_t)(0x80 | (rune & 0x3f));
	out[0] = (uint8_t)((0xf00U >> n & 0xff) | rune);
	return n;
}

/* One character of a value that is not stored as UTF-8; the bytes it took. */
static size_t
name_decode(uint8_t tag, struct slice s, uint32_t *rune)
{
	*rune = s.p[0];
	if (tag == DER_T61)
		return 1;
	size_t unit = tag == DER_BMP ? 2 : 4;
	if (s.n < unit) {
		*rune = 0xfffd;
		return s.n;
	}
	for (size_t i = 1; i < unit; i++)
		*rune = *rune << 8 | s.p[i];
	if (unit == 2 && s.n >= 4 && *rune >= 0xd800 && *rune <= 0xdbff) {
		unsigned low = name_unit(s, 2);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*rune = 0x10000 + ((*rune - 0xd800) << 10) + (low - 0xdc00);
			return 4;
		}
	}
	return unit;
}

struct slice
name_value(struct arena *arena, const struct attribute *a)
{
	struct slice s = a->value;
	if (a->raw_t61 || (a->tag != DER_T61 && a->tag != DER_BMP && a->tag != DER_UNIVERSAL))
		return s;
	if (a->tag == DER_BMP && s.n >= 2 && s.n % 2 == 0 && name_unit(s, s.n - 2) == 0)
		s.n -= 2;
	/* A byte of Latin-1 takes at most two, a unit of two bytes three, four bytes four. */
	uint8_t *out = arena_array(arena, s.n + 2, 2);
	size_t n = 0;
	while (s.n > 0) {
		uint32_t rune;
		size_t used = name_decode(a->tag, s, &rune);
		n += name_encode(rune, out + n);
		s = (struct slice){s.p + used, s.n - used};
	}
	return (struct slice){out, n};
}

struct slice
name_cn(struct arena *arena, const struct name *name)
{
	for (size_t i = name->n; i > 0; i--)
		if (slice_is(name->attributes[i - 1].oid, OID_CN))
			return name_value(arena, &name->attributes[i - 1]);
	return (struct slice){NULL, 0};
}

struct slice
cert_cn(struct arena *arena, const struct cert *cert)
{
	return name_cn(arena, &cert->subject);
}
