/*
 * x509diff SEED N CERTIFICATE...: mutates certificates (DER) and asks the real d2i_X509 and crtlint whether they can be read. What crtlint
 * takes and OpenSSL refuses is a difference, and so is what they say of the dates and extensions of those that both take; what OpenSSL alone takes is told by the words of crtlint's reader.
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/cert.h"
#include "crtlint/version.h"

#include "openssl.h"

enum { SIZE = 1 << 14, SEEDS = 256, KINDS = 64, NOW = 1830000000 };

struct bytes {
	uint8_t p[SIZE];
	size_t n;
};

static uint64_t state;

static size_t
below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return n ? (size_t)(state % n) : 0;
}

static void
splice(struct bytes *b, size_t at, size_t cut, const uint8_t *in, size_t n)
{
	uint8_t copy[SIZE];

	if (at + cut > b->n || b->n - cut + n > SIZE || n > SIZE)
		return;
	memcpy(copy, in, n);
	memmove(b->p + at + n, b->p + at + cut, b->n - at - cut);
	memcpy(b->p + at, copy, n);
	b->n = b->n - cut + n;
}

/* The header at that place: false if there is none; *head and *length are its sizes. */
static bool
header(const struct bytes *b, size_t at, size_t end, size_t *head, size_t *length)
{
	if (at + 2 > end)
		return false;
	*length = b->p[at + 1];
	*head = 2;
	if (*length >= 0x80) {
		size_t k = *length & 0x7f;
		if (k == 0 || k > 2 || at + 2 + k > end)
			return false;
		*head = 2 + k;
		*length = k == 1 ? b->p[at + 2] : (size_t)b->p[at + 2] << 8 | b->p[at + 3];
	}
	return at + *head + *length <= end;
}

/* Changes one element somewhere below, then the lengths around it; how many elements it has seen so far. */
static void
edit(struct bytes *b, size_t at, size_t end, int depth)
{
	size_t head, length, count = 0, chosen, place = at;

	for (size_t k = at; header(b, k, end, &head, &length); k += head + length)
		count++;
	if (count == 0)
		return;
	chosen = below(count);
	for (size_t i = 0; i < chosen && header(b, place, end, &head, &length); i++)
		place += head + length;
	if (!header(b, place, end, &head, &length))
		return;
	size_t before = b->n;
	if (depth == 0 || (b->p[place] & 0x20 && length > 0 && below(4) > 0)) {
		edit(b, place + head, place + head + length, depth + 1);
		size_t now = length + b->n - before;
		uint8_t made[4] = {b->p[place], 0x82, (uint8_t)(now >> 8), (uint8_t)now};
		size_t size = 4;
		if (now < 0x80) {
			made[1] = (uint8_t)now;
			size = 2;
		} else if (now < 0x100) {
			made[1] = 0x81;
			made[2] = (uint8_t)now;
			size = 3;
		}
		splice(b, place, head, made, size);
		return;
	}
	static const uint8_t tags[] = {
	    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x1c, 0x30, 0x31, 0x81, 0x82, 0xa0, 0xa3};
	static const uint8_t piece[][4] = {
	    {0x05, 0x00}, {0x01, 0x01, 0xff}, {0x02, 0x01, 0x00}, {0x30, 0x00}, {0x81, 0x01, 0x00}};
	switch (below(6)) {
	case 0:
		splice(b, place, head + length, NULL, 0);
		break;
	case 1:
		splice(b, place, 0, b->p + place, head + length);
		break;
	case 2:
		b->p[place] = tags[below(sizeof tags)];
		break;
	case 3: {
		const uint8_t *in = piece[below(5)];
		splice(b, below(2) ? place : place + head + length, 0, in, 2U + in[1]);
		break;
	}
	case 4: {
		uint8_t none[2] = {b->p[place], 0};
		splice(b, place, head + length, none, 2);
		break;
	}
	default:
		if (length > 0)
			b->p[place + head + below(length)] = (uint8_t)below(256);
	}
}

