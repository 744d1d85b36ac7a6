/*
 * toml: the settings file of another program, of which a few keys are wanted: texts and lists of texts. Everything else is stepped over,
 * but only as far as it is TOML: what is not understood is an error, never silence.
 */
#ifndef CRTLINT_TOML_H
#define CRTLINT_TOML_H

#include "crtlint/error.h"
#include "crtlint/profile.h"
#include "crtlint/settings.h"
#include "crtlint/slice.h"

enum toml_kind { TOML_TEXT, TOML_LIST /* of texts */, TOML_INLINE_TABLE, TOML_OTHER };

struct toml_value {
	const char *key; /* "security.cert-allowed-cn" */
	struct loc loc;
	enum toml_kind kind;
	struct words words; /* of TOML_TEXT one; safe */
};

struct toml {
	const char *path; /* safe */
	struct toml_value *list;
	size_t n, capacity;
};

/* toml_read(arena, path, text, errors): the keys of plain tables; NULL when there was a mistake. */
struct toml *toml_read(struct arena *, const char *, struct slice, struct errors *);

/* toml_apply(arena, raw path, toml, profile, settings, errors): set the profile's variables that are declared to come from a file of
 * that name, in front of what the settings have, so that an option wins; and place the files that it names, unless a peer's are placed. */
void toml_apply(struct arena *, const char *, const struct toml *, const struct profile *, struct settings *, struct errors *);

#endif
