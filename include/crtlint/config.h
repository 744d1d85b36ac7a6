/*
 * config: crtlint.yaml, what is always said of the same directories, so that it need not be said on each command line. It fills the
 * settings where no option does, and nothing else: no check knows whether a value came from a file.
 */
#ifndef CRTLINT_CONFIG_H
#define CRTLINT_CONFIG_H

#include <stdbool.h>

#include "crtlint/error.h"
#include "crtlint/profile.h"
#include "crtlint/settings.h"

struct config_search {
	const char *named;         /* --config; NULL: looked for */
	bool off;                  /* --no-config */
	bool found;                /* directories are found by walking, or named by a list */
	const struct words *paths; /* the directories to be checked */
	struct identity caller;
};

struct config_file {
	const char *path; /* safe; NULL: there is none */
	const char *raw;  /* the same as it is opened */
	struct slice text;
};

/* config_may_search(search): whether a file may be looked for. Never when directories are found by walking or named by a
 * list: one who can write somewhere below could then say how to judge. */
bool config_may_search(const struct config_search *);

/* config_find(arena, search, notes, errors): the file that --config names, or the first crtlint.yaml in the working directory and
 * upwards that may be trusted: a regular file that not everybody can write, of the caller, root, or the owner of the working directory;
 * and one that lies in a directory to be checked only in the working directory, when file and directory belong to the caller or root
 * and nobody else can write them. What is not taken is told in notes. */
struct config_file config_find(struct arena *, const struct config_search *, struct errors *, struct errors *);

/* config_place(arena, raw path of the file, directory): the directory as globs see it: below the file's own, else absolute. */
const char *config_place(struct arena *, const char *, const char *);

struct config_set { /* of `set` */
	const char *profile; /* its name */
	struct setting setting;
};

struct config_place { /* of `files`: a peer, and where its files lie; NULL: not said */
	struct loc loc;
	const char *peer, *files[PLACED_KEY + 1]; /* as they are opened; in the order of enum placed_as */
};

struct config_places {
	struct config_place *list;
	size_t n;
};

struct config_directory { /* a row of `directories` */
	struct loc loc;
	const char *glob;
	const struct profile *profile; /* NULL: as said for all */
	struct words hosts, users;     /* besides those of all */
	struct config_places files;    /* in place of those of all */
};

struct config_suppression { /* a row of `suppressions` */
	struct loc loc;
	struct suppression what;
	const char *directory; /* a glob; NULL: all */
};

struct config {
	const char *path;
	const struct profile *profile;
	struct words hosts, users;
	struct config_places files;
	int64_t expires_seconds; /* as in struct settings */
	int expires_percent;
	struct level_change *levels;
	size_t n_levels;
	struct config_set *sets;
	size_t n_sets;
	struct config_directory *directories;
	size_t n_directories;
	struct config_suppression *suppressions;
	size_t n_suppressions;
};

/* Which systems the file may speak of, and how one that is a file is read. */
struct config_profiles {
	const struct profile *const *list;
	size_t n;
	const struct profile *(*read)(struct arena *, const char *, struct errors *); /* by raw path; NULL: cannot be read */
};

/* config_read(arena, file, profiles, errors): all mistakes are appended to errors; NULL when there was any. */
struct config *config_read(struct arena *, const struct config_file *, const struct config_profiles *, struct errors *);

/* config_profile(config, place): the profile for a directory; NULL: not said. */
const struct profile *config_profile(const struct config *, const char *);

/* config_apply(arena, config, place, profile, settings): add to the settings what holds for that directory and no option said. */
void config_apply(struct arena *, const struct config *, const char *, const struct profile *, struct settings *);

/* config_note(config, settings, matched): remember which of the suppressions in the settings met a finding. */
void config_note(struct config *, const struct settings *, const bool *);

/* config_expiry(text, &seconds, &percent): "30d" or "25%"; false: neither. */
bool config_expiry(const char *, int64_t *, int *);

#endif