static void
mutate(struct bytes *b)
{
	for (size_t i = 0, n = 1 + below(2); i < n; i++) {
		if (below(3) > 0)
			edit(b, 0, b->n, 0);
		else
			b->p[below(b->n)] = (uint8_t)below(256);
	}
}

static size_t
load(char **names, int n, struct bytes *out)
{
	size_t count = 0;

	for (int i = 0; i < n && count < SEEDS; i++) {
		FILE *in = fopen(names[i], "rb");
		if (!in)
			continue;
		out[count].n = fread(out[count].p, 1, SIZE / 2, in);
		fclose(in);
		count += out[count].n > 0;
	}
	return count;
}

/* x509_check_cert_time. */
static int
dates(const X509 *x, time_t now)
{
	int i = X509_cmp_time(X509_get0_notBefore(x), &now);

	if (i >= 0)
		return i == 0 ? OPENSSL_NOT_BEFORE : OPENSSL_NOT_YET;
	i = X509_cmp_time(X509_get0_notAfter(x), &now);
	return i == 0 ? OPENSSL_NOT_AFTER : i < 0 ? OPENSSL_EXPIRED : OPENSSL_OK;
}

static void
print_hex(const struct bytes *b)
{
	for (size_t k = 0; k < b->n; k++)
		printf("%02x", b->p[k]);
	printf("\n");
}

int
main(int argc, char **argv)
{
	static struct bytes seeds[SEEDS];
	static struct {
		char words[128];
		size_t n;
	} kinds[KINDS];
	size_t taken = 0, wrong = 0, more = 0;

	if (argc < 4)
		return 2;
	state = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
	size_t n = strtoul(argv[2], NULL, 10), have = load(argv + 3, argc - 3, seeds);
	for (size_t i = 0; have > 0 && i < n; i++) {
		struct bytes b = seeds[below(have)];
		mutate(&b);
		const uint8_t *p = b.p;
		X509 *x = d2i_X509(NULL, &p, (long)b.n);
		struct arena *arena = arena_new();
		const struct cert *c = cert_parse(arena, (struct slice){b.p, b.n}, GO_NEWEST);
		bool ours = openssl_read_takes(c);
		taken += x != NULL;
		if (ours && !x) {
			if (wrong++ < 10) {
				printf("crtlint takes, OpenSSL refuses (%s): ", ERR_reason_error_string(ERR_peek_error()));
				print_hex(&b);
			}
		} else if (ours && openssl_dates(c, NOW) != (enum openssl_error)dates(x, NOW)) {
			if (wrong++ < 10) {
				printf("dates: crtlint %d, OpenSSL %d: ", (int)openssl_dates(c, NOW), dates(x, NOW));
				print_hex(&b);
			}
		} else if (ours && !openssl_read_hidden(c) &&
		           openssl_extensions_valid(c) != (X509_check_purpose(x, -1, 0) == 1)) {
			if (wrong++ < 10) {
				printf("extensions: crtlint %s: ", openssl_extensions_valid(c) ? "valid" : "invalid");
				print_hex(&b);
			}
		} else if (!ours && x) {
			more++;
			const char *words = c->go_error ? c->go_error : "no error";
			size_t k = 0;
			while (k + 1 < KINDS && kinds[k].n > 0 && strncmp(kinds[k].words, words, sizeof kinds[k].words - 1) != 0)
				k++;
			snprintf(kinds[k].words, sizeof kinds[k].words, "%s", words);
			kinds[k].n++;
		}
		X509_free(x);
		ERR_clear_error();
		arena_free(arena);
	}
	printf("%zu mutants of %zu certificates, OpenSSL takes %zu; differences %zu, OpenSSL alone takes %zu\n", n, have, taken,
	    wrong, more);
	for (size_t k = 0; k < KINDS && kinds[k].n > 0; k++)
		printf("    OpenSSL alone, %zu: %s\n", kinds[k].n, kinds[k].words);
	return wrong > 0 || have == 0;
}
