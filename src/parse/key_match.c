/* GnuTLS is given a point and a scalar and asked whether they belong together; nothing else of it is used here. */
#include "crtlint/key.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "key_read.h"
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

/* Is scalar * G the point? y is NULL for Ed25519. */
static bool
belongs(gnutls_ecc_curve_t curve, gnutls_datum_t x, const gnutls_datum_t *y, gnutls_datum_t scalar)
{
	gnutls_x509_privkey_t handle;
	bool ok;

	if (gnutls_x509_privkey_init(&handle) < 0)
		return false;
	ok = gnutls_x509_privkey_import_ecc_raw(handle, curve, &x, y, &scalar) == 0 &&
	     gnutls_x509_privkey_verify_params(handle) == 0;
	gnutls_x509_privkey_deinit(handle);
	wipe_stack(WIPE_SHALLOW); /* verify_params leaves the scalar there */
	return ok;
}

static gnutls_ecc_curve_t
gnutls_curve(enum curve curve)
{
	switch (curve) {
	case CURVE_P224:
		return GNUTLS_ECC_CURVE_SECP224R1;
	case CURVE_P256:
		return GNUTLS_ECC_CURVE_SECP256R1;
	case CURVE_P384:
		return GNUTLS_ECC_CURVE_SECP384R1;
	case CURVE_P521:
		return GNUTLS_ECC_CURVE_SECP521R1;
	case CURVE_NONE:
	case CURVE_OTHER:
		break;
	}
	return GNUTLS_ECC_CURVE_INVALID;
}

static enum key_match
match_ec(const struct key *k, const struct spki *s)
{
	const struct key_curve *curve = key_read_curve(k->curve);
	struct slice d = k->scalar;

	if (k->substituted)
		return k->curve == s->curve && k->proved.n > 0 && slice_eq(k->proved, s->point) ? KEY_MATCHES : KEY_DIFFERS;
	if (!curve || k->curve != s->curve || s->point.n != 1 + 2 * (size_t)curve->bytes || s->point.p[0] != 4)
		return KEY_DIFFERS;
	while (d.n > 0 && d.p[0] == 0)
		d = (struct slice){d.p + 1, d.n - 1};
	if (d.n == 0)
		return KEY_DIFFERS; /* Go takes 0; its point is on no certificate */
	gnutls_datum_t x = datum((struct slice){s->point.p + 1, curve->bytes});
	gnutls_datum_t y = datum((struct slice){s->point.p + 1 + curve->bytes, curve->bytes});
	return belongs(gnutls_curve(k->curve), x, &y, datum(d)) ? KEY_MATCHES : KEY_DIFFERS;
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
	return belongs(GNUTLS_ECC_CURVE_ED25519, datum(s->point), NULL, datum(k->scalar)) ? KEY_MATCHES : KEY_DIFFERS;
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
