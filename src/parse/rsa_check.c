/* Uses GMP, which GnuTLS brings along. Every number is overwritten before its memory goes back. */
#include "rsa_check.h"

#include "crtlint/version.h"
#include "number.h"
#include "wipe.h"

/* Beyond it Go takes minutes over the power that stands in for a missing coefficient. */
enum { FERMAT_BITS = 8192 };

enum { USUAL_BYTES = 384 /* of a number: 3,072 bits */ };

static size_t
bytes_of(const mpz_t z)
{
	return mpz_size(z) * sizeof(mp_limb_t);
}

/* to = a * b in fresh memory; a and b are wiped. */
static bool
multiply(mpz_t to, mpz_t a, mpz_t b)
{
	mpz_t product;

	number_reserve(product, bytes_of(a) + bytes_of(b));
	mpz_mul(product, a, b);
	number_wipe(a);
	number_wipe(b);
	*to = *product;
	return true;
}

/* The least common multiple, likewise; false when a and b had a common divisor. */
static bool
multiple(mpz_t to, mpz_t a, mpz_t b)
{
	mpz_t divisor, part;
	bool coprime;

	number_reserve(divisor, bytes_of(a) + bytes_of(b));
	number_reserve(part, bytes_of(a));
	mpz_gcd(divisor, a, b);
	coprime = mpz_cmp_ui(divisor, 1) == 0;
	mpz_divexact(part, a, divisor);
	number_wipe(divisor);
	number_wipe(a);
	multiply(to, part, b);
	return coprime;
}

static bool
exponent_fits(int64_t e)
{
	return e >= 2 && e <= INT32_MAX;
}

/* All numbers less shift, joined pairwise, level by level: 100,000 small primes then take no longer than two large ones. */
static bool
fold(struct arena *arena, mpz_t to, const struct rsa_numbers *k, unsigned shift, bool (*join)(mpz_t, mpz_t, mpz_t))
{
	mpz_t *z = arena_array(arena, k->n_primes, sizeof *z);
	bool all = true;

	for (size_t i = 0; i < k->n_primes; i++) {
		number_load(z[i], k->primes[i]);
		mpz_sub_ui(z[i], z[i], shift);
	}
	for (size_t step = 1; step < k->n_primes; step *= 2)
		for (size_t i = 0; i + step < k->n_primes; i += 2 * step)
			all &= join(z[i], z[i], z[i + step]);
	*to = *z[0];
	return all;
}

static bool
primes_above(const struct rsa_numbers *k, uint8_t least)
{
	for (size_t i = 0; i < k->n_primes; i++)
		if (k->primes[i].n == 1 && k->primes[i].p[0] <= least)
			return false;
	return true;
}

/* factor * other = 1 mod modulus. */
static bool
inverse(const mpz_t factor, const mpz_t other, const mpz_t modulus)
{
	mpz_t product, rest;
	bool one;

	number_reserve(product, bytes_of(factor) + bytes_of(other));
	number_reserve(rest, bytes_of(modulus));
	mpz_mul(product, factor, other);
	mpz_mod(rest, product, modulus);
	one = mpz_cmp_ui(rest, 1) == 0;
	number_wipe(product);
	number_wipe(rest);
	return one;
}

/* e * exponent = 1 mod prime - 1; the exponent is d mod that when the key does not say it. */
static bool
crt_exponent(int64_t e, struct slice given, const mpz_t d, const mpz_t prime)
{
	mpz_t less, exponent, factor;
	bool ok;

	number_reserve(less, bytes_of(prime));
	mpz_sub_ui(less, prime, 1);
	if (given.n > 0) {
		number_load(exponent, given);
	} else {
		number_reserve(exponent, bytes_of(less));
		mpz_mod(exponent, d, less);
	}
	mpz_init_set_ui(factor, (unsigned long)e);
	ok = mpz_cmp(exponent, less) < 0 && inverse(factor, exponent, less);
	number_wipe(factor);
	number_wipe(exponent);
	number_wipe(less);
	return ok;
}

/* qinv * q = 1 mod p. A missing qinv is q^(p-2), so that this becomes Fermat's test. */
static bool
crt_coefficient(struct slice given, const mpz_t p, const mpz_t q)
{
	mpz_t coefficient, less;
	bool ok;

	if (given.n > 0) {
		number_load(coefficient, given);
		ok = mpz_cmp(coefficient, p) < 0 && inverse(coefficient, q, p);
		number_wipe(coefficient);
		return ok;
	}
	if (mpz_even_p(p))
		return false;
	if (mpz_sizeinbase(p, 2) > FERMAT_BITS)
		return true;
	number_reserve(coefficient, bytes_of(p));
	number_reserve(less, bytes_of(p));
	mpz_sub_ui(less, p, 2);
	mpz_powm(coefficient, q, less, p);
	ok = inverse(coefficient, q, p);
	number_wipe(coefficient);
	number_wipe(less);
	return ok;
}

