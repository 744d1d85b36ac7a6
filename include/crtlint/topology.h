/*
 * topology: the file from which another program deploys a system: which process runs on which host. Which of its lists stands for which
 * peer is said in the profile (`topology`).
 */
#ifndef CRTLINT_TOPOLOGY_H
#define CRTLINT_TOPOLOGY_H

#include "crtlint/error.h"
#include "crtlint/profile.h"
#include "crtlint/settings.h"
#include "crtlint/slice.h"

struct node;

struct topology {
	const char *path;        /* safe */
	const struct node *tree; /* read only: it is shared by threads */
};

/* topology_read(arena, path, yaml, errors): the file as a tree, aliases expanded within the limits of YAML; NULL when there was a mistake. */
struct topology *topology_read(struct arena *, const char *, struct slice, struct errors *);

/* topology_apply(arena, topology, profile, settings, errors): add the instances of the profile's peers to the settings. */
void topology_apply(struct arena *, const struct topology *, const struct profile *, struct settings *, struct errors *);

#endif
