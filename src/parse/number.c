#include "number.h"

#include <string.h>

void
number_reserve(mpz_t z, size_t bytes)
{
	mpz_init2(z, (mp_bitcnt_t)bytes * 8 + 2 * GMP_NUMB_BITS);
}

void
number_load(mpz_t z, struct slice s)
{
	/* mpz_import() of bytes costs more than what is computed with them. */
	mp_size_t limbs = (mp_size_t)((s.n + sizeof(mp_limb_t) - 1) / sizeof(mp_limb_t));
	mp_limb_t *to;

	number_reserve(z, s.n);
	if (limbs == 0)
		return;
	to = mpz_limbs_write(z, limbs);
	for (size_t i = 0; i < (size_t)limbs; i++) {
		size_t end = s.n - i * sizeof(mp_limb_t), n = end < sizeof(mp_limb_t) ? end : sizeof(mp_limb_t);
		mp_limb_t limb = 0;
		for (size_t k = end - n; k < end; k++)
			limb = limb << 8 | s.p[k];
		to[i] = limb;
	}
	mpz_limbs_finish(z, limbs);
}

void
number_wipe(mpz_t z)
{
	explicit_bzero(z->_mp_d, (size_t)z->_mp_alloc * sizeof *z->_mp_d);
	mpz_clear(z);
}
