#include "openssl.h"

#include "element.h"

/*
 * ossl_x509v3_cache_extensions, v3_purp.c: the extensions that OpenSSL decodes when it first looks at a certificate. One that does not
 * decode, or stands there twice, makes the certificate invalid. What follows the element in the extension's value is not looked at.
 */

#define OID_ISSUER_ALT "\x55\x1d\x12"
#define OID_PROXY      "\x2b\x06\x01\x05\x05\x07\x01\x0e"

enum tag { BOOLEAN = 1, INTEGER = 2, BITS = 3, OCTETS = 4, OBJECT = 6, SEQUENCE = 0x30 };

/* The contents of the one element that the value must begin with; false: it is another or none. */
static bool
begins(struct slice value, uint8_t tag, struct slice *contents)
{
	uint8_t found;

	*contents = element_next(&value, &found);
	return found == tag;
}

/* A list: that it is constructed is not asked (asn1_template_noexp_d2i). */
static bool
lists(struct slice value, struct slice *rest)
{
	return begins(value, SEQUENCE, rest) || begins(value, SEQUENCE & 0x1f, rest);
}

/* Takes the next element off the rest where it has that tag; contents.p NULL: it has not. A broken one stays, and is too much. */
static struct slice
optional(struct slice *rest, uint8_t tag)
{
	struct slice contents = {NULL, 0}, before = *rest;
	uint8_t found;

	if (rest->n == 0 || rest->p[0] != tag)
		return contents;
	contents = element_next(rest, &found);
	if (found == 0)
		*rest = before;
	return contents;
}

bool
openssl_object_valid(struct slice oid)
{
	if (oid.n == 0 || oid.p[oid.n - 1] & 0x80)
		return false;
	for (size_t i = 0; i < oid.n; i++)
		if (oid.p[i] == 0x80 && (i == 0 || !(oid.p[i - 1] & 0x80)))
			return false;
	return true;
}

/* EXPLICIT: one element, and nothing behind it. */
static bool
one(struct slice contents, uint8_t *tag, struct slice *inner)
{
	*inner = element_next(&contents, tag);
	return *tag != 0 && contents.n == 0;
}

static bool
other_name(struct slice rest)
{
	struct slice oid = optional(&rest, OBJECT), value = optional(&rest, 0xa0), inner;
	uint8_t tag;

	return openssl_object_valid(oid) && rest.n == 0 && one(value, &tag, &inner);
}

/* EDIPartyName: one or two strings. */
static bool
party_name(struct slice rest)
{
	struct slice assigner = optional(&rest, 0xa0), party = optional(&rest, 0xa1), inner;
	uint8_t tag;

	return rest.n == 0 && party.p && one(party, &tag, &inner) && (!assigner.p || one(assigner, &tag, &inner));
}

/* GENERAL_NAME, of which x400Address is kept as it is. */
static bool
general_name(uint8_t tag, struct slice v)
{
	struct slice inner;
	uint8_t found;

	switch (tag) {
	case 0xa0:
		return other_name(v);
	case 0x81:
	case 0x82:
	case 0xa3:
	case 0x86:
	case 0x87:
		return true;
	case 0xa4:
		return one(v, &found, &inner) && openssl_read_name(v);
	case 0xa5:
		return party_name(v);
	case 0x88:
		return openssl_object_valid(v);
	default:
		return false;
	}
}

static bool
names_in(struct slice rest)
{
	while (rest.n > 0) {
		uint8_t tag;
		struct slice name = element_next(&rest, &tag);

		if (!general_name(tag, name))
			return false;
	}
	return true;
}

static bool
names_valid(struct slice value)
{
	struct slice rest;

	return lists(value, &rest) && names_in(rest);
}

static bool
basic_valid(struct slice value)
{
	struct slice rest, flag, length;

	if (!begins(value, SEQUENCE, &rest))
		return false;
	flag = optional(&rest, BOOLEAN);
	length = optional(&rest, INTEGER);
	return rest.n == 0 && (!flag.p || flag.n == 1) && (!length.p || (openssl_read_integer(length) && !(length.p[0] & 0x80)));
}

static bool
bits_valid(struct slice value)
{
	struct slice bits;

	return begins(value, BITS, &bits) && bits.n > 0 && bits.p[0] <= 7;
}

/* RFC 5280 4.2.1.3: some bit must be set; only the first two octets are looked at. */
static bool
usage_valid(struct slice value)
{
	struct slice bits;
	uint8_t set = 0;

	if (!bits_valid(value) || !begins(value, BITS, &bits))
		return false;
	for (size_t i = 1; i < bits.n && i < 3; i++)
		set |= i + 1 == bits.n ? (uint8_t)(bits.p[i] & (0xff << bits.p[0])) : bits.p[i];
	return set != 0;
}

