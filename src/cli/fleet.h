/*
 * fleet: many directories in one run. Where they come from (source.c), how they are judged side by side and reported in order
 * (fleet.c), and what a terminal is told meanwhile (progress.c). Private to src/cli.
 */
#ifndef CRTLINT_CLI_FLEET_H
#define CRTLINT_CLI_FLEET_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli.h"
#include "crtlint/choose.h"
#include "crtlint/load.h"

struct progress;

/* Where directories come from: PATHs, then each --from-file list; with -r each of these is a root that is walked. */
struct source;

/* source_new(options, profiles, count, progress): reads no list and no directory yet. NULL: wrong use, which was complained of. */
struct source *source_new(struct options *, const struct profile *const *, size_t, struct progress *);

/* source_next(source): the next directory, raw; it lives until the next call. NULL: no more. */
const char *source_next(struct source *);

/* source_status(source): what is worse than a clean run so far: a path that is not there, a list that cannot be read, nothing found. */
enum status source_status(const struct source *);

/* source_share(source): which part of the input lies behind, from 0 to 1; below 0: nobody can tell. */
double source_share(const struct source *);

/* source_single(source): there is but one directory. */
bool source_single(const struct source *);

void source_free(struct source *);

/* What standard error is told while it is a terminal. progress_new(arena, wanted): NULL where nothing is to be told. */
struct progress *progress_new(struct arena *, bool);

/* progress_show(progress, summary, share): at most a few times a second. progress_hide(progress): before anything else is written there. */
void progress_show(struct progress *, const struct summary *, double);
void progress_hide(struct progress *);

struct sink { /* one report being written */
	struct report report;
	const char *file; /* NULL: standard output */
	char *partial;    /* written here first, renamed when whole; NULL: written in place */
	char *buffer;     /* of its stream; NULL: the stream's own */
	size_t written;   /* directories in it */
};

struct run {
	struct options *options;
	const struct profile *profile; /* --profile; NULL: chosen for each directory */
	const struct profile *const *profiles; /* those that are chosen from */
	size_t n_profiles;
	struct config *config;       /* NULL: none */
	pthread_mutex_t config_lock; /* which of its suppressions have met a finding is written by every judge */
	struct sink sinks[OUTPUTS_MAX];
	struct summary summary;
	size_t signatures; /* computed so far */
	struct progress *progress;
	enum status status;
	char *next, *after; /* directories that were found and are not begun */
	bool stop; /* the settings themselves are wrong: no further directory need be tried */
};

/* run_worse(run, status): the run ends with at least that. */
void run_worse(struct run *, enum status);

enum slot_end { SLOT_JUDGED, SLOT_MISSING, SLOT_FOREIGN, SLOT_REFUSED };

struct slot { /* one directory or archive on its way */
	char *path;             /* raw */
	bool last;              /* all others are judged, and nothing was wrong with them */
	FILE *out[OUTPUTS_MAX]; /* where its reports go */
	size_t (*ends)[OUTPUTS_MAX]; /* of an archive's directories but the last: where their reports end; NULL: not asked for */
	struct summary summary; /* of it alone */
	struct arena *memory;   /* of ids; NULL: there are none */
	struct words ids;       /* of its connections, where --trace names some */
	size_t signatures;
	enum slot_end end;
	char *complaint;        /* of SLOT_REFUSED: what is wrong with the settings; of SLOT_FOREIGN: why it is no archive; freed with the slot */
};

/* What one thread keeps from directory to directory. judge_new(run): NULL: no memory. */
struct judge;
struct judge *judge_new(struct run *);
void judge_free(struct judge *);

/* judge_configure(run, arena, choice, configured, errors): what --toml and the configuration say for a directory of that profile goes
 * into its settings. */
void judge_configure(struct run *, struct arena *, const struct choice *, struct configured *, struct errors *);

/* judge_folders(arena, profile, listing, path, archive): the files below the directory that the profile names; from the archive, or, where
 * that is NULL, from the directory at the raw path. */
void judge_folders(struct arena *, const struct profile *, struct listing *, const char *, struct archive *);

/* judge_foreign(arena, archive): why it is none. */
const char *judge_foreign(struct arena *, const struct archive *);

/* judge_path(judge, slot, before): load, judge, report. before(run, i) is called in front of each directory's i-th report; NULL: nothing is,
 * and ends are kept. */
void judge_path(struct judge *, struct slot *, void (*)(struct run *, size_t));

/* fleet_run(run, source): every directory of the source. */
void fleet_run(struct run *, struct source *);

#endif
