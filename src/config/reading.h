/*
 * reading: a configuration while it is read.
 */
#ifndef CRTLINT_CONFIG_READING_H
#define CRTLINT_CONFIG_READING_H

#include "../profile/schema.h"
#include "crtlint/config.h"

struct peer_use { /* a peer that is named, to be looked up later */
	struct loc loc;
	const char *name;
};

struct reading {
	struct binder binder; /* first: the readers of fields are given this */
	struct config_profiles profiles;
	const char *raw; /* the file's path */
	const struct node *sets; /* `set`, read when every profile is known */
	struct peer_use *peers;
	size_t n_peers, peers_capacity;
};

/* fields_bind(reading, tree, config): all keys. */
void fields_bind(struct reading *, const struct node *, struct config *);

/* sets_bind(reading, config): the variables. */
void sets_bind(struct reading *, struct config *);

/* hosts_bind(reading, field, node, words): NAME, or PEER=NAME, from a list or a map of peers. hosts_check(reading, config): whether
 * there are such peers, when every profile is known. */
void hosts_bind(struct binder *, const struct field *, const struct node *, void *);
void hosts_check(struct reading *, const struct config *);

/* profile_bind(reading, field, node, at): the profile that a value names, by its name or its path from the file's directory. */
void profile_bind(struct binder *, const struct field *, const struct node *, void *);

#endif
