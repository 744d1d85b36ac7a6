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
	bool any; /* one that nobody dials will do */
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

/* peers_note(reading, loc, name, any): a peer to be looked up. */
void peers_note(struct reading *, struct loc, const char *, bool);

/* places_bind(reading, field, node, places): a map of peers and their files. places_apply(arena, places, count, profile, settings): those of
 * the profile's peers; a later map's replace an earlier one's of the same peer. */
void places_bind(struct binder *, const struct field *, const struct node *, void *);
void places_apply(struct arena *, const struct config_places *const *, size_t, const struct profile *, struct settings *);

/* hosts_bind(reading, field, node, words): NAME, or PEER=NAME, from a list or a map of peers. hosts_check(reading, config): whether
 * there are all peers that were noted, when every profile is known. */
void hosts_bind(struct binder *, const struct field *, const struct node *, void *);
void hosts_check(struct reading *, const struct config *);

/* profile_bind(reading, field, node, at): the profile that a value names, by its name or its path from the file's directory. */
void profile_bind(struct binder *, const struct field *, const struct node *, void *);

#endif
