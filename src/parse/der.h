/*
 * der: a cursor over DER, as strict and as lenient as Go's cryptobyte.String.
 *
 * A cursor is a slice whose start moves. Definite lengths of at most four bytes, minimal, tag numbers below 31; nothing
 * else is checked. On false the cursor may or may not have moved on; where an element could be read but had another tag,
 * it stands behind it.
 */
#ifndef CRTLINT_PARSE_DER_H
#define CRTLINT_PARSE_DER_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_UTF8 = 0x0c,
	DER_NUMERIC = 0x12,
	DER_PRINTABLE = 0x13,
	DER_T61 = 0x14,
	DER_IA5 = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_UNIVERSAL = 0x1c,
	DER_BMP = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,
	DER_CONTEXT_CONSTRUCTED = 0xa0,
};

/* der_any(cursor, &tag, &contents): the next element whatever it is. der_any_element(): the same with its header. */
bool der_any(struct slice *, uint8_t *, struct slice *);
bool der_any_element(struct slice *, uint8_t *, struct slice *);

/* der_get(cursor, tag, &contents): the next element, which must have that tag. der_get_element(): the same with its header. */
bool der_get(struct slice *, uint8_t, struct slice *);
bool der_get_element(struct slice *, uint8_t, struct slice *);

/* der_peek(cursor, tag): the next byte is that tag. */
bool der_peek(struct slice, uint8_t);

/* der_optional(cursor, tag, &contents, &present): true also when the next element has another tag or there is none. */
bool der_optional(struct slice *, uint8_t, struct slice *, bool *);

/* der_boolean(cursor, &value): 00 or ff, nothing else. */
bool der_boolean(struct slice *, bool *);

/* der_integer(cursor, tag, &contents): an INTEGER under that tag, at least one byte, minimal; two's complement. */
bool der_integer(struct slice *, uint8_t, struct slice *);

/* der_int64(contents, &value): its value if it fits. der_positive(contents): it is above zero. */
bool der_int64(struct slice, int64_t *);
bool der_positive(struct slice);

/* der_magnitude(contents): a positive INTEGER without its leading zero byte. */
struct slice der_magnitude(struct slice);

/* der_bits(cursor, &bytes, &unused): a BIT STRING whose unused bits are zero. */
bool der_bits(struct slice *, struct slice *, unsigned *);

/* der_right_align(arena, bytes, unused): the bits as a number; the bytes themselves when none is unused. */
struct slice der_right_align(struct arena *, struct slice, unsigned);

/* der_oid(arena, cursor, go, &contents): an OBJECT IDENTIFIER of arcs below 2^31 in at most five bytes. Go up to 1.20 takes arcs
 * with leading zeros; those come back normalised, so that comparing bytes compares identifiers. */
bool der_oid(struct arena *, struct slice *, unsigned, struct slice *);

/* der_seven_bit(bytes): all of them are ASCII. */
bool der_seven_bit(struct slice);

#endif
