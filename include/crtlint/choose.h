/*
 * choose: which profile a directory is for, from the names of its files. Never a silent guess: the reason is kept, and so is a
 * second profile that fits as well.
 */
#ifndef CRTLINT_CHOOSE_H
#define CRTLINT_CHOOSE_H

#include "crtlint/entry.h"
#include "crtlint/profile.h"
#include "crtlint/settings.h"

struct choice {
	const struct profile *profile; /* NULL: none fits */
	const char *because;           /* a sentence part: "ca.crt, node.crt and 3 more are its files" */
	const char *also;              /* the name of another that fits as well; NULL */
};

/* choose(arena, listing, settings, profiles, count): the profile whose rows explain the most files. */
struct choice choose(struct arena *, const struct listing *, const struct settings *, const struct profile *const *, size_t);

#endif
