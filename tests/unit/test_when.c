#include <check.h>
#include <string.h>
#include <time.h>

#include "crtlint/when.h"

static const struct {
	int64_t year;
	unsigned month, day, hour, minute, second;
	int64_t t;
	const char *text;
} civil[] = {
    {1970, 1, 1, 0, 0, 0, 0, "1970-01-01T00:00:00Z"},
    {1969, 12, 31, 23, 59, 59, -1, "1969-12-31T23:59:59Z"},
    {2000, 2, 29, 12, 0, 0, 951825600, "2000-02-29T12:00:00Z"},
    {2026, 11, 20, 22, 10, 0, 1795212600, "2026-11-20T22:10:00Z"},
    {2038, 1, 19, 3, 14, 8, 2147483648, "2038-01-19T03:14:08Z"},
    {2100, 3, 1, 0, 0, 0, 4107542400, "2100-03-01T00:00:00Z"},
    {9999, 12, 31, 23, 59, 59, 253402300799, "9999-12-31T23:59:59Z"},
    {10000, 1, 1, 0, 0, 0, 253402300800, "10000-01-01T00:00:00Z"},
    {0, 1, 1, 0, 0, 0, -62167219200, "0000-01-01T00:00:00Z"},
    {-1, 12, 31, 23, 59, 59, -62167219201, "-0001-12-31T23:59:59Z"},
};

START_TEST(known)
{
	struct arena *a = arena_new();
	int64_t t = when_from_civil(
	    civil[_i].year, civil[_i].month, civil[_i].day, civil[_i].hour, civil[_i].minute, civil[_i].second);

	ck_assert_msg(t == civil[_i].t, "%s: %lld", civil[_i].text, (long long)t);
	const char *text = when_format(a, t);
	ck_assert_msg(strcmp(text, civil[_i].text) == 0, "%s: %s", civil[_i].text, text);
	if (civil[_i].year >= 0 && civil[_i].year <= 9999) {
		ck_assert_msg(when_parse(text, &t, NULL), "%s: not taken", text);
		ck_assert_msg(t == civil[_i].t, "%s: parsed as %lld", text, (long long)t);
	}
	arena_free(a);
}
END_TEST