/* |p - q| > 2^(bits/2 - 100). */
static bool
far_apart(const mpz_t p, const mpz_t q, size_t bits)
{
	mpz_t difference;
	bool ok;

	number_reserve(difference, bytes_of(p) > bytes_of(q) ? bytes_of(p) : bytes_of(q));
	mpz_sub(difference, p, q);
	ok = mpz_sgn(difference) != 0 && mpz_sizeinbase(difference, 2) + 100 > bits / 2;
	number_wipe(difference);
	return ok;
}

/* checkPrivateKey of crypto/internal/fips140/rsa for two primes. That p * q is a multiple of n is all it asks of the product. */
static bool
check_pair(const struct rsa_numbers *k, const mpz_t n, const mpz_t d)
{
	size_t bits = mpz_sizeinbase(n, 2);
	bool given = k->dp.n > 0 && k->dq.n > 0 && k->qinv.n > 0;
	const struct slice none = {0};
	mpz_t p, q, product;
	bool ok;

	number_load(p, k->primes[0]);
	number_load(q, k->primes[1]);
	number_reserve(product, bytes_of(p) + bytes_of(q));
	mpz_mul(product, p, q);
	ok = mpz_cmp_ui(p, 2) > 0 && mpz_cmp_ui(q, 2) > 0 && mpz_cmp(p, n) < 0 && mpz_cmp(q, n) < 0 &&
	     mpz_divisible_p(product, n) && crt_exponent(k->e, given ? k->dp : none, d, p) &&
	     crt_exponent(k->e, given ? k->dq : none, d, q) && crt_coefficient(given ? k->qinv : none, p, q) &&
	     far_apart(p, q, bits) && mpz_sizeinbase(d, 2) > bits / 2;
	number_wipe(product);
	number_wipe(p);
	number_wipe(q);
	return ok;
}

/* Since Go 1.24. With more than two primes they need only have no common divisor (precomputeLegacy). */
static bool
check_new(struct arena *arena, const struct rsa_numbers *k)
{
	mpz_t n, d, all;
	bool ok;

	number_load(n, k->modulus);
	number_load(d, k->d);
	ok = mpz_odd_p(n) && mpz_cmp_ui(n, 1) > 0 && mpz_cmp(d, n) < 0 && exponent_fits(k->e) && (k->e & 1) != 0;
	if (ok && k->n_primes == 2) {
		ok = check_pair(k, n, d);
	} else if (ok) {
		ok = fold(arena, all, k, 0, multiple) && primes_above(k, 1);
		number_wipe(all);
	}
	number_wipe(n);
	number_wipe(d);
	return ok;
}

/* Up to Go 1.23: the product of the primes is n, and d * e = 1 modulo each prime - 1. */
static bool
check_old(struct arena *arena, const struct rsa_numbers *k)
{
	mpz_t n, product, all;
	bool ok;

	if (!exponent_fits(k->e) || !primes_above(k, 2))
		return false;
	number_load(n, k->modulus);
	fold(arena, product, k, 0, multiply);
	ok = mpz_cmp(product, n) == 0;
	number_wipe(product);
	number_wipe(n);
	if (!ok)
		return false;

	mpz_t d, e;
	number_load(d, k->d);
	mpz_init_set_ui(e, (unsigned long)k->e);
	fold(arena, all, k, 1, multiple);
	ok = inverse(d, e, all);
	number_wipe(all);
	number_wipe(d);
	number_wipe(e);
	return ok;
}

/* No number is so long that GMP reaches deep into the stack. */
static bool
is_usual(const struct rsa_numbers *k)
{
	const struct slice all[] = {k->modulus, k->d, k->dp, k->dq, k->qinv, k->primes[0], k->primes[1]};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].n > USUAL_BYTES)
			return false;
	return k->n_primes == 2;
}

bool
rsa_check_go(struct arena *arena, const struct rsa_numbers *k, unsigned go)
{
	bool ok = go >= GO(24, 0) ? check_new(arena, k) : check_old(arena, k);

	/* GMP keeps its scratch numbers there while they are small, as those of any key in use are. */
	wipe_stack(is_usual(k) ? WIPE_SHALLOW : WIPE_DEEP);
	return ok;
}
