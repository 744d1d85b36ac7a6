#include "crtlint/version.h"

#include <limits.h>
#include <stddef.h>

enum { PART_MAX = 1000000 };

bool
version_parse(const char *s, struct version *version)
{
	struct version v = {.n = 0};

	if (*s == 'v')
		s++;
	do {
		if (v.n == sizeof v.part / sizeof *v.part || *s < '0' || *s > '9')
			return false;
		unsigned part = 0;
		for (; *s >= '0' && *s <= '9'; s++) {
			part = part * 10 + (unsigned)(*s - '0');
			if (part > PART_MAX)
				return false;
		}
		v.part[v.n++] = part;
	} while (*s == '.' && *++s != '\0');
	if (s[0] != '\0' ? s[0] != '-' && s[0] != '+' : s[-1] == '.')
		return false;
	*version = v;
	return true;
}

/* A missing part of a counts as a_missing, likewise for b. */
static int
compare(const struct version *a, unsigned a_missing, const struct version *b, unsigned b_missing)
{
	for (unsigned i = 0; i < sizeof a->part / sizeof *a->part; i++) {
		unsigned x = i < a->n ? a->part[i] : a_missing;
		unsigned y = i < b->n ? b->part[i] : b_missing;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int
version_cmp(const struct version *a, const struct version *b)
{
	return compare(a, UINT_MAX, b, UINT_MAX);
}

bool
version_in(const struct version *v, const struct version *since, const struct version *until)
{
	if (since->n > 0 && compare(v, UINT_MAX, since, 0) < 0)
		return false;
	return until->n == 0 || compare(v, UINT_MAX, until, UINT_MAX) <= 0;
}

unsigned
version_go(const struct version *v)
{
	if (v->n < 2)
		return v->n == 1 && v->part[0] == 0 ? 0 : GO_NEWEST;
	if (v->part[0] != 1)
		return v->part[0] == 0 ? 0 : GO_NEWEST;
	/* A patch of 99 stands for the newest, and none may reach into the next minor. */
	return GO(v->part[1], v->n == 3 && v->part[2] < 99 ? v->part[2] : 99);
}
