/*
 * pemdump: what crtlint's readers of PEM and of private keys make of many inputs, for comparison with Go's.
 *
 *   pemdump pem go|go1253|go1254|openssl    every frame is a file; answers its blocks
 *   pemdump key GO                          (GO as 1999 for Go 1.19) frames "K" + key file and "P" + public key; answers what
 *                                           tls.X509KeyPair says of the key and the last public key
 *
 * A frame is its length in four bytes, big-endian, and its bytes. A public key is "rsa" + modulus, "ec" + digit of enum curve +
 * point, or "ed" + key.
 */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#include "crtlint/key.h"

enum { FRAME_MAX = 4 << 20 };

static bool
read_frame(uint8_t **bytes, size_t *n)
{
	uint8_t head[4];

	if (fread(head, 1, sizeof head, stdin) != sizeof head)
		return false;
	*n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (*n > FRAME_MAX)
		return false;
	/* exactly as large as the input, so that a sanitizer sees every byte read beyond */
	*bytes = malloc(*n ? *n : 1);
	return *bytes && fread(*bytes, 1, *n, stdin) == *n;
}

static void
print_hex(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		printf("%02x", s.p[i]);
}

static void
answer_pem(struct arena *arena, struct slice file, enum pem_dialect dialect)
{
	struct pem pem = pem_scan(arena, file, dialect);

	for (size_t i = 0; i < pem.n; i++) {
		uint8_t digest[32];
		gnutls_hash_fast(GNUTLS_DIG_SHA256, pem.blocks[i].der.p, pem.blocks[i].der.n, digest);
		print_hex(pem.blocks[i].label);
		printf(":%d:%zu:", pem.blocks[i].headers > 0, pem.blocks[i].der.n);
		print_hex((struct slice){digest, 8});
		putchar(' ');
	}
	puts(pem.too_many ? "more" : "end");
}

static const char *
pair_text(const struct key *k, const struct spki *public)
{
	if (k->go_error)
		return k->go_error;
	switch (key_match(k, public)) {
	case KEY_MATCHES:
		return "";
	case KEY_DIFFERS:
		return "tls: private key does not match public key";
	case KEY_OTHER_TYPE:
		return "tls: private key type does not match public key type";
	case KEY_UNKNOWN_PUBLIC:
		break;
	}
	return "tls: unknown public key algorithm";
}

static void
answer_key(struct arena *arena, struct slice file, unsigned go, const struct spki *public)
{
	struct pem pem = pem_scan(arena, file, PEM_GO);
	const struct key *k = key_parse(arena, &pem, go);

	printf("%d %s\n", k->flaw, pair_text(k, public));
}

static struct spki
read_public(struct slice s)
{
	struct spki public = {0};

	if (s.n > 3 && memcmp(s.p, "rsa", 3) == 0) {
		public.type = KEY_RSA;
		public.modulus = (struct slice){s.p + 3, s.n - 3};
	} else if (s.n > 3 && memcmp(s.p, "ec", 2) == 0) {
		public.type = KEY_EC;
		public.curve = (enum curve)(s.p[2] - '0');
		public.point = (struct slice){s.p + 3, s.n - 3};
	} else if (s.n > 2 && memcmp(s.p, "ed", 2) == 0) {
		public.type = KEY_ED25519;
		public.point = (struct slice){s.p + 2, s.n - 2};
	}
	return public;
}

int
main(int argc, char **argv)
{
	static const char *const dialects[] = {
	    [PEM_GO] = "go", [PEM_GO_1253] = "go1253", [PEM_GO_1254] = "go1254", [PEM_OPENSSL] = "openssl"};
	bool keys = argc == 3 && strcmp(argv[1], "key") == 0;
	unsigned go = keys ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	enum pem_dialect dialect = PEM_GO;
	struct spki public = {0};
	uint8_t *frame, *kept = NULL;
	size_t n;

	if (!keys && (argc != 3 || strcmp(argv[1], "pem") != 0))
		return 2;
	for (unsigned i = 0; i < sizeof dialects / sizeof *dialects; i++)
		if (strcmp(argv[2], dialects[i]) == 0)
			dialect = (enum pem_dialect)i;
	while (read_frame(&frame, &n)) {
		struct arena *arena = arena_new();
		if (!keys)
			answer_pem(arena, (struct slice){frame, n}, dialect);
		else if (n > 0 && *frame == 'K')
			answer_key(arena, (struct slice){frame + 1, n - 1}, go, &public);
		arena_free(arena);
		if (keys && n > 0 && *frame == 'P') {
			free(kept);
			kept = frame;
			public = read_public((struct slice){frame + 1, n - 1});
		} else {
			free(frame);
		}
	}
	free(kept);
	return 0;
}
