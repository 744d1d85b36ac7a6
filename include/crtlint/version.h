/*
 * version: releases as operators name them, "24.1" or "22.2.16".
 *
 * A version with fewer parts means the newest of its line: `until: 24.1` includes 24.1.26 and server-version=22.1
 * satisfies `since: 22.1.9` (profile-language, section 1, rule 4). A missing part therefore compares as infinite.
 */
#ifndef CRTLINT_VERSION_H
#define CRTLINT_VERSION_H

#include <stdbool.h>

struct version {
	unsigned part[3];
	unsigned n; /* parts given; 0: no version */
};

/* version_parse(string, &version): "v" in front and a trailing "-..." or "+..." are ignored; false: no version. */
bool version_parse(const char *, struct version *);

/* version_cmp(a, b): <0, 0, >0; a missing part is larger than any number. Neither may have n == 0. */
int version_cmp(const struct version *, const struct version *);

/* version_in(v, since, until): whether v lies within; a bound with n == 0 is none; v with n == 0 is the newest. A missing
 * part of since counts as 0: `since: 24.2` includes 24.2.0. */
bool version_in(const struct version *, const struct version *, const struct version *);

/*
 * Go releases decide what the go stack does. They travel as one number, minor * 100 + patch, patch 99 when it was not given
 * ("1.25" is the newest 1.25): GO(23, 0) <= go means "since 1.23".
 */
#define GO(minor, patch) ((unsigned)((minor)*100 + (patch)))
enum { GO_NEWEST = 25 * 100 + 99 };

/* version_go(v): the number of a Go release; GO_NEWEST for n == 0. */
unsigned version_go(const struct version *);

#endif
