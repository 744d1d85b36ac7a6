/*
 * together: directories that are judged as one, since what matters lies between them: --cluster (cluster.c) and --previous (previous.c).
 * All live in one arena, as a connection knows both its ends. Private to src/cli.
 */
#ifndef CRTLINT_CLI_TOGETHER_H
#define CRTLINT_CLI_TOGETHER_H

#include "crtlint/cluster.h"
#include "fleet.h"

struct loaded { /* one directory, as it lies there or in an archive */
	const char *raw;    /* the PATH */
	const char *inside; /* its name in the archive, safe; NULL: the PATH is the directory */
	struct archive *archive; /* NULL: likewise */
	struct listing *listing;
	bool whole;         /* the folders of its profile are in the listing */
};

/* together_refuse(options): what does not go with --cluster or --previous is added to their errors. */
void together_refuse(struct options *);

/* together_load(run, arena, path, &list): how many directories that path is; 0: none, which was told. */
size_t together_load(struct run *, struct arena *, const char *, struct loaded **);

/* together_choose(run, arena, loaded): the profile of one of them. */
struct choice together_choose(struct run *, struct arena *, const struct loaded *);

/* together_settings(run, arena, loaded, choice, errors): settings of its own, for the caller to change before the facts are built.
 * together_facts(arena, loaded, choice, settings, errors): NULL: mistakes in the settings. */
struct settings *together_settings(struct run *, struct arena *, const struct loaded *, const struct choice *, struct errors *);
struct facts *together_facts(struct arena *, struct loaded *, const struct choice *, const struct settings *, struct errors *);

/* together_report(run, result), together_report_cluster(run, cluster): to all reports, and into the sums. A cluster's members go as
 * directories to the formats that write each of them. */
void together_report(struct run *, const struct result *);
void together_report_cluster(struct run *, const struct cluster *);

/* cluster_run(run): the paths as members of one cluster. */
void cluster_run(struct run *);

/* cluster_listens(facts, has hosts): some file here is a listener's, or nothing is a client's. */
bool cluster_listens(const struct facts *, bool);

/* previous_run(run, path, old path): a directory, and what the running service has: the reload, and the roll-out between them. */
void previous_run(struct run *, const char *, const char *);

#endif
