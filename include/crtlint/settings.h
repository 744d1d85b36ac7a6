/*
 * settings: what the caller says besides the directory. The clock, the hosts, the user: inputs like any other, no check asks the
 * system for them.
 */
#ifndef CRTLINT_SETTINGS_H
#define CRTLINT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/entry.h"
#include "crtlint/profile.h"

struct signers;

enum origin { FROM_DEFAULT, FROM_OPTION, FROM_CONFIG, FROM_GUESS };

struct setting { /* --set NAME=VALUE */
	const char *name, *value;
	enum origin from;
};

enum level_wish { WISH_NONE, WISH_OFF, WISH_NOTE, WISH_WARNING, WISH_ERROR };

struct level_change { /* of the configuration's `severity` */
	const char *rule;              /* its id */
	enum level_wish level;         /* of a finding that breaks nothing */
	enum level_wish when_breaking; /* of one that breaks something: only when it says so */
};

struct suppression { /* a finding that somebody answers for */
	const char *rule, *file; /* an id; a glob of file names, "." the directory itself */
	const char *reason;
	int64_t until;           /* it lapses at that moment */
	const char *until_text;
	const char *spki;        /* only while the file has a certificate or key with this SHA-256 of its public key; NULL: whatever it has */
	const char *place;       /* "crtlint.yaml:12" */
	bool matched;            /* in a directory judged before this one */
};
struct signatures;
struct facts;

struct instance { /* of --topology: a process that is dialed, and its names */
	const char *peer;
	struct words hosts;
};

enum placed_as { PLACED_CA, PLACED_CERT, PLACED_KEY };

struct placed { /* a file that a peer's own settings name, wherever it lies */
	const char *peer;
	enum placed_as as;
	const char *path;          /* as it is opened */
	const char *by;            /* the settings file that names it, of a machine that need not be this one: a file of that name in the directory
	                            * is meant first; NULL: the configuration, which is read where the files lie */
	const struct entry *entry; /* what lies there */
};

struct settings {
	int64_t now;             /* --at, else the clock as main() read it */
	bool part;               /* and a part of a second more: for Go a certificate has ended then whose last second now is */
	struct words hosts;      /* --host; a name or an IP literal, for all that are dialed, or PEER=NAME; in order, without repetition */
	enum origin hosts_from;  /* FROM_OPTION or FROM_CONFIG */
	struct instance *instances;
	size_t n_instances;
	struct placed *placed;   /* in place of the directory's files of the same role */
	size_t n_placed;
	struct words unplaced;   /* sentences: files that were named and were looked for in vain, so that the directory's are judged */
	struct words users;      /* --user */
	struct setting *sets;    /* the last one of a name holds */
	size_t n_sets;
	struct identity caller;  /* effective uid and gid of the process */
	int64_t expires_seconds; /* --expires-within 30d; -1: not given */
	int expires_percent;     /* --expires-within 25%; -1: not given */
	struct words only, except; /* globs of rule ids */
	struct words traces;       /* --trace: ids of connections */
	const char *config;      /* the configuration's path, as it is shown; NULL: none */
	const struct level_change *levels;
	size_t n_levels;
	const struct suppression *suppressions; /* those that are for this directory */
	size_t n_suppressions;
	bool last;               /* no directory comes after this one: what has not matched by now is of no use */
	struct signers *signers;   /* of the thread that judges (stack.h); NULL: none are kept */

	/* where more than one directory is looked at */
	struct signatures *signatures; /* shared by directories of one arena; NULL: each remembers its own */
	const struct facts *previous;  /* what the running service has loaded; NULL: not known */
	bool dials_only;               /* nothing listens here: the directory of clients */
};

#endif
