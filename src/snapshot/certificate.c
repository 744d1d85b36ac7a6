#include "certificate.h"

#include "crtlint/pem.h"
#include "labels.h"

enum { OPENSSL_PIECE = 254 }; /* bytes that PEM_read_bio reads at once: what follows a NUL in them is lost to it */

enum { SEQUENCE = 0x30, INTEGER = 0x02, VERSION = 0xa0 };

/* A SEQUENCE that begins at *at: where it ends; *at behind its header. 0: it is none. */
static size_t
open_sequence(const uint8_t *head, size_t n, size_t *at)
{
	if (n - *at < 2 || head[*at] != SEQUENCE)
		return 0;
	uint8_t first = head[*at + 1];
	unsigned bytes = first & 0x80 ? first & 0x7f : 0;
	size_t length = bytes ? 0 : first;
	if (first == 0x80 || bytes > 3 || n - *at < 2 + bytes)
		return 0;
	for (unsigned k = 0; k < bytes; k++)
		length = length << 8 | head[*at + 2 + k];
	*at += 2 + bytes;
	return *at + length;
}

/* SEQUENCE { SEQUENCE { version or serial. Keys in their three forms, encrypted ones and PKCS#12 all go on otherwise. */
size_t
certificate_digits(const uint8_t *head, size_t n)
{
	size_t at = 0, end = open_sequence(head, n, &at);

	if (end == 0 || open_sequence(head, n, &at) == 0)
		return 0;
	return at < n && (head[at] == VERSION || head[at] == INTEGER) ? (end * 8 + 5) / 6 : 0;
}

/* Of what is no certificate: the digits of the headers, by which readers know that. */
static size_t
header_digits(const uint8_t *head, size_t n)
{
	size_t at = 0;

	if (open_sequence(head, n, &at) == 0)
		return 0;
	open_sequence(head, n, &at);
	return at < n ? (at * 8 + 13) / 6 : (n * 8 + 5) / 6;
}

static bool
is_certificate(struct slice label)
{
	return slice_is(label, "CERTIFICATE") || slice_is(label, "X509 CERTIFICATE") || slice_is(label, "TRUSTED CERTIFICATE");
}

/* Up to the digit behind which another thing than the certificate begins. */
static void
mark(struct slice file, const struct pem_block *b, bool pieces, uint8_t *map)
{
	size_t n = b->der.n < CERTIFICATE_HEAD ? b->der.n : CERTIFICATE_HEAD, in_piece = 0;
	size_t digits = certificate_digits(b->der.p, n);
	bool lost = false;

	if (digits == 0)
		digits = header_digits(b->der.p, n);
	for (size_t i = b->body; i < b->body_end && digits > 0; i++) {
		uint8_t c = file.p[i];
		lost = lost || (pieces && c == 0);
		if (!lost && labels_blank(c) == 'A') {
			map[i] = 1;
			digits--;
		}
		if (c == '\n' || ++in_piece == OPENSSL_PIECE) {
			in_piece = 0;
			lost = false;
		}
	}
}

const uint8_t *
certificate_map(struct arena *arena, struct slice file)
{
	uint8_t *map = arena_alloc(arena, file.n);

	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct pem pem = pem_scan(arena, file, d);
		for (size_t i = 0; i < pem.n; i++)
			if (is_certificate(pem.blocks[i].label))
				mark(file, &pem.blocks[i], d == PEM_OPENSSL, map);
	}
	return map;
}
