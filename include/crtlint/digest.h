/*
 * digest: SHA-256, for fingerprints of certificates, keys and findings.
 */
#ifndef CRTLINT_DIGEST_H
#define CRTLINT_DIGEST_H

#include "crtlint/arena.h"
#include "crtlint/slice.h"

/* digest_hex(arena, bytes): the SHA-256 of the bytes as 64 lower-case hexadecimal digits. */
const char *digest_hex(struct arena *, struct slice);

#endif
