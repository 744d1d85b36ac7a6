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
	const char *also;              /* the names of others that fit as well; NULL */
};

/* choose(arena, listing, profiles, count, settings): the profile whose rows explain the most files, among those that know every variable
 * that was set. A profile whose files are told by content is taken only where no other fits and some file holds PEM. */
struct choice choose(struct arena *, const struct listing *, const struct profile *const *, size_t, const struct settings *);

/* choose_any(arena, listing, profiles, count, settings): whether there is such a profile, found sooner: which one is not asked. */
bool choose_any(struct arena *, const struct listing *, const struct profile *const *, size_t, const struct settings *);

#endif
