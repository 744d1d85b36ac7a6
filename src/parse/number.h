/*
 * number: GMP's numbers where they may be secret. GMP does not wipe what it gives back.
 */
#ifndef CRTLINT_PARSE_NUMBER_H
#define CRTLINT_PARSE_NUMBER_H

#include <gmp.h>
#include <stddef.h>

#include "crtlint/slice.h"

/* number_reserve(z, bytes): an initialised 0 with room for so many bytes: what GMP has to move leaves a copy behind. */
void number_reserve(mpz_t, size_t);

/* number_load(z, bytes): initialises z with an unsigned big-endian number; none is 0. */
void number_load(mpz_t, struct slice);

/* number_wipe(z): mpz_clear() after its limbs were overwritten. */
void number_wipe(mpz_t);

#endif
