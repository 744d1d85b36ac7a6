#include "go.h"

#include "crtlint/text.h"
#include "go_tls.h"

const struct stack go_stack = {
    .name = "go",
    .pair = go_pair,
    .pool = go_pool,
    .verify = go_verify,
    .usable = go_tls_usable,
    .sends = go_tls_sends,
    .alert = go_tls_alert,
    .hears = go_tls_hears,
    .wants_certificate = go_tls_wants_certificate,
};

struct refusal
go_refuse(enum cause cause, const char *error, const struct cert *cert)
{
	return (struct refusal){.cause = cause, .error = error, .cert = cert};
}

/* strconv.Quote. What is not printable beyond ASCII the text gate writes as Go does. */
const char *
go_quote(struct arena *arena, struct slice s)
{
	static const char controls[] = "abtnvfr"; /* of bytes 7 to 13 */
	uint8_t *out = arena_array(arena, s.n, 4);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (c == '"' || c == '\\') {
			out[n++] = '\\';
			out[n++] = c;
		} else if (c >= 7 && c <= 13) {
			out[n++] = '\\';
			out[n++] = (uint8_t)controls[c - 7];
		} else if (c < 32 || c == 127) {
			memcpy(out + n,
			    (uint8_t[]){'\\', 'x', (uint8_t) "0123456789abcdef"[c >> 4], (uint8_t) "0123456789abcdef"[c & 15]},
			    4);
			n += 4;
		} else {
			out[n++] = c;
		}
	}
	return arena_printf(arena, "\"%s\"", text_safe(arena, (struct slice){out, n}, TEXT_VALUE));
}

/* Repeated division by ten: bounded, a serial above this is not shown. */
enum { SERIAL_MAX = 64 };

const char *
go_serial(struct arena *arena, struct slice serial)
{
	uint8_t digits[SERIAL_MAX], text[SERIAL_MAX * 3 + 2];
	size_t at = sizeof(text), n = serial.n;
	bool negative = n > 0 && (serial.p[0] & 0x80), more = true;
	unsigned carry = 1;

	if (n > SERIAL_MAX)
		return "?";
	for (size_t i = n; i-- > 0;) {
		digits[i] = negative ? (uint8_t)~serial.p[i] : serial.p[i];
		if (negative) {
			carry += digits[i];
			digits[i] = (uint8_t)carry;
			carry >>= 8;
		}
	}
	while (more) {
		unsigned rest = 0;

		more = false;
		for (size_t i = 0; i < n; i++) {
			unsigned v = rest << 8 | digits[i];

			digits[i] = (uint8_t)(v / 10);
			rest = v % 10;
			more = more || digits[i];
		}
		text[--at] = (uint8_t)('0' + rest);
	}
	if (negative)
		text[--at] = '-';
	return arena_strndup(arena, (const char *)text + at, sizeof(text) - at);
}
