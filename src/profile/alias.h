/*
 * alias: what YAML's anchors name, and copies of it where an alias stands. Private to src/profile. All that is copied is counted, so that a
 * file of a few bytes cannot ask for a tree of any size.
 */
#ifndef CRTLINT_PROFILE_ALIAS_H
#define CRTLINT_PROFILE_ALIAS_H

#include "tree.h"

struct anchor {
	const char *name; /* safe */
	struct node *node;
};

struct anchors {
	struct anchor *list;
	size_t n, capacity;
};

/* anchors_add(arena, anchors, name, node): false: there are too many. anchors_find(anchors, name): the last of that name, or NULL. */
bool anchors_add(struct arena *, struct anchors *, const char *, struct node *);
struct node *anchors_find(const struct anchors *, const char *);

/* alias_copy(arena, node, depth, &left): a copy that is at most so deep, of at most so many nodes; NULL: it would be more. */
struct node *alias_copy(struct arena *, const struct node *, size_t, unsigned *);

/* alias_merge(arena, map, &left): the members of what stands under "<<" become the map's own, where it has none of that key. What is no map
 * there is left as it is. False: it would be more nodes. */
bool alias_merge(struct arena *, struct node *, unsigned *);

#endif
