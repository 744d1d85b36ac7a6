#include "der.h"

#include "crtlint/version.h"

/* readASN1 of golang.org/x/crypto/cryptobyte. */
static bool
der_read(struct slice *in, uint8_t *tag, struct slice *out, bool header)
{
	if (in->n < 2 || (in->p[0] & 0x1f) == 0x1f)
		return false;
	size_t length = in->p[1], head = 2;
	if (length & 0x80) {
		size_t bytes = length & 0x7f;
		if (bytes == 0 || bytes > 4 || in->n < 2 + bytes)
			return false;
		uint64_t value = 0;
		for (size_t i = 0; i < bytes; i++)
			value = value << 8 | in->p[2 + i];
		if (value < 128 || value >> ((bytes - 1) * 8) == 0 || value > UINT32_MAX - 2 - bytes)
			return false;
		length = (size_t)value;
		head += bytes;
	}
	if (in->n - head < length)
		return false;
	*tag = in->p[0];
	struct slice element = {in->p, head + length};
	*in = (struct slice){in->p + element.n, in->n - element.n};
	*out = header ? element : (struct slice){element.p + head, length};
	return true;
}

bool
der_any(struct slice *in, uint8_t *tag, struct slice *body)
{
	return der_read(in, tag, body, false);
}

bool
der_any_element(struct slice *in, uint8_t *tag, struct slice *element)
{
	return der_read(in, tag, element, true);
}

bool
der_get(struct slice *in, uint8_t tag, struct slice *body)
{
	uint8_t found;
	struct slice b;
	if (!der_read(in, &found, &b, false) || found != tag)
		return false;
	*body = b;
	return true;
}

bool
der_get_element(struct slice *in, uint8_t tag, struct slice *element)
{
	uint8_t found;
	struct slice e;
	if (!der_read(in, &found, &e, true) || found != tag)
		return false;
	*element = e;
	return true;
}

bool
der_peek(struct slice in, uint8_t tag)
{
	return in.n > 0 && in.p[0] == tag;
}

bool
der_optional(struct slice *in, uint8_t tag, struct slice *body, bool *present)
{
	*present = der_peek(*in, tag);
	return !*present || der_get(in, tag, body);
}

bool
der_boolean(struct slice *in, bool *value)
{
	struct slice body;
	if (!der_get(in, DER_BOOLEAN, &body) || body.n != 1 || (body.p[0] != 0 && body.p[0] != 0xff))
		return false;
	*value = body.p[0] != 0;
	return true;
}

bool
der_integer(struct slice *in, uint8_t tag, struct slice *body)
{
	struct slice b;
	if (!der_get(in, tag, &b) || b.n == 0)
		return false;
	if (b.n > 1 && ((b.p[0] == 0 && !(b.p[1] & 0x80)) || (b.p[0] == 0xff && (b.p[1] & 0x80))))
		return false;
	*body = b;
	return true;
}

bool
der_int64(struct slice body, int64_t *value)
{
	if (body.n == 0 || body.n > 8)
		return false;
	uint64_t v = body.p[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < body.n; i++)
		v = v << 8 | body.p[i];
	*value = (int64_t)v;
	return true;
}

bool
der_positive(struct slice body)
{
	return body.n > 0 && !(body.p[0] & 0x80) && !(body.n == 1 && body.p[0] == 0);
}

struct slice
der_magnitude(struct slice body)
{
	if (body.n > 1 && body.p[0] == 0)
		return (struct slice){body.p + 1, body.n - 1};
	return body;
}

bool
der_bits(struct slice *in, struct slice *bytes, unsigned *unused)
{
	struct slice b;
	if (!der_get(in, DER_BITS, &b) || b.n == 0)
		return false;
	unsigned rest = b.p[0];
	if (rest > 7 || (b.n == 1 && rest != 0) || (b.n > 1 && (b.p[b.n - 1] & ((1U << rest) - 1)) != 0))
		return false;
	*bytes = (struct slice){b.p + 1, b.n - 1};
	*unused = rest;
	return true;
}

struct slice
der_right_align(struct arena *arena, struct slice bytes, unsigned unused)
{
	if (unused == 0 || bytes.n == 0)
		return bytes;
	uint8_t *out = arena_alloc(arena, bytes.n);
	unsigned carry = 0;
	for (size_t i = 0; i < bytes.n; i++) {
		out[i] = (uint8_t)(carry << (8 - unused) | bytes.p[i] >> unused);
		carry = bytes.p[i];
	}
	return (struct slice){out, bytes.n};
}

bool
der_oid(struct arena *arena, struct slice *in, unsigned go, struct slice *oid)
{
	struct slice b;
	if (!der_get(in, DER_OID, &b) || b.n == 0)
		return false;
	bool padded = false;
	for (size_t i = 0; i < b.n;) {
		uint32_t arc = 0;
		if (b.p[i] == 0x80) {
			if (go >= GO(21, 0))
				return false;
			padded = true;
		}
		for (unsigned digits = 0;; digits++, i++) {
			if (i == b.n || digits == 5 || arc >= 1U << 24)
				return false;
			arc = arc << 7 | (b.p[i] & 0x7fU);
			if (!(b.p[i] & 0x80))
				break;
		}
		i++;
	}
	*oid = b;
	if (!padded)
		return true;
	uint8_t *out = arena_alloc(arena, b.n);
	size_t n = 0;
	bool start = true;
	for (size_t i = 0; i < b.n; i++) {
		if (start && b.p[i] == 0x80)
			continue;
		start = !(b.p[i] & 0x80);
		out[n++] = b.p[i];
	}
	*oid = (struct slice){out, n};
	return true;
}

bool
der_seven_bit(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] & 0x80)
			return false;
	return true;
}
