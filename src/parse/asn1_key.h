/*
 * asn1_key: the fields of a SEQUENCE as Go's encoding/asn1 unmarshals them; keys are read this way.
 *
 * It differs from cryptobyte (der.h), with which certificates are read: tag numbers of 31 and more are read and passed over,
 * a length may have more than four bytes as long as it is minimal and below 2^31, bytes behind the last field are ignored at every level,
 * an optional field whose element has the wrong tag counts as absent and leaves the element for the next field, and the
 * length of an explicit tag is never compared with what it holds.
 */
#ifndef CRTLINT_PARSE_ASN1_KEY_H
#define CRTLINT_PARSE_ASN1_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/slice.h"

struct asn1_key {
	struct slice in;
	size_t at;
	bool failed; /* stays */
};

/* asn1_key_open(der, &contents, &rest): an outer SEQUENCE and what follows it. */
bool asn1_key_open(struct slice, struct slice *, struct slice *);

/* asn1_key_of(contents): a reader of the fields in there. asn1_key_more(reader): something is left. */
struct asn1_key asn1_key_of(struct slice);
bool asn1_key_more(const struct asn1_key *);

/* Each reads one field and fails the reader when it is not there. */
struct slice asn1_key_sequence(struct asn1_key *);
struct slice asn1_key_octets(struct asn1_key *);
struct slice asn1_key_oid(struct asn1_key *);
struct slice asn1_key_integer(struct asn1_key *); /* minimal; two's complement */
int64_t asn1_key_int(struct asn1_key *);

/* Optional fields: p is NULL when absent. asn1_key_any() gives the whole element. */
struct slice asn1_key_any(struct asn1_key *);
struct slice asn1_key_optional_integer(struct asn1_key *);
struct slice asn1_key_optional_sequence(struct asn1_key *);

/* Under the explicit tag [n]; of a BIT STRING the contents, whose padding has been checked. */
struct slice asn1_key_explicit_oid(struct asn1_key *, unsigned);
struct slice asn1_key_explicit_bits(struct asn1_key *, unsigned);

/* asn1_key_sign(integer): -1, 0, 1. asn1_key_magnitude(integer): of a positive one, without leading zero. */
int asn1_key_sign(struct slice);
struct slice asn1_key_magnitude(struct slice);

#endif
