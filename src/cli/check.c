/*
 * crtlint check: the order of operations for each path, and what becomes of its result.
 */
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "crtlint/choose.h"
#include "crtlint/load.h"
#include "crtlint/text.h"

struct sink { /* one report being written */
	struct report report;
	const char *file; /* NULL: standard output */
	char *partial; /* written here first, renamed when whole; NULL: written in place */
	bool failed;
};

struct run {
	struct options *options;
	const struct profile *profile; /* --profile; NULL: chosen for each directory */
	struct config *config; /* NULL: none */
	const struct profile *const *profiles;
	size_t n_profiles;
	struct sink sinks[OUTPUTS_MAX];
	struct summary summary;
	enum status status;
};

static void
worse(struct run *run, enum status status)
{
	if (status > run->status)
		run->status = status;
}

static unsigned
terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && atoi(columns) >= 40)
		return (unsigned)atoi(columns);
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static struct look
look_of(const struct options *o, bool terminal)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool wanted = terminal && isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
	return (struct look){
	    .color = strcmp(o->color, "always") == 0 || (strcmp(o->color, "auto") == 0 && wanted),
	    .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	    .width = terminal ? terminal_width() : 0,
	    .quiet = o->quiet > 0,
	    .verbose = o->verbose,
	};
}

/* A report file appears whole or not at all; what is no regular file (a pipe, /dev/stderr) is written in place. */
static bool
sink_open(struct run *run, struct sink *sink, const struct output *output)
{
	struct stat st;
	sink->file = output->file;
	sink->report = (struct report){
	    .format = output->format, .out = stdout, .at = run->options->settings.now, .version = CRTLINT_VERSION};
	sink->report.look = look_of(run->options, !output->file);
	if (!output->file)
		return true;
	bool in_place = stat(output->file, &st) == 0 && !S_ISREG(st.st_mode);
	if (!in_place)
		sink->partial = arena_printf(run->options->arena, "%s.%ld.partial", output->file, (long)getpid());
	sink->report.out = fopen(in_place ? output->file : sink->partial, "we");
	if (sink->report.out)
		return true;
	fprintf(stderr, "crtlint: cannot write %s: %s\n", text_safe(run->options->arena, slice_of(output->file), TEXT_NAME),
	    strerror(errno));
	sink->partial = NULL;
	return false;
}

static void
sink_close(struct run *run, struct sink *sink)
{
	FILE *out = sink->report.out;
	const char *name = sink->file ? text_safe(run->options->arena, slice_of(sink->file), TEXT_NAME) : NULL;
	bool bad;
	if (!sink->file) {
		if (!flush_output())
			worse(run, STATUS_FAILED);
		return;
	}
	errno = 0;
	bad = ferror(out) != 0;
	bad = fclose(out) != 0 || bad;
	if (!bad && sink->partial)
		bad = rename(sink->partial, sink->file) != 0;
	if (!bad)
		return;
	fprintf(stderr, "crtlint: the report %s could not be written: %s\n", name, errno ? strerror(errno) : "write error");
	if (sink->partial)
		unlink(sink->partial);
	worse(run, STATUS_FAILED);
}

static bool
counts(const struct options *o, const struct summary *s)
{
	switch (o->fail_on) {
	case FAIL_ON_NEVER:
		return false;
	case FAIL_ON_NOTE:
		return s->errors + s->warnings + s->notes > 0;
	case FAIL_ON_WARNING:
		return s->errors + s->warnings > 0;
	case FAIL_ON_ERROR:
		return s->errors > 0;
	}
	return true;
}

/* Inside is NULL for a directory whose folders can be looked into, for one of an archive its name there. False: the settings themselves are
 * wrong, no further path need be tried. */
