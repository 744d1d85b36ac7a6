#include "base64.h"

enum { BAD = 0x80, SPACE, PAD, DASH };

static uint8_t
value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint8_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0' + 52);
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	if (c == '\n' || c == '\r' || c == ' ' || c == '\t')
		return SPACE;
	if (c == '=')
		return PAD;
	return c == '-' ? DASH : BAD;
}

struct quanta {
	uint8_t *out; /* NULL: only count */
	size_t n;
	uint32_t bits;
	unsigned digits; /* of the unfinished quantum */
	unsigned pads;
	bool over; /* a quantum was padded: nothing but blanks may follow */
};

/* One digit or padding sign more; false where neither library goes on. */
static bool
take(struct quanta *q, uint8_t v)
{
	if (q->over)
		return false;
	if (v == PAD) {
		if (q->digits < 2)
			return false;
		q->pads++;
	} else {
		if (q->pads > 0)
			return false;
		q->bits = q->bits << 6 | v;
		q->digits++;
	}
	if (q->digits + q->pads < 4)
		return true;
	q->bits <<= 6 * q->pads;
	for (unsigned i = 0; i < 3 - q->pads; i++) {
		if (q->out)
			q->out[q->n] = (uint8_t)(q->bits >> (16 - 8 * i));
		q->n++;
	}
	q->over = q->pads > 0;
	q->bits = 0;
	q->digits = 0;
	return true;
}

static bool
complete(const struct quanta *q, size_t *n)
{
	*n = q->n;
	return q->digits == 0;
}

bool
base64_go(struct slice in, uint8_t *out, size_t *n)
{
	struct quanta q = {.out = out};

	for (size_t i = 0; i < in.n; i++) {
		uint8_t v = value(in.p[i]);
		if (v == SPACE)
			continue;
		if (v == BAD || v == DASH || !take(&q, v))
			return false;
	}
	return complete(&q, n);
}

bool
base64_openssl(struct slice in, uint8_t *out, size_t *n)
{
	struct quanta q = {.out = out};

	for (size_t i = 0; i < in.n; i++) {
		uint8_t v = value(in.p[i]);
		if (v == SPACE)
			continue;
		if (v == DASH)
			break;
		if (v == BAD || !take(&q, v))
			return false;
	}
	return complete(&q, n);
}
