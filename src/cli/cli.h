/*
 * cli: the command line. The only place that prints to standard error, reads the clock, the environment or the terminal, and decides
 * the exit status. Private to src/cli.
 */
#ifndef CRTLINT_CLI_H
#define CRTLINT_CLI_H

#include <stdbool.h>

#include "crtlint/config.h"
#include "crtlint/error.h"
#include "crtlint/report.h"
#include "crtlint/settings.h"

enum status { /* the highest one wins */
	STATUS_CLEAN = 0,    /* nothing at or above --fail-on */
	STATUS_FINDINGS = 1,
	STATUS_USAGE = 2,    /* options, profile, configuration, no such path */
	STATUS_FAILED = 3,   /* crtlint itself: memory, a report that could not be written */
};

enum fail_on { FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_ON_NOTE, FAIL_ON_NEVER };

struct output { /* --format FORMAT[:FILE] */
	const struct format *format;
	const char *file; /* NULL: standard output */
};

enum { OUTPUTS_MAX = 8 };

struct options {
	struct arena *arena;
	struct errors errors;
	struct settings settings;
	struct words paths;
	struct words tomls;    /* --toml */
	struct topology **topologies; /* --topology, read */
	size_t n_topologies;
	bool recursive;        /* -r: each PATH is a root */
	unsigned depth;        /* --max-depth, when has_depth */
	bool has_depth;
	struct words exclude;  /* --exclude */
	struct words lists;    /* --from-file; "-" standard input */
	bool nul;              /* -0: their items end with a NUL */
	unsigned jobs;         /* -j; 0: as many as there are processors */
	const char *profile; /* --profile; NULL: chosen by file names */
	const char *config;  /* --config; NULL: looked for */
	bool no_config;
	struct output outputs[OUTPUTS_MAX];
	size_t n_outputs;
	enum fail_on fail_on;
	const char *color; /* auto, always, never */
	unsigned quiet, verbose;
	bool cluster;        /* --cluster: the paths are members of one */
	struct words previous; /* --previous: DIR, or NAME=DIR of a member */
	bool help;
	struct words ids; /* of connections that were judged, where --trace names some */
};

/* options_parse(options, argc, argv): fill from the words after `check`; mistakes go to options->errors. */
void options_parse(struct options *, int, char **);

/* options_init(options, arena): the defaults, the clock and the caller. */
void options_init(struct options *, struct arena *);

/* options_help(): the table of options, printed on standard output. */
void options_help(void);

/* check_run(options): load, judge and report every path. */
enum status check_run(struct options *);

/* trace_note(arena, traces, ids, facts): add a directory's connections to ids, no more than are looked through; those that are traced
 * in any case. trace_join(options, ids): these too, for trace_complain(options), which complains of ids in --trace that are in none of
 * them; false: all are known. */
void trace_note(struct arena *, const struct words *, struct words *, const struct facts *);
void trace_join(struct options *, const struct words *);
bool trace_complain(const struct options *);

/* configure(options, profile of --profile or NULL): the configuration, NULL: none, or mistakes in it, which go to options->errors. */
struct config *configure(struct options *, const struct profile *);

/* configure_toml(options, profile, settings, arena, errors): what the files of --toml and --topology say. */
void configure_toml(const struct options *, const struct profile *, struct settings *, struct arena *, struct errors *);

/* configure_files(arena, listing, raw path, settings): look at the files that the configuration places beside that directory's;
 * an archive holds none of them. */
void configure_files(struct arena *, const struct listing *, const char *, struct settings *);

/* configure_directory(arena, options, config, raw path, inside, profile): where that directory is, and its profile if one is named. Of a
 * directory in an archive the path is the archive's, and inside is its name there (safe); NULL: the path is the directory. */
struct configured {
	struct settings settings;
	const struct profile *profile; /* NULL: not named */
	const char *because, *place;   /* NULL: the configuration said nothing */
};
struct configured configure_directory(
    struct arena *, const struct options *, const struct config *, const char *, const char *, const struct profile *);

/* The other commands: argc and argv start at the command's name. */
enum status rules_command(int, char **);
enum status explain_command(int, char **);
enum status profiles_command(int, char **);
enum status snapshot_command(int, char **);

/* file_read(arena, raw path, most): its bytes, at most one more than that; p NULL and errno: it cannot be read. */
struct slice file_read(struct arena *, const char *, size_t);

/* level_text(level): "note". wants_help(argc, argv, usage): --help is among the words; the usage was printed. */
const char *level_text(enum level);
bool wants_help(int, char **, const char *);

/* profiles_load(arena, &count): every compiled-in profile, bound. A mistake in one is a bug of ours. */
const struct profile *const *profiles_load(struct arena *, size_t *);

/* profile_file(arena, name or path, errors): the profile that --profile names. */
const struct profile *profile_named(struct arena *, const char *, struct errors *);

/* complain(errors): print them on standard error, as path:line:column: error: text. */
void complain(const struct errors *);

/* complaints(errors): the same as one text that the caller frees. */
char *complaints(const struct errors *);

/* flush_output(): whether everything written to standard output arrived; complains when it did not. */
bool flush_output(void);

/* policy_neutral(): make GnuTLS independent of this machine's crypto policy. First call of main(). */
void policy_neutral(void);

#endif
