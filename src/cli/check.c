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
#include "run.h"

void
run_worse(struct run *run, enum status status)
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
			run_worse(run, STATUS_FAILED);
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
	run_worse(run, STATUS_FAILED);
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

static void
write_directory(struct sink *sink, const struct result *result)
{
	sink->report.format->directory(&sink->report, result);
	sink->report.directories++;
}

void
run_directory(struct run *run, const struct result *result)
{
	summary_add(&run->summary, result);
	for (size_t i = 0; i < run->options->n_outputs; i++)
		write_directory(&run->sinks[i], result);
}

void
run_cluster(struct run *run, const struct cluster *c)
{
	for (size_t k = 0; k < c->n_members && !c->rollout; k++) {
		struct result result = {
		    .path = c->members[k].path, .facts = c->members[k].facts, .findings = c->members[k].findings};
		summary_add(&run->summary, &result);
		for (size_t i = 0; i < run->options->n_outputs; i++)
			if (!run->sinks[i].report.format->cluster || run->sinks[i].report.format->members)
				write_directory(&run->sinks[i], &result);
	}
	summary_add_cluster(&run->summary, c);
	for (size_t i = 0; i < run->options->n_outputs; i++) {
		struct report *r = &run->sinks[i].report;
		if (r->format->cluster)
			r->format->cluster(r, c);
		r->clusters++;
	}
}

struct listing *
run_load(struct run *run, struct arena *arena, const char *path)
{
	struct listing *l = load_directory(arena, path);
	if (!l->missing && !l->not_directory)
		return l;
	fprintf(stderr, "crtlint: %s: %s\n", l->path,
	    l->missing ? "no such file or directory" : "not a directory; name the directory that holds the certificates");
	run_worse(run, STATUS_USAGE);
	return NULL;
}

/* False: the settings themselves are wrong, no further path need be tried. */
static bool
check_path(struct run *run, const char *path)
{
	struct arena *arena = arena_new();
	struct options *o = run->options;
	struct listing *listing = run_load(run, arena, path);
	struct errors errors = {.arena = arena};
	bool go_on = true;
	if (!listing) {
		arena_free(arena);
		return true;
	}
	struct choice choice = {.profile = run->profile, .because = "named by --profile"};
	if (!run->profile)
		choice = choose(arena, listing, run->profiles, run->n_profiles);
	struct facts *facts = facts_build(arena, listing, choice.profile, choice.because, &o->settings, &errors);
	if (facts) {
		facts->also_fits = choice.also;
		struct result result = {.path = listing->path, .facts = facts, .findings = findings_run(arena, facts)};
		run_directory(run, &result);
	} else {
		complain(&errors);
		run_worse(run, STATUS_USAGE);
		go_on = false;
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
	if (!o->paths.n && !o->errors.n)
		error_add(&o->errors, NULL, (struct loc){0, 0}, "no directory given; try: crtlint check DIR");
	if (o->previous.n && !o->cluster && (o->paths.n != 1 || o->previous.n != 1))
		error_add(&o->errors, NULL, (struct loc){0, 0},
		    "--previous DIR: goes with one PATH; with --cluster it is --previous NAME=DIR");
	if (o->errors.n) {
		complain(&o->errors);
		return STATUS_USAGE;
	}
	while (opened < o->n_outputs && sink_open(&run, &run.sinks[opened], &o->outputs[opened]))
		opened++;
	if (opened < o->n_outputs)
		run_worse(&run, STATUS_FAILED);
	for (size_t i = 0; i < opened && run.status < STATUS_FAILED; i++)
		run.sinks[i].report.format->begin(&run.sinks[i].report);
	bool apart = !o->cluster && !o->previous.n;
	if (o->cluster && run.status < STATUS_FAILED)
		cluster_run(&run);
	else if (!apart && run.status < STATUS_FAILED)
		previous_run(&run, o->paths.list[0], o->previous.list[0]);
	for (size_t i = 0; apart && i < o->paths.n && run.status < STATUS_FAILED; i++)
		if (!check_path(&run, o->paths.list[i]))
			break;
	for (size_t i = 0; i < opened; i++) {
		if (run.status < STATUS_FAILED)
			run.sinks[i].report.format->end(&run.sinks[i].report, &run.summary);
		sink_close(&run, &run.sinks[i]);
	}
	if (counts(o, &run.summary))
		run_worse(&run, STATUS_FINDINGS);
	return run.status;
}
