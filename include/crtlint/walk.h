/*
 * walk: finds the directories below a root, one at a time, in an order that depends on their names alone: a directory before what lies
 * in it, neighbours sorted by their bytes.
 *
 * Nothing is entered through a link, so that no loop of links can be walked; file systems that are views of the kernel (proc, sysfs)
 * and the hidden halves of Kubernetes' volumes (names that begin with "..") are not entered. Only names are read, no file is opened.
 * Memory grows with the depth and with the most subdirectories of one directory, not with the number of all.
 */
#ifndef CRTLINT_WALK_H
#define CRTLINT_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/entry.h"

struct walk;

struct walk_ask {
	const char *root;           /* as the user gave it, raw */
	unsigned depth;             /* 0: the root alone; beyond LIMIT_DEPTH nothing is entered, which is complained of */
	const char *const *exclude; /* globs: with a slash of the path below the root, else of the name */
	size_t n_exclude;

	/* Called with what could not be looked at: a raw path and an errno; EFBIG: too many entries, ENAMETOOLONG: too deep. */
	void (*complain)(void *, const char *, int);
	void *context;              /* its first argument */
};

/* walk_new(ask): nothing is looked at yet; NULL: no memory. The caller frees it with walk_free(); ask's texts must live as long. */
struct walk *walk_new(const struct walk_ask *);

/* walk_next(walk): the next directory, or NULL at the end. Its entries are those that are no directories, without their contents and in
 * no order; path is raw here. It lives until the next call. */
const struct listing *walk_next(struct walk *);

/* walk_share(walk): which part of the walk lies behind, from 0 to 1, as far as can be told. */
double walk_share(const struct walk *);

void walk_free(struct walk *);

#endif
