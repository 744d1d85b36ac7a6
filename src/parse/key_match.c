/* Libhogweed computes d * G of the curves, and GnuTLS is asked whether an Ed25519 point and a seed belong together. */
#include "crtlint/key.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <nettle/ecc.h>
#include <string.h>

#include "number.h"
#include "point.h"
#include "wipe.h"

struct key_proof {
	struct slice point; /* of the certificate that was compared; its certificate lives as long as the key */
	enum curve curve;
	enum key_match answer;
};

struct key_proof *
key_proof_new(struct arena *arena)
{
	return arena_alloc(arena, sizeof(struct key_proof));
}

static gnutls_datum_t
datum(struct slice s)
{
	return (gnutls_datum_t){(unsigned char *)(uintptr_t)s.p, (unsigned)s.n};
}

static bool
belongs_ed25519(gnutls_datum_t x, gnutls_datum_t seed)
{
	gnutls_x509_privkey_t handle;
	bool ok;

	if (gnutls_x509_privkey_init(&handle) < 0)
		return false;
	ok = gnutls_x509_privkey_import_ecc_raw(handle, GNUTLS_ECC_CURVE_ED25519, &x, NULL, &seed) == 0 &&
	     gnutls_x509_privkey_verify_params(handle) == 0;
	gnutls_x509_privkey_deinit(handle);
	wipe_stack(WIPE_SHALLOW); /* verify_params leaves the seed there */
	return ok;
}

/* Is d * G the point? 0 * G is on no certificate, and from the order on nothing reaches here (key_read.c). */
static bool
belongs_ec(enum curve curve, struct slice point, struct slice scalar)
{
	const struct ecc_curve *ecc = point_curve(curve);
	struct ecc_scalar d;
	struct ecc_point computed;
	mpz_t number;
	bool ok;

	number_load(number, scalar);
	ecc_scalar_init(&d, ecc);
	ecc_point_init(&computed, ecc);
	ok = ecc_scalar_set(&d, number) != 0;
	if (ok) {
		ecc_point_mul_g(&computed, &d);
		ok = point_is(&computed, curve, point);
	}
	explicit_bzero(d.p, (size_t)ecc_size(ecc) * sizeof *d.p);
	ecc_scalar_clear(&d);
	ecc_point_clear(&computed);
	number_wipe(number);
	wipe_stack(WIPE_SHALLOW);
	return ok;
}

static enum key_match
match_ec(const struct key *k, const struct spki *s)
{
	struct slice d = k->scalar;

	if (k->substituted)
		return k->curve == s->curve && k->proved.n > 0 && slice_eq(k->proved, s->point) ? KEY_MATCHES : KEY_DIFFERS;
	if (!point_curve(k->curve) || k->curve != s->curve)
		return KEY_DIFFERS;
	while (d.n > 0 && d.p[0] == 0) /* there may be a megabyte of them */
		d = (struct slice){d.p + 1, d.n - 1};
	return belongs_ec(k->curve, s->point, d) ? KEY_MATCHES : KEY_DIFFERS;
}

static enum key_match
prove_ec(const struct key *k, const struct spki *s)
{
	struct key_proof *p = k->proof;

	if (p && p->point.n > 0 && p->curve == s->curve && slice_eq(p->point, s->point))
		return p->answer;
	enum key_match answer = match_ec(k, s);
	if (p)
		*p = (struct key_proof){s->point, s->curve, answer};
	return answer;
}

static enum key_match
match_ed25519(const struct key *k, const struct spki *s)
{
	if (k->substituted)
		return s->point.n == 32 && slice_eq(k->proved, s->point) ? KEY_MATCHES : KEY_DIFFERS;
	if (s->point.n != 32 || k->scalar.n != 32)
		return KEY_DIFFERS;
	return belongs_ed25519(datum(s->point), datum(k->scalar)) ? KEY_MATCHES : KEY_DIFFERS;
}

enum key_match
key_match(const struct key *k, const struct spki *s)
{
	switch (s->type) {
	case KEY_RSA:
		if (k->type != KEY_RSA)
			return KEY_OTHER_TYPE;
		return slice_eq(k->modulus, s->modulus) ? KEY_MATCHES : KEY_DIFFERS;
	case KEY_EC:
		return k->type == KEY_EC ? prove_ec(k, s) : KEY_OTHER_TYPE;
	case KEY_ED25519:
		return k->type == KEY_ED25519 ? match_ed25519(k, s) : KEY_OTHER_TYPE;
	case KEY_UNKNOWN:
	case KEY_ED448:
	case KEY_DSA:
	case KEY_RSA_PSS:
		break;
	}
	return KEY_UNKNOWN_PUBLIC;
}
