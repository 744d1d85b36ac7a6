/*
 * names: all that a row may refer to, gathered once the rows are read.
 */
#ifndef CRTLINT_PROFILE_NAMES_H
#define CRTLINT_PROFILE_NAMES_H

#include "bind.h"

struct names { /* a growing list */
	const char **list;
	size_t n, capacity;
};

struct known {
	struct names variables; /* hosts and users too, which are options */
	struct names captures;
	struct names peers;
	struct names kinds;
	struct names roles;
	struct names patterns;
	struct names keys;
	struct names insides; /* whatever may stand in <> in a text */
};

/* names_gather(binder, &known): from all rows. Complains of a variable or key that is declared twice. */
void names_gather(struct binder *, struct known *);

/* names_has(names, word, length): whether the word is among them. */
bool names_has(const struct names *, const char *, size_t);

/* names_file(known, profile, reference): whether a reference is to some row: by its pattern, its role, or a name that it covers. */
bool names_file(const struct known *, const struct profile *, const char *);

/* names_key(known, profile, reference): the same for a key's name. */
bool names_key(const struct known *, const struct profile *, const char *);

#endif
