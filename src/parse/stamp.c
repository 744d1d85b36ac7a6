#include "stamp.h"

#include "crtlint/version.h"
#include "crtlint/when.h"
#include "der.h"

static bool
stamp_digits(struct slice *in, size_t count, unsigned *value)
{
	if (in->n < count)
		return false;
	*value = 0;
	for (size_t i = 0; i < count; i++) {
		if (in->p[i] < '0' || in->p[i] > '9')
			return false;
		*value = *value * 10 + (unsigned)(in->p[i] - '0');
	}
	*in = (struct slice){in->p + count, in->n - count};
	return true;
}

/* Z, or +hhmm or -hhmm: what the layout Z0700 reads and prints back unchanged, so neither +0000 nor 60 minutes. */
static bool
stamp_zone(struct slice in, unsigned go, int64_t *offset)
{
	*offset = 0;
	if (slice_is(in, "Z"))
		return true;
	if (in.n != 5 || (in.p[0] != '+' && in.p[0] != '-'))
		return false;
	struct slice rest = {in.p + 1, 4};
	unsigned hours, minutes;
	if (!stamp_digits(&rest, 2, &hours) || !stamp_digits(&rest, 2, &minutes) || minutes > 59 || hours + minutes == 0)
		return false;
	/* time.Parse looks at the range of the offset since 1.23. */
	if (hours > 24 && go >= GO(23, 0))
		return false;
	*offset = ((int64_t)hours * 60 + minutes) * 60;
	if (in.p[0] == '-')
		*offset = -*offset;
	return true;
}

/* What follows the year. */
static bool
stamp_rest(struct slice in, int64_t year, bool need_seconds, unsigned go, int64_t *t)
{
	unsigned month, day, hour, minute, second = 0;
	int64_t offset;
	if (!stamp_digits(&in, 2, &month) || !stamp_digits(&in, 2, &day) || !stamp_digits(&in, 2, &hour) ||
	    !stamp_digits(&in, 2, &minute))
		return false;
	bool seconds = in.n > 0 && in.p[0] >= '0' && in.p[0] <= '9';
	if ((seconds || need_seconds) && !stamp_digits(&in, 2, &second))
		return false;
	if (!stamp_zone(in, go, &offset) || month < 1 || month > 12 || day < 1 || day > when_days(year, month) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	*t = when_from_civil(year, month, day, hour, minute, second) - offset;
	return true;
}

const char *
stamp_read(struct slice *in, unsigned go, int64_t *t)
{
	struct slice body;
	unsigned year;
	if (der_peek(*in, DER_UTC_TIME)) {
		if (!der_get(in, DER_UTC_TIME, &body) || !stamp_digits(&body, 2, &year) ||
		    !stamp_rest(body, year < 50 ? 2000 + year : 1900 + year, false, go, t))
			return "x509: malformed UTCTime";
		return NULL;
	}
	if (der_peek(*in, DER_GENERALIZED_TIME)) {
		if (!der_get(in, DER_GENERALIZED_TIME, &body) || !stamp_digits(&body, 4, &year) ||
		    !stamp_rest(body, year, true, go, t))
			return "x509: malformed GeneralizedTime";
		return NULL;
	}
	return "x509: unsupported time format";
}
