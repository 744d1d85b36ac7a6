/* Numbers on a certificate are public: they are not wiped. */
#include "point.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "number.h"

size_t
point_bytes(enum curve curve)
{
	static const size_t bytes[] = {
	    [CURVE_NONE] = 0, [CURVE_P224] = 28, [CURVE_P256] = 32, [CURVE_P384] = 48, [CURVE_P521] = 66, [CURVE_OTHER] = 0};

	return bytes[curve];
}

const struct ecc_curve *
point_curve(enum curve curve)
{
	switch (curve) {
	case CURVE_P224:
		return nettle_get_secp_224r1();
	case CURVE_P256:
		return nettle_get_secp_256r1();
	case CURVE_P384:
		return nettle_get_secp_384r1();
	case CURVE_P521:
		return nettle_get_secp_521r1();
	case CURVE_NONE:
	case CURVE_OTHER:
		break;
	}
	return NULL;
}

static bool
has_form(enum curve curve, struct slice point)
{
	size_t bytes = point_bytes(curve);

	return bytes > 0 && point.n == 1 + 2 * bytes && point.p[0] == 4;
}

static void
load(mpz_t x, mpz_t y, struct slice point)
{
	size_t bytes = point.n / 2;

	number_load(x, (struct slice){point.p + 1, bytes});
	number_load(y, (struct slice){point.p + 1 + bytes, bytes});
}

bool
point_valid(enum curve curve, struct slice point)
{
	struct ecc_point p;
	mpz_t x, y;
	bool ok;

	if (!has_form(curve, point))
		return false;
	load(x, y, point);
	ecc_point_init(&p, point_curve(curve));
	ok = ecc_point_set(&p, x, y) != 0; /* both below the prime, and on the curve */
	ecc_point_clear(&p);
	mpz_clear(x);
	mpz_clear(y);
	return ok;
}

bool
point_is(const struct ecc_point *p, enum curve curve, struct slice point)
{
	mpz_t x, y, is_x, is_y;
	bool ok;

	if (!has_form(curve, point))
		return false;
	load(x, y, point);
	mpz_init(is_x);
	mpz_init(is_y);
	ecc_point_get(p, is_x, is_y);
	ok = mpz_cmp(x, is_x) == 0 && mpz_cmp(y, is_y) == 0;
	mpz_clear(is_x);
	mpz_clear(is_y);
	mpz_clear(x);
	mpz_clear(y);
	return ok;
}
