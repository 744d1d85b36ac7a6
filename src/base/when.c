#include "crtlint/when.h"

#include <string.h>

enum { DAY = 86400 };

/* 400 Gregorian years are 146097 days; 719468 days lie between 0000-03-01 and 1970-01-01. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is the last of its year. */
int64_t
when_from_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? (int64_t)month + 9 : (int64_t)month - 3;
	int64_t era = floor_div(y, ERA_YEARS);
	int64_t of_era = y - era * ERA_YEARS;
	int64_t days = era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + (153 * m + 2) / 5 + day - 1 - EPOCH_DAYS;
	return days * DAY + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
}

unsigned
when_days(int64_t year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return 0;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

static void
put_pair(char *to, unsigned two_digits, char then)
{
	to[0] = (char)('0' + two_digits / 10);
	to[1] = (char)('0' + two_digits % 10);
	to[2] = then;
}

const char *
when_format(struct arena *arena, int64_t t)
{
	int64_t days = floor_div(t, DAY);
	int64_t rest = (t % DAY + DAY) % DAY; /* not by days * DAY, which may lie below INT64_MIN */
	int64_t era = floor_div(days + EPOCH_DAYS, ERA_DAYS);
	int64_t of_era = days + EPOCH_DAYS - era * ERA_DAYS;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t m = (5 * of_year + 2) / 153;
	int day = (int)(of_year - (153 * m + 2) / 5 + 1);
	int month = (int)(m < 10 ? m + 3 : m - 9);
	int64_t year = era * ERA_YEARS + years + (month <= 2);

	if (year >= 0 && year <= 9999) {
		/* Every report holds dozens, and a formatted print is slow. */
		char *out = arena_alloc(arena, sizeof("2006-01-02T15:04:05Z"));
		put_pair(out, (unsigned)year / 100, '\0');
		put_pair(out + 2, (unsigned)year % 100, '-');
		put_pair(out + 5, (unsigned)month, '-');
		put_pair(out + 8, (unsigned)day, 'T');
		put_pair(out + 11, (unsigned)(rest / 3600), ':');
		put_pair(out + 14, (unsigned)(rest / 60 % 60), ':');
		put_pair(out + 17, (unsigned)(rest % 60), 'Z');
		return out;
	}
	return arena_printf(arena, "%s%04lld-%02d-%02dT%02d:%02d:%02dZ", year < 0 ? "-" : "",
	    (long long)(year < 0 ? -year : year), month, day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* Exactly n digits. */
static bool
take_digits(const char **s, unsigned n, unsigned *value)
{
	unsigned v = 0;

	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (unsigned)(**s - '0');
	}
	*value = v;
	return true;
}

static bool
take_char(const char **s, const char *any)
{
	if (**s == '\0' || !strchr(any, **s))
		return false;
	(*s)++;
	return true;
}

/* Z or an offset, in seconds east (RFC 3339 5.6, time-offset). */
static bool
take_offset(const char **s, int64_t *offset)
{
	unsigned hour, minute;
	int64_t sign = **s == '-' ? -1 : 1;

	*offset = 0;
	if (take_char(s, "Zz"))
		return true;
	if (!take_char(s, "+-") || !take_digits(s, 2, &hour) || !take_char(s, ":") || !take_digits(s, 2, &minute))
		return false;
	*offset = sign * ((int64_t)hour * 3600 + (int64_t)minute * 60);
	return hour <= 23 && minute <= 59;
}

bool
when_parse(const char *s, int64_t *t, bool *part)
{
	unsigned year, month, day, hour = 0, minute = 0, second = 0;
	int64_t offset = 0;
	bool more = false;

	if (!take_digits(&s, 4, &year) || !take_char(&s, "-") || !take_digits(&s, 2, &month) || !take_char(&s, "-") ||
	    !take_digits(&s, 2, &day))
		return false;
	if (*s != '\0') {
		if (!take_char(&s, "Tt ") || !take_digits(&s, 2, &hour) || !take_char(&s, ":") || !take_digits(&s, 2, &minute) ||
		    !take_char(&s, ":") || !take_digits(&s, 2, &second))
			return false;
		if (take_char(&s, ".")) {
			if (*s < '0' || *s > '9')
				return false;
			while (take_char(&s, "0123456789"))
				more = more || s[-1] != '0';
		}
		if (!take_offset(&s, &offset) || *s != '\0')
			return false;
	}
	/* No second 60: the count knows no leap seconds, and Go's time.Parse refuses it too. */
	if (day < 1 || day > when_days(year, month) || hour > 23 || minute > 59 || second > 59)
		return false;
	*t = when_from_civil(year, month, day, hour, minute, second) - offset;
	if (part)
		*part = more;
	return true;
}

bool
when_parse_span(const char *s, int64_t *seconds)
{
	static const int64_t most = 10000LL * 366 * DAY; /* beyond every date of a certificate */
	int64_t n = 0, unit;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n > most)
			return false;
	}
	switch (*s) {
	case 'h':
		unit = 3600;
		break;
	case 'd':
		unit = DAY;
		break;
	case 'w':
		unit = 7 * DAY;
		break;
	default:
		return false;
	}
	if (s[1] != '\0' || n > most / unit)
		return false;
	*seconds = n * unit;
	return true;
}
