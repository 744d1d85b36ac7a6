/*
 * tree: the entries of an archive by directory and name, each once.
 */
#ifndef LOAD_TREE_H
#define LOAD_TREE_H

#include "tar.h"

struct node {
	struct slice path, parent, name; /* pieces of one path; the name of an implied directory is not NUL-terminated */
	struct member *member;
	const struct manifest_file *facts; /* of a snapshot; NULL */
	bool unknown; /* a hard link to what the archive does not hold */
};

struct tree {
	struct tar *tar;
	struct node *nodes; /* sorted by parent, then name; the root is not among them */
	size_t n, capacity;
	struct node root;
};

/* tree_build(tree): from tree->tar. Duplicates, and directories that are none, become notes. */
void tree_build(struct tree *);

/* tree_find(tree, path): "" is the root; NULL: nothing of that path. */
struct node *tree_find(struct tree *, struct slice);

/* tree_children(tree, path, &count): what lies directly in that directory. */
struct node *tree_children(struct tree *, struct slice, size_t *);

/* Where a link leads. */
struct reached {
	const struct node *node; /* NULL: nothing that the archive holds */
	bool outside; /* it leaves the directory */
	bool loop;
};

/* tree_follow(tree, directory, text): a link in that directory. Nothing outside the archive is looked at. */
struct reached tree_follow(struct tree *, struct slice, const char *);

#endif
