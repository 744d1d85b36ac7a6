#include "together.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crtlint/load.h"
#include "crtlint/text.h"

static const struct loc nowhere = {0, 0};

void
together_refuse(struct options *o)
{
	if (!o->cluster && !o->previous.n)
		return;
	const char *what = o->cluster ? "--cluster" : "--previous";
	if (o->recursive || o->lists.n)
		error_add(&o->errors, NULL, nowhere, "%s takes its directories from the command line: not with -r or --from-file",
		    what);
	if (o->settings.traces.n)
		error_add(&o->errors, NULL, nowhere, "--trace: not with %s; trace a connection of one directory", what);
	if (o->cluster && o->settings.users.n)
		error_add(&o->errors, NULL, nowhere, "--user: with --cluster the members' own files say who connects");
	if (!o->cluster && (o->paths.n != 1 || o->previous.n != 1))
		error_add(
		    &o->errors, NULL, nowhere, "--previous DIR: goes with one PATH; with --cluster it is --previous NAME=DIR");
}

static size_t
refuse(struct run *run, const char *path, const char *why)
{
	fprintf(stderr, "crtlint: %s: %s\n", path, why);
	run_worse(run, STATUS_USAGE);
	return 0;
}

size_t
together_load(struct run *run, struct arena *a, const char *path, struct loaded **list)
{
	struct listing *l = strcmp(path, "-") ? load_directory(a, path) : NULL;
	if (l && l->missing)
		return refuse(run, l->path, "no such file or directory");
	if (l && !l->not_directory) {
		*list = arena_alloc(a, sizeof(**list));
		**list = (struct loaded){.raw = path, .listing = l};
		return 1;
	}
	struct archive *archive = load_archive(a, path);
	if (archive->error || archive->foreign)
		return refuse(run, archive->path, judge_foreign(a, archive));
	*list = arena_array(a, archive->n, sizeof(**list));
	for (size_t i = 0; i < archive->n; i++)
		(*list)[i] = (struct loaded){.raw = path,
		    .inside = archive->list[i]->path + strlen(archive->path) + 1,
		    .archive = archive,
		    .listing = archive->list[i]};
	return archive->n;
}

static struct configured
configured(const struct run *run, struct arena *a, const struct loaded *d)
{
	return configure_directory(a, run->options, run->config, d->raw, d->inside, run->profile);
}

struct choice
together_choose(struct run *run, struct arena *a, const struct loaded *d)
{
	struct configured with = configured(run, a, d);
	if (with.profile)
		return (struct choice){.profile = with.profile, .because = with.because ? with.because : "named by --profile"};
	return choose(a, d->listing, run->profiles, run->n_profiles, &with.settings);
}

struct settings *
together_settings(struct run *run, struct arena *a, const struct loaded *d, const struct choice *choice, struct errors *errors)
{
	struct settings *out = arena_alloc(a, sizeof(*out));
	struct configured with = configured(run, a, d);
	judge_configure(run, a, choice, &with, errors);
	configure_files(a, d->listing, d->raw, &with.settings);
	*out = with.settings;
	return out;
}

struct facts *
together_facts(struct arena *a, struct loaded *d, const struct choice *choice, const struct settings *s, struct errors *errors)
{
	if (choice->profile && !d->whole) {
		judge_folders(a, choice->profile, d->listing, d->raw, d->archive);
		d->whole = true;
	}
	struct facts *f = errors->n ? NULL : facts_build(a, d->listing, choice->profile, choice->because, s, errors);
	if (f)
		f->also_fits = choice->also;
	return f;
}

static void
write_directory(struct sink *sink, const struct result *result)
{
	sink->report.directories = sink->written++;
	if (sink->report.format->front)
		sink->report.format->front(&sink->report);
	sink->report.format->directory(&sink->report, result);
	sink->report.directories = sink->written;
}

void
together_report(struct run *run, const struct result *result)
{
	summary_add(&run->summary, result);
	for (size_t i = 0; i < run->options->n_outputs; i++)
		write_directory(&run->sinks[i], result);
}

void
together_report_cluster(struct run *run, const struct cluster *c)
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
