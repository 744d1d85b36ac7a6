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

#include "crtlint/text.h"
#include "fleet.h"
#include "together.h"

enum { BUFFER = 64 << 10 /* of a report that nobody watches growing */ };

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

/* The C library does not take a size without room of that size. Standard output keeps its until the process ends. */
static void
widen(struct sink *sink)
{
	sink->buffer = malloc(BUFFER);
	if (sink->buffer)
		setvbuf(sink->report.out, sink->buffer, _IOFBF, BUFFER);
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
	if (!output->file) {
		if (!isatty(STDOUT_FILENO))
			widen(sink);
		return true;
	}
	bool in_place = stat(output->file, &st) == 0 && !S_ISREG(st.st_mode);
	if (!in_place)
		sink->partial = arena_printf(run->options->arena, "%s.%ld.partial", output->file, (long)getpid());
	sink->report.out = fopen(in_place ? output->file : sink->partial, "we");
	if (sink->report.out) {
		widen(sink);
		return true;
	}
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
	free(sink->buffer);
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

enum status
check_run(struct options *o)
{
	struct run run = {.options = o, .config_lock = PTHREAD_MUTEX_INITIALIZER};
	size_t opened = 0;
	bool on_terminal = isatty(STDOUT_FILENO) != 0;
	if (o->profile) {
		run.profile = profile_named(o->arena, o->profile, &o->errors);
		run.profiles = &run.profile;
		run.n_profiles = 1;
	} else {
		run.profiles = profiles_load(o->arena, &run.n_profiles);
	}
	run.config = configure(o, run.profile);
	if (!o->paths.n && !o->lists.n && !o->errors.n)
		error_add(&o->errors, NULL, (struct loc){0, 0}, "no directory given; try: crtlint check DIR");
	together_refuse(o);
	if (o->errors.n) {
		complain(&o->errors);
		return STATUS_USAGE;
	}
	run.progress = progress_new(o->arena, !on_terminal && !o->quiet);
	struct source *source = source_new(o, run.profiles, run.n_profiles, run.progress);
	if (!source)
		return STATUS_USAGE;
	while (opened < o->n_outputs && sink_open(&run, &run.sinks[opened], &o->outputs[opened]))
		opened++;
	if (opened < o->n_outputs)
		run_worse(&run, STATUS_FAILED);
	for (size_t i = 0; i < opened && run.status < STATUS_FAILED; i++)
		run.sinks[i].report.format->begin(&run.sinks[i].report);
	if (o->cluster && run.status < STATUS_FAILED)
		cluster_run(&run);
	else if (o->previous.n && run.status < STATUS_FAILED)
		previous_run(&run, o->paths.list[0], o->previous.list[0]);
	else if (run.status < STATUS_FAILED)
		fleet_run(&run, source);
	run_worse(&run, source_status(source));
	source_free(source);
	progress_hide(run.progress);
	if (o->verbose > 1)
		fprintf(stderr, "crtlint: %zu signatures computed in %zu directories\n", run.signatures, run.summary.directories);
	for (size_t i = 0; i < opened; i++) {
		if (run.status < STATUS_FAILED)
			run.sinks[i].report.format->end(&run.sinks[i].report, &run.summary);
		sink_close(&run, &run.sinks[i]);
	}
	if (run.status < STATUS_USAGE && trace_complain(o))
		run_worse(&run, STATUS_USAGE);
	if (counts(o, &run.summary))
		run_worse(&run, STATUS_FINDINGS);
	return run.status;
}
