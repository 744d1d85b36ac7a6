/*
 * reading: a configuration while it is read.
 */
#ifndef CRTLINT_CONFIG_READING_H
#define CRTLINT_CONFIG_READING_H

#include "../profile/schema.h"
#include "crtlint/config.h"

struct reading {
	struct binder binder; /* first: the readers of fields are given this */
	struct config_profiles profiles;
	const char *raw; /* the file's path */
	const struct node *sets; /* `set`, read when every profile is known */
};

/* fields_bind(reading, tree, config): all keys. */
void fields_bind(struct reading *, const struct node *, struct config *);

/* sets_bind(reading, config): the variables. */
void sets_bind(struct reading *, struct config *);

/* profile_bind(reading, field, node, at): the profile that a value names, by its name or its path from the file's directory. */
void profile_bind(struct binder *, const struct field *, const struct node *, void *);

#endif
