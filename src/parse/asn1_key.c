#include "asn1_key.h"

enum { TAG_INTEGER = 2, TAG_BITS = 3, TAG_OCTETS = 4, TAG_OID = 6, TAG_SEQUENCE = 16 };
enum { CLASS_UNIVERSAL = 0, CLASS_CONTEXT = 2 };

struct header {
	unsigned class;
	uint32_t tag;
	size_t length;
	bool compound;
};

/* parseBase128Int: at most five bytes, no leading zero, below 2^31. */
static bool
base128(struct slice in, size_t *at, uint32_t *value)
{
	uint64_t v = 0;

	for (unsigned i = 0; *at < in.n; i++) {
		uint8_t b = in.p[*at];
		if (i == 5 || (i == 0 && b == 0x80))
			return false;
		v = v << 7 | (b & 0x7f);
		++*at;
		if (b < 0x80) {
			*value = (uint32_t)v;
			return v <= INT32_MAX;
		}
	}
	return false;
}

/* parseTagAndLength: the element itself may still reach past the end. */
static bool
header(struct slice in, size_t *at, struct header *h)
{
	if (*at >= in.n)
		return false;
	uint8_t b = in.p[(*at)++];
	*h = (struct header){.class = b >> 6, .compound = b & 0x20, .tag = b & 0x1f};
	if (h->tag == 0x1f && (!base128(in, at, &h->tag) || h->tag < 0x1f))
		return false;
	if (*at >= in.n)
		return false;
	b = in.p[(*at)++];
	if (b < 0x80) {
		h->length = b;
		return true;
	}
	if (b == 0x80)
		return false;
	for (unsigned n = b & 0x7f; n > 0; n--) {
		if (*at >= in.n || h->length >= 1 << 23)
			return false;
		h->length = h->length << 8 | in.p[(*at)++];
		if (h->length == 0)
			return false;
	}
	return h->length >= 0x80;
}

enum presence { REQUIRED, OPTIONAL };

static struct slice
fail(struct asn1_key *r)
{
	r->failed = true;
	return (struct slice){0};
}

/* The contents of an element whose header stands before at, if that is what is wanted: the middle of parseField. */
static struct slice
contents(struct asn1_key *r, size_t at, const struct header *h, uint32_t tag, enum presence presence)
{
	bool compound = tag == TAG_SEQUENCE;

	if (h->class != CLASS_UNIVERSAL || h->tag != tag || h->compound != compound)
		return presence == OPTIONAL ? (struct slice){0} : fail(r);
	if (h->length > r->in.n - at)
		return fail(r);
	r->at = at + h->length;
	return (struct slice){r->in.p + at, h->length};
}

static struct slice
field(struct asn1_key *r, uint32_t tag, enum presence presence)
{
	struct header h;
	size_t at = r->at;

	if (r->failed)
		return (struct slice){0};
	if (at == r->in.n)
		return presence == OPTIONAL ? (struct slice){0} : fail(r);
	if (!header(r->in, &at, &h))
		return fail(r);
	return contents(r, at, &h, tag, presence);
}

static struct slice
explicit_field(struct asn1_key *r, unsigned number, uint32_t tag)
{
	struct header h;
	size_t at = r->at;

	if (r->failed || at == r->in.n)
		return (struct slice){0};
	if (!header(r->in, &at, &h) || at == r->in.n)
		return fail(r); /* "explicit tag has no child", even where it is another tag */
	if (h.class != CLASS_CONTEXT || h.tag != number || (h.length > 0 && !h.compound))
		return (struct slice){0};
	if (h.length == 0 || !header(r->in, &at, &h))
		return fail(r);
	return contents(r, at, &h, tag, OPTIONAL);
}

bool
asn1_key_open(struct slice der, struct slice *inner, struct slice *rest)
{
	struct asn1_key r = {.in = der};

	*inner = field(&r, TAG_SEQUENCE, REQUIRED);
	if (!r.failed)
		*rest = (struct slice){der.p + r.at, der.n - r.at};
	return !r.failed;
}

struct asn1_key
asn1_key_of(struct slice in)
{
	return (struct asn1_key){.in = in};
}

bool
asn1_key_more(const struct asn1_key *r)
{
	return !r->failed && r->at < r->in.n;
}

struct slice
asn1_key_sequence(struct asn1_key *r)
{
	return field(r, TAG_SEQUENCE, REQUIRED);
}

struct slice
asn1_key_optional_sequence(struct asn1_key *r)
{
	return field(r, TAG_SEQUENCE, OPTIONAL);
}

struct slice
asn1_key_octets(struct asn1_key *r)
{
	return field(r, TAG_OCTETS, REQUIRED);
}

struct slice
asn1_key_any(struct asn1_key *r)
{
	struct header h;
	size_t from = r->at, at = from;

	if (r->failed || at == r->in.n)
		return (struct slice){0};
	if (!header(r->in, &at, &h) || h.length > r->in.n - at)
		return fail(r);
	r->at = at + h.length;
	return (struct slice){r->in.p + from, r->at - from};
}

/* checkInteger. */
static struct slice
integer(struct asn1_key *r, enum presence presence)
{
	struct slice v = field(r, TAG_INTEGER, presence);

	if (r->failed || (!v.p && presence == OPTIONAL))
		return v;
	if (v.n == 0)
		return fail(r);
	if (v.n > 1 && ((v.p[0] == 0 && v.p[1] < 0x80) || (v.p[0] == 0xff && v.p[1] >= 0x80)))
		return fail(r);
	return v;
}

struct slice
asn1_key_integer(struct asn1_key *r)
{
	return integer(r, REQUIRED);
}

struct slice
asn1_key_optional_integer(struct asn1_key *r)
{
	return integer(r, OPTIONAL);
}

int64_t
asn1_key_int(struct asn1_key *r)
{
	struct slice v = integer(r, REQUIRED);
	uint64_t value;

	if (r->failed || v.n > sizeof value) {
		fail(r);
		return 0;
	}
	value = v.p[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < v.n; i++)
		value = value << 8 | v.p[i];
	return (int64_t)value;
}

static struct slice
oid(struct asn1_key *r, struct slice v)
{
	uint32_t arc;

	if (r->failed || v.n == 0)
		return fail(r);
	for (size_t at = 0; at < v.n;)
		if (!base128(v, &at, &arc))
			return fail(r);
	return v;
}

struct slice
asn1_key_oid(struct asn1_key *r)
{
	return oid(r, field(r, TAG_OID, REQUIRED));
}

struct slice
asn1_key_explicit_oid(struct asn1_key *r, unsigned number)
{
	struct slice v = explicit_field(r, number, TAG_OID);

	return v.p ? oid(r, v) : v;
}

struct slice
asn1_key_explicit_bits(struct asn1_key *r, unsigned number)
{
	struct slice v = explicit_field(r, number, TAG_BITS);

	if (!v.p)
		return v;
	if (v.n == 0 || v.p[0] > 7 || (v.n == 1 && v.p[0] > 0) || (v.p[v.n - 1] & ((1u << v.p[0]) - 1)))
		return fail(r);
	return v;
}

int
asn1_key_sign(struct slice v)
{
	if (v.n > 0 && v.p[0] >= 0x80)
		return -1;
	return v.n == 0 || (v.n == 1 && v.p[0] == 0) ? 0 : 1;
}

struct slice
asn1_key_magnitude(struct slice v)
{
	return v.n > 1 && v.p[0] == 0 ? (struct slice){v.p + 1, v.n - 1} : v;
}
