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

struct settings {
	int64_t now;             /* --at, else the clock as main() read it */
	struct words hosts;      /* --host; a name or an IP literal; in order, without repetition */
	struct words users;      /* --user */
	struct setting *sets;
	size_t n_sets;
	struct identity caller;  /* effective uid and gid of the process */
	int64_t expires_seconds; /* --expires-within 30d; -1: not given */
	int expires_percent;     /* --expires-within 25%; -1: not given */
	struct words only, except; /* globs of rule ids */
	struct words traces;       /* --trace: ids of connections */
	struct signers *signers;   /* of the thread that judges (stack.h); NULL: none are kept */
};

#endif