static bool
extended_valid(struct slice value)
{
	struct slice rest;

	if (!lists(value, &rest))
		return false;
	while (rest.n > 0) {
		uint8_t tag;
		struct slice oid = element_next(&rest, &tag);

		if (tag != OBJECT || !openssl_object_valid(oid))
			return false;
	}
	return true;
}

static bool
octets_valid(struct slice value)
{
	struct slice octets;

	return begins(value, OCTETS, &octets);
}

static bool
authority_valid(struct slice value)
{
	struct slice rest, names, serial;

	if (!begins(value, SEQUENCE, &rest))
		return false;
	optional(&rest, 0x80);
	names = optional(&rest, 0xa1);
	serial = optional(&rest, 0x82);
	return rest.n == 0 && names_in(names) && (!serial.p || openssl_read_integer(serial));
}

static bool
trees_valid(struct slice rest)
{
	while (rest.n > 0) {
		uint8_t tag;
		struct slice tree = element_next(&rest, &tag), name, least, most;

		if (tag != SEQUENCE)
			return false;
		name = element_next(&tree, &tag);
		least = optional(&tree, 0x80);
		most = optional(&tree, 0x81);
		if (!general_name(tag, name) || tree.n > 0 || (least.p && !openssl_read_integer(least)) ||
		    (most.p && !openssl_read_integer(most)))
			return false;
	}
	return true;
}

static bool
constraints_valid(struct slice value)
{
	struct slice rest, permitted, excluded;

	if (!begins(value, SEQUENCE, &rest))
		return false;
	permitted = optional(&rest, 0xa0);
	excluded = optional(&rest, 0xa1);
	return rest.n == 0 && trees_valid(permitted) && trees_valid(excluded);
}

static bool
points_valid(struct slice value)
{
	struct slice rest;

	if (!lists(value, &rest))
		return false;
	while (rest.n > 0) {
		uint8_t tag;
		struct slice point = element_next(&rest, &tag);

		if (tag != SEQUENCE)
			return false;
		struct slice name = optional(&point, 0xa0), reasons = optional(&point, 0x81), inner;
		if (!names_in(optional(&point, 0xa2)) || point.n > 0 || (reasons.p && (reasons.n == 0 || reasons.p[0] > 7)))
			return false;
		if (name.p && (!one(name, &tag, &inner) || (tag != 0xa0 && tag != 0xa1) || (tag == 0xa0 && !names_in(inner))))
			return false;
	}
	return true;
}

static bool
proxy_valid(struct slice value)
{
	struct slice rest, policy;

	if (!begins(value, SEQUENCE, &rest))
		return false;
	optional(&rest, INTEGER);
	policy = optional(&rest, SEQUENCE);
	if (rest.n > 0 || !openssl_object_valid(optional(&policy, OBJECT)))
		return false;
	optional(&policy, OCTETS);
	return policy.n == 0;
}

static const struct {
	const char *oid;
	bool (*valid)(struct slice);
} decoded[] = {
    {"\x55\x1d\x13", basic_valid},
    {OID_PROXY, proxy_valid},
    {"\x55\x1d\x0f", usage_valid},
    {"\x55\x1d\x25", extended_valid},
    {"\x60\x86\x48\x01\x86\xf8\x42\x01\x01", bits_valid},
    {"\x55\x1d\x0e", octets_valid},
    {"\x55\x1d\x23", authority_valid},
    {OID_SAN, names_valid},
    {"\x55\x1d\x1e", constraints_valid},
    {"\x55\x1d\x1f", points_valid},
};

bool
openssl_proxy(const struct cert *c)
{
	return element_extension(c, OID_PROXY) != NULL;
}

bool
openssl_extensions_valid(const struct cert *c)
{
	for (size_t i = 0; i < sizeof(decoded) / sizeof(*decoded); i++) {
		size_t n = 0;

		for (size_t k = 0; k < c->n_extensions; k++) {
			if (!slice_is(c->extensions[k].oid, decoded[i].oid))
				continue;
			if (n++ || !decoded[i].valid(c->extensions[k].value))
				return false;
		}
	}
	/* RFC 3820 3: a proxy is no CA and has no other names. */
	return !openssl_proxy(c) || (!c->is_ca && !element_extension(c, OID_SAN) && !element_extension(c, OID_ISSUER_ALT));
}
