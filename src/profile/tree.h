/*
 * tree: a YAML file (a profile, a configuration) as a bounded tree of texts, each with its place. The one file that sees libyaml is
 * tree.c.
 */
#ifndef CRTLINT_PROFILE_TREE_H
#define CRTLINT_PROFILE_TREE_H

#include <stdbool.h>

#include "crtlint/arena.h"
#include "crtlint/error.h"
#include "crtlint/slice.h"

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	struct loc loc;
	const char *text; /* NODE_TEXT: safe */
	bool quoted; /* NODE_TEXT: written with quotes, or as a block */
	const char *key; /* as a member of a map */
	struct loc key_loc;
	struct node *first; /* members in file order */
	struct node *next;
};

/* tree_read(arena, path, yaml, errors): the one document of the file; NULL when it is refused, with the reason in errors. Never
 * deeper than LIMIT_YAML_DEPTH, so that walking it may recurse. */
struct node *tree_read(struct arena *, const char *, struct slice, struct errors *);

/* tree_read_foreign(arena, path, yaml, errors): the same of another program's file, of up to LIMIT_TOPOLOGY bytes: anchors and aliases
 * are expanded, maps merged ("<<"), and texts that cannot be shown are as they are shown. What is expanded counts as if it had been written
 * there. */
struct node *tree_read_foreign(struct arena *, const char *, struct slice, struct errors *);

/* tree_count(node): how many members it has. */
size_t tree_count(const struct node *);

#endif
