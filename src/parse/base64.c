#include "base64.h"

/* What is no digit stands above them all, so that one comparison tells four digits. */
enum { DIGITS = 64, S = DIGITS, P, D, B }; /* blank, padding, dash, bad */

/* clang-format off */
static const uint8_t values[256] = {
    B, B, B, B, B, B, B, B, B, S, S, B, B, S, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    S, B, B, B, B, B, B, B, B, B, B, 62, B, D, B, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, B, B, B, P, B, B,
    B, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, B, B, B, B, B,
    B, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
};
/* clang-format on */

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
	if (v == P) {
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

/* Whole quanta of digits, from i on; where the first other byte stands. */
static size_t
take_digits(struct quanta *q, struct slice in, size_t i)
{
	for (; in.n - i >= 4; i += 4) {
		uint8_t a = values[in.p[i]], b = values[in.p[i + 1]], c = values[in.p[i + 2]], d = values[in.p[i + 3]];
		if ((a | b | c | d) >= DIGITS)
			break;
		if (q->out) {
			uint8_t *out = q->out + q->n;
			out[0] = (uint8_t)(a << 2 | b >> 4);
			out[1] = (uint8_t)(b << 4 | c >> 2);
			out[2] = (uint8_t)(c << 6 | d);
		}
		q->n += 3;
	}
	return i;
}

/* dash_ends: a dash is the end, as for OpenSSL; else it is bad. */
static bool
decode(struct slice in, uint8_t *out, size_t *n, bool dash_ends)
{
	struct quanta q = {.out = out};

	for (size_t i = 0; i < in.n; i++) {
		if (q.digits == 0 && !q.over && (i = take_digits(&q, in, i)) == in.n)
			break;
		uint8_t v = values[in.p[i]];
		if (v == S)
			continue;
		if (v == D && dash_ends)
			break;
		if (v > P || !take(&q, v))
			return false;
	}
	*n = q.n;
	return q.digits == 0;
}

bool
base64_go(struct slice in, uint8_t *out, size_t *n)
{
	return decode(in, out, n, false);
}

bool
base64_openssl(struct slice in, uint8_t *out, size_t *n)
{
	return decode(in, out, n, true);
}
