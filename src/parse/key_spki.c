#include "crtlint/key.h"

#include "der.h"
#include "key_read.h"

enum { HEADER_MAX = 6 }; /* tag, length of lengths, four bytes */

/* Built from the end to the front, so that every length is known when it is written. */
struct writer {
	uint8_t *start, *p;
	const uint8_t *end;
};

static void
put(struct writer *w, struct slice s)
{
	w->p -= s.n;
	if (s.n > 0)
		memcpy(w->p, s.p, s.n);
}

static void
put_byte(struct writer *w, uint8_t b)
{
	*--w->p = b;
}

/* The header of what lies between p and end. */
static void
put_header(struct writer *w, uint8_t tag, const uint8_t *end)
{
	size_t n = (size_t)(end - w->p), length = n;
	uint8_t bytes = 0;

	do {
		put_byte(w, (uint8_t)length);
		length >>= 8;
		bytes++;
	} while (length > 0);
	if (n >= 0x80)
		put_byte(w, 0x80 | bytes);
	put_byte(w, tag);
}

static void
put_element(struct writer *w, uint8_t tag, struct slice contents)
{
	const uint8_t *end = w->p;

	put(w, contents);
	put_header(w, tag, end);
}

static void
put_magnitude(struct writer *w, struct slice magnitude)
{
	const uint8_t *end = w->p;

	put(w, magnitude);
	if (magnitude.n == 0 || magnitude.p[0] >= 0x80)
		put_byte(w, 0);
	put_header(w, DER_INTEGER, end);
}

/* The BIT STRING around what lies before end, the algorithm in front of it, and the outer SEQUENCE. */
static struct slice
finish(struct writer *w, const char *algorithm, uint8_t tag, struct slice parameters)
{
	put_byte(w, 0);
	put_header(w, DER_BITS, w->end);
	const uint8_t *end = w->p;
	put_element(w, tag, parameters);
	put_element(w, DER_OID, slice_of(algorithm));
	put_header(w, DER_SEQUENCE, end);
	put_header(w, DER_SEQUENCE, w->end);
	return (struct slice){w->p, (size_t)(w->end - w->p)};
}

static struct writer
writer(struct arena *arena, size_t contents)
{
	size_t n = contents + 8 * HEADER_MAX + 32; /* two OIDs of at most nine bytes, leading zeros */
	struct writer w = {.start = arena_alloc(arena, n)};

	w.end = w.p = w.start + n;
	return w;
}

struct slice
key_spki(struct arena *arena, const struct key *k)
{
	const struct key_curve *curve = key_read_curve(k->curve);
	const struct slice none = {0};

	if (k->type == KEY_RSA && k->modulus.n > 0) {
		struct writer w = writer(arena, k->modulus.n + k->exponent.n);
		put_magnitude(&w, k->exponent);
		put_magnitude(&w, k->modulus);
		put_header(&w, DER_SEQUENCE, w.end);
		return finish(&w, OID_RSA, 0x05, none); /* NULL, RFC 3279 2.3.1 */
	}
	if (k->type == KEY_EC && k->point.n > 0 && curve) {
		struct writer w = writer(arena, k->point.n);
		put(&w, k->point);
		return finish(&w, OID_EC, DER_OID, curve->oid);
	}
	return none;
}