/* Every day of a span that holds each kind of year, against libc. */
START_TEST(as_libc)
{
	struct arena *a = arena_new();

	for (int year = 1599; year <= 2401; year++) {
		for (unsigned month = 1; month <= 12; month++) {
			for (unsigned day = 1; day <= when_days(year, month); day++) {
				struct tm tm = {
				    .tm_year = year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day, .tm_hour = 13};
				int64_t t = when_from_civil(year, month, day, 13, 0, 0);
				if (t != timegm(&tm) || tm.tm_mday != (int)day)
					ck_abort_msg("%d-%u-%u", year, month, day);
			}
			struct tm next = {
			    .tm_year = year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)when_days(year, month) + 1};
			timegm(&next);
			ck_assert_msg(next.tm_mday == 1, "%d-%u is longer", year, month);
		}
	}
	for (int64_t t = -62167219200; t < 253402300800; t += 86400 * 1013 + 3607) {
		struct tm tm;
		time_t seconds = (time_t)t;
		char text[40];
		gmtime_r(&seconds, &tm);
		const char *got = when_format(a, t);
		size_t n = strftime(text, sizeof text, "-%m-%dT%H:%M:%SZ", &tm);
		ck_assert_msg(strcmp(got + strlen(got) - n, text) == 0, "%lld: %s %s", (long long)t, got, text);
		int64_t back;
		ck_assert_msg(when_parse(got, &back, NULL) && back == t, "%s: not told back", got);
	}
	ck_assert_uint_eq(when_days(2026, 0), 0);
	ck_assert_uint_eq(when_days(2026, 13), 0);
	ck_assert_ptr_nonnull(when_format(a, INT64_MAX));
	ck_assert_ptr_nonnull(when_format(a, INT64_MIN));
	arena_free(a);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t t;
} times[] = {
    {"2026-11-20T22:10:00Z", true, 1795212600},
    {"2026-11-20t22:10:00z", true, 1795212600},
    {"2026-11-20 22:10:00Z", true, 1795212600},
    {"2026-11-20T22:10:00.999Z", true, 1795212600},
    {"2026-11-20T22:10:00.000Z", true, 1795212600},
    {"2026-11-20T23:10:00+01:00", true, 1795212600},
    {"2026-11-20T14:40:00-07:30", true, 1795212600},
    {"2026-11-20T22:10:00-00:00", true, 1795212600},
    {"1970-01-02", true, 86400},
    {"2024-02-29", true, 1709164800},
    {"2023-02-29", false, 0},
    {"2100-02-29", false, 0},
    {"2026-00-01", false, 0},
    {"2026-13-01", false, 0},
    {"2026-01-00", false, 0},
    {"2026-04-31", false, 0},
    {"2026-11-20T24:00:00Z", false, 0},
    {"2026-11-20T22:60:00Z", false, 0},
    {"2026-11-20T22:10:60Z", false, 0},
    {"2026-11-20T22:10:00", false, 0},
    {"2026-11-20T22:10Z", false, 0},
    {"2026-11-20T22:10:00.Z", false, 0},
    {"2026-11-20T22:10:00+24:00", false, 0},
    {"2026-11-20T22:10:00+01:60", false, 0},
    {"2026-11-20T22:10:00+0100", false, 0},
    {"2026-11-20T22:10:00Zx", false, 0},
    {"2026-11-20T", false, 0},
    {"2026-11-20Z", false, 0},
    {"2026-11-2", false, 0},
    {"26-11-20", false, 0},
    {"-2026-11-20", false, 0},
    {" 2026-11-20", false, 0},
    {"2026-11-20 ", false, 0},
    {"+30d", false, 0},
    {"now", false, 0},
    {"", false, 0},
};

START_TEST(parsed)
{
	int64_t t = 0;
	bool part = false;

	ck_assert_msg(when_parse(times[_i].text, &t, &part) == times[_i].ok, "%s: taken or not", times[_i].text);
	if (!times[_i].ok)
		return;
	ck_assert_msg(t == times[_i].t, "%s: %lld", times[_i].text, (long long)t);
	ck_assert_msg(
	    part == (strstr(times[_i].text, ".0") ? false : strchr(times[_i].text, '.') != NULL), "%s: part", times[_i].text);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t seconds;
} spans[] = {
    {"30d", true, 2592000},
    {"36h", true, 129600},
    {"2w", true, 1209600},
    {"0d", true, 0},
    {"007d", true, 604800},
    {"3660000d", true, 316224000000},
    {"3660001d", false, 0},
    {"99999999999999999999d", false, 0},
    {"316224000001h", false, 0},
    {"30", false, 0},
    {"d", false, 0},
    {"-1d", false, 0},
    {"+1d", false, 0},
    {" 1d", false, 0},
    {"1d ", false, 0},
    {"1d12h", false, 0},
    {"1.5d", false, 0},
    {"1m", false, 0},
    {"1D", false, 0},
    {"25%", false, 0},
    {"", false, 0},
};

START_TEST(span)
{
	int64_t seconds = 0;

	ck_assert_msg(when_parse_span(spans[_i].text, &seconds) == spans[_i].ok, "%s: taken or not", spans[_i].text);
	if (spans[_i].ok)
		ck_assert_msg(seconds == spans[_i].seconds, "%s: %lld", spans[_i].text, (long long)seconds);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("when");
	TCase *t = tcase_create("when");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, known, 0, sizeof civil / sizeof *civil);
	tcase_add_test(t, as_libc);
	tcase_add_loop_test(t, parsed, 0, sizeof times / sizeof *times);
	tcase_add_loop_test(t, span, 0, sizeof spans / sizeof *spans);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	SRunner *r = srunner_create(suite());

	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