static bool
judge(struct run *run, struct listing *listing, const char *path, const char *inside, bool last)
{
	struct arena *arena = arena_new();
	struct options *o = run->options;
	struct errors errors = {.arena = arena};
	bool go_on = true;
	struct configured with = configure_directory(arena, o, run->config, path, inside, run->profile);
	struct choice choice = {.profile = with.profile, .because = with.because ? with.because : "named by --profile"};
	if (!choice.profile)
		choice = choose(arena, listing, run->profiles, run->n_profiles, &o->settings);
	if (choice.profile && !inside) {
		struct words folders = profile_folders(arena, profile_by_default(arena, choice.profile));
		load_folders(arena, listing, path, folders.list, folders.n);
	}
	configure_toml(o, choice.profile, &with.settings, arena, &errors);
	if (run->config)
		config_apply(arena, run->config, with.place, choice.profile, &with.settings);
	with.settings.last = last && run->status < STATUS_USAGE;
	struct facts *facts = errors.n ? NULL
	                               : facts_build(arena, listing, choice.profile, choice.because, &with.settings, &errors);
	if (facts) {
		facts->also_fits = choice.also;
		trace_note(o, facts);
		struct result result = {.path = listing->path, .facts = facts, .findings = findings_run(arena, facts)};
		summary_add(&run->summary, &result);
		if (run->config)
			config_note(run->config, &with.settings, result.findings->matched);
		for (size_t i = 0; i < o->n_outputs; i++) {
			if (run->sinks[i].report.format->front)
				run->sinks[i].report.format->front(&run->sinks[i].report);
			run->sinks[i].report.format->directory(&run->sinks[i].report, &result);
			run->sinks[i].report.directories++;
		}
	} else {
		complain(&errors);
		worse(run, STATUS_USAGE);
		go_on = false;
	}
	arena_free(arena);
	return go_on;
}

static bool
judge_archive(struct run *run, struct arena *arena, const char *path, bool last)
{
	const struct archive *a = load_archive(arena, path);
	bool go_on = true;
	if (a->error || a->foreign) {
		if (a->error && a->error != ENOTSUP)
			fprintf(stderr, "crtlint: %s: %s\n", a->path, strerror(a->error));
		else if (a->error || !*a->begins)
			fprintf(stderr, "crtlint: %s: %s; name the directory that holds the certificates\n", a->path,
			    a->error ? "not a directory" : "empty, not a directory and no snapshot");
		else
			fprintf(stderr, "crtlint: %s: not a directory, and no tar or tar.gz either: it begins with \"%s\"\n",
			    a->path, a->begins);
		worse(run, STATUS_USAGE);
	}
	for (size_t i = 0; go_on && i < a->n; i++)
		go_on = judge(run, a->list[i], path, a->list[i]->path + strlen(a->path) + 1, last && i + 1 == a->n);
	return go_on;
}

static bool
check_path(struct run *run, const char *path, bool last)
{
	struct arena *arena = arena_new();
	struct listing *listing = strcmp(path, "-") ? load_directory(arena, path) : NULL;
	bool go_on = true;
	if (!listing || listing->not_directory) {
		go_on = judge_archive(run, arena, path, last);
	} else if (listing->missing) {
		fprintf(stderr, "crtlint: %s: no such file or directory\n", listing->path);
		worse(run, STATUS_USAGE);
	} else {
		go_on = judge(run, listing, path, NULL, last);
	}
	arena_free(arena);
	return go_on;
}

enum status
check_run(struct options *o)
{
	struct run run = {.options = o};
	size_t opened = 0;
	if (o->profile)
		run.profile = profile_named(o->arena, o->profile, &o->errors);
	else
		run.profiles = profiles_load(o->arena, &run.n_profiles);
	run.config = configure(o, run.profile);
	if (!o->paths.n && !o->errors.n)
		error_add(&o->errors, NULL, (struct loc){0, 0}, "no directory given; try: crtlint check DIR");
	if (o->errors.n) {
		complain(&o->errors);
		return STATUS_USAGE;
	}
	while (opened < o->n_outputs && sink_open(&run, &run.sinks[opened], &o->outputs[opened]))
		opened++;
	if (opened < o->n_outputs)
		worse(&run, STATUS_FAILED);
	for (size_t i = 0; i < opened && run.status < STATUS_FAILED; i++)
		run.sinks[i].report.format->begin(&run.sinks[i].report);
	for (size_t i = 0; i < o->paths.n && run.status < STATUS_FAILED; i++)
		if (!check_path(&run, o->paths.list[i], i + 1 == o->paths.n))
			break;
	for (size_t i = 0; i < opened; i++) {
		if (run.status < STATUS_FAILED)
			run.sinks[i].report.format->end(&run.sinks[i].report, &run.summary);
		sink_close(&run, &run.sinks[i]);
	}
	if (run.status < STATUS_USAGE && trace_complain(o))
		worse(&run, STATUS_USAGE);
	if (counts(o, &run.summary))
		worse(&run, STATUS_FINDINGS);
	return run.status;
}
