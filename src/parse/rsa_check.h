/*
 * rsa_check: whether the numbers of an RSA private key belong together, as far as Go looks.
 */
#ifndef CRTLINT_PARSE_RSA_CHECK_H
#define CRTLINT_PARSE_RSA_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

struct rsa_numbers { /* magnitudes, big-endian, above zero; the CRT values n 0 when absent */
	struct slice modulus, d;
	int64_t e;
	const struct slice *primes; /* at least two */
	size_t n_primes;
	struct slice dp, dq, qinv;
};

/* rsa_check_go(arena, numbers, go): Go's rsa.PrivateKey.Validate. */
bool rsa_check_go(struct arena *, const struct rsa_numbers *, unsigned);

#endif
