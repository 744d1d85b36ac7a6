#include "crtlint/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

enum { SHA256_SIZE = 32 };

const char *
digest_hex(struct arena *arena, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t hash[SHA256_SIZE];

	/* It fails only where the library was never initialised: a bug, and no digest may be made up for it. */
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.n > 0 ? (const void *)bytes.p : "", bytes.n, hash) < 0)
		abort();
	char *hex = arena_alloc(arena, 2 * SHA256_SIZE + 1);
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		hex[2 * i] = digits[hash[i] >> 4];
		hex[2 * i + 1] = digits[hash[i] & 15];
	}
	return hex;
}
