/* The private-key reader over a file and over bare DER, for an old and a new Go, and what is done with a key afterwards. */
#include <stdlib.h>

#include "crtlint/key.h"
#include "crtlint/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Some point on P-256 (its generator) and any 32 bytes: matching must come to an end, whatever it says. */
static const uint8_t generator[] = {0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4,
    0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42,
    0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
    0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};

static void
use(struct arena *arena, const struct key *k)
{
	struct spki ec = {.type = KEY_EC, .curve = CURVE_P256, .point = {generator, sizeof generator}};
	struct spki ed = {.type = KEY_ED25519, .point = {generator, 32}};

	if ((k->flaw == KEY_SOUND) != (k->go_error == NULL))
		abort();
	if (k->flaw != KEY_SOUND)
		return;
	if (k->form == KEY_FORM_NONE || (k->type == KEY_RSA ? k->modulus.n == 0 : k->scalar.p == NULL))
		abort();
	key_match(k, &ec);
	key_match(k, &ed);
	struct slice spki = key_spki(arena, k);
	if (k->type == KEY_RSA && (spki.n == 0 || spki.p[0] != 0x30))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const unsigned releases[] = {GO(19, 99), GO_NEWEST};
	struct slice file = {bytes, n};

	for (unsigned i = 0; i < 2; i++) {
		struct arena *arena = arena_new();
		struct pem pem = pem_scan(arena, file, PEM_GO);
		use(arena, key_parse(arena, &pem, releases[i]));
		use(arena, key_parse_der(arena, file, releases[i]));
		arena_free(arena);
	}
	return 0;
}
