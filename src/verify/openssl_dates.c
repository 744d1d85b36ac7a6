/* X509_cmp_time: of the forms that ASN.1 and Go allow, those of RFC 5280 4.1.2.5 alone; of others the verification says so. */
#include "openssl.h"

#include "crtlint/when.h"
#include "element.h"

enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };

/* The next time; false: it is none that OpenSSL compares. */
static bool
next_time(struct slice *rest, int64_t *t)
{
	uint8_t tag;
	struct slice s = element_next(rest, &tag);
	unsigned century = tag == GENERALIZED_TIME ? 1 : 0, field[7] = {0};

	if ((tag != UTC_TIME && tag != GENERALIZED_TIME) || s.n != 13 + 2 * century || s.p[s.n - 1] != 'Z')
		return false;
	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		field[i / 2 + 1 - century] = field[i / 2 + 1 - century] * 10 + (unsigned)(s.p[i] - '0');
	}
	int64_t year = field[1] + (century ? 100 * field[0] : field[1] < 50 ? 2000 : 1900);
	if (field[2] < 1 || field[2] > 12 || field[3] < 1 || field[3] > when_days(year, field[2]) || field[4] > 23 ||
	    field[5] > 59 || field[6] > 59)
		return false;
	*t = when_from_civil(year, field[2], field[3], field[4], field[5], field[6]);
	return true;
}

enum openssl_error
openssl_dates(const struct cert *c, int64_t now)
{
	struct slice rest = c->validity;
	int64_t t;

	if (!next_time(&rest, &t))
		return OPENSSL_NOT_BEFORE;
	if (t > now)
		return OPENSSL_NOT_YET;
	if (!next_time(&rest, &t))
		return OPENSSL_NOT_AFTER;
	/* An end that equals now counts as past. */
	return t <= now ? OPENSSL_EXPIRED : OPENSSL_OK;
}
