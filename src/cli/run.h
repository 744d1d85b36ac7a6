/*
 * run: one call of `crtlint check`: what is written where, and what came of it.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli.h"
#include "crtlint/cluster.h"

struct sink { /* one report being written */
	struct report report;
	const char *file; /* NULL: standard output */
	char *partial; /* written here first, renamed when whole; NULL: written in place */
	bool failed;
};

struct run {
	struct options *options;
	const struct profile *profile; /* --profile; NULL: chosen for each directory */
	const struct profile *const *profiles;
	size_t n_profiles;
	struct sink sinks[OUTPUTS_MAX];
	struct summary summary;
	enum status status;
};

/* run_worse(run, status): the higher status stays. */
void run_worse(struct run *, enum status);

/* run_directory(run, result), run_cluster(run, cluster): to all reports, and into the sums. A cluster's members go as directories to the
 * formats that write each of them. */
void run_directory(struct run *, const struct result *);
void run_cluster(struct run *, const struct cluster *);

/* cluster_listens(facts, has hosts): some file here is a listener's, or nothing is a client's. */
bool cluster_listens(const struct facts *, bool);

/* previous_run(run, path, old path): a directory, and what the running service has: the reload, and the roll-out between them. */
void previous_run(struct run *, const char *, const char *);

/* run_load(run, arena, path): a directory as it is; NULL: it is none, which was said. */
struct listing *run_load(struct run *, struct arena *, const char *);

/* cluster_run(run): the paths as members of one cluster. */
void cluster_run(struct run *);

#endif
