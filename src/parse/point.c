#include "point.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

static const struct {
	size_t bytes;
	gnutls_ecc_curve_t id;
} curves[] = {
    [CURVE_NONE] = {0, GNUTLS_ECC_CURVE_INVALID},
    [CURVE_P224] = {28, GNUTLS_ECC_CURVE_SECP224R1},
    [CURVE_P256] = {32, GNUTLS_ECC_CURVE_SECP256R1},
    [CURVE_P384] = {48, GNUTLS_ECC_CURVE_SECP384R1},
    [CURVE_P521] = {66, GNUTLS_ECC_CURVE_SECP521R1},
    [CURVE_OTHER] = {0, GNUTLS_ECC_CURVE_INVALID},
};

size_t
point_bytes(enum curve curve)
{
	return curves[curve].bytes;
}

bool
point_valid(enum curve curve, struct slice point)
{
	size_t bytes = curves[curve].bytes;
	if (bytes == 0 || point.n != 1 + 2 * bytes || point.p[0] != 4)
		return false;
	gnutls_pubkey_t key;
	if (gnutls_pubkey_init(&key) != 0)
		return true;
	gnutls_datum_t x = {(unsigned char *)(uintptr_t)point.p + 1, (unsigned)bytes};
	gnutls_datum_t y = {x.data + bytes, (unsigned)bytes};
	int rc = gnutls_pubkey_import_ecc_raw(key, curves[curve].id, &x, &y);
	if (rc == 0)
		rc = gnutls_pubkey_verify_params(key);
	gnutls_pubkey_deinit(key);
	/* A curve that the host's policy disables must not make a verdict about the certificate. */
	return rc == 0 || rc == GNUTLS_E_ECC_UNSUPPORTED_CURVE;
}
