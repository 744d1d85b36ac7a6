/*
 * One directory, or an archive of them: loaded, judged, reported. Called on several threads at once; what changes is the judge's own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/choose.h"
#include "crtlint/load.h"
#include "fleet.h"

struct judge {
	struct run *run;
	struct arena *arena; /* of one PATH */
	struct arena *inner; /* of one directory of an archive; NULL: there was no archive yet */
	struct settings settings;
};

struct judge *
judge_new(struct run *run)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->run = run;
	j->arena = arena_new();
	j->settings = run->options->settings;
	j->settings.signers = signers_new(); /* NULL costs time alone */
	return j;
}

void
judge_free(struct judge *j)
{
	if (!j)
		return;
	signers_free(j->settings.signers);
	arena_free(j->inner);
	arena_free(j->arena);
	free(j);
}

static void
report(struct judge *j, struct slot *slot, const struct result *result, void (*before)(struct run *, size_t))
{
	for (size_t i = 0; i < j->run->options->n_outputs; i++) {
		struct report one = j->run->sinks[i].report;
		if (before)
			before(j->run, i);
		one.out = slot->out[i];
		one.format->directory(&one, result);
	}
}

/* Where the reports of the directory before end. */
static void
keep_ends(struct judge *j, struct slot *slot)
{
	size_t n = slot->summary.directories;
	void *more = realloc(slot->ends, n * sizeof(*slot->ends));

	if (!more)
		arena_alloc(j->arena, SIZE_MAX); /* which says that memory has ended */
	slot->ends = more;
	for (size_t i = 0; i < j->run->options->n_outputs; i++)
		slot->ends[n - 1][i] = (size_t)ftello(slot->out[i]);
}

static void
note_ids(struct judge *j, struct slot *slot, const struct facts *facts)
{
	if (!j->settings.traces.n)
		return;
	if (!slot->memory)
		slot->memory = arena_new();
	trace_note(slot->memory, &j->settings.traces, &slot->ids, facts);
}

void
judge_configure(struct run *run, struct arena *a, const struct choice *choice, struct configured *with, struct errors *errors)
{
	configure_toml(run->options, choice->profile, &with->settings, a, errors);
	if (!run->config)
		return;
	pthread_mutex_lock(&run->config_lock);
	config_apply(a, run->config, with->place, choice->profile, &with->settings);
	pthread_mutex_unlock(&run->config_lock);
}

static void
note_matched(struct run *run, const struct settings *settings, const bool *matched)
{
	if (!run->config)
		return;
	pthread_mutex_lock(&run->config_lock);
	config_note(run->config, settings, matched);
	pthread_mutex_unlock(&run->config_lock);
}

void
judge_folders(struct arena *a, const struct profile *profile, struct listing *l, const char *path, struct archive *archive)
{
	struct words folders = profile_folders(a, profile_by_default(profile));

	if (archive)
		load_archive_folders(archive, l, folders.list, folders.n);
	else
		load_folders(a, l, path, folders.list, folders.n);
}

/* The archive is NULL for a directory. */
static enum slot_end
judge_listing(struct judge *j, struct arena *a, struct slot *slot, struct listing *listing, struct archive *archive, bool last,
    void (*before)(struct run *, size_t))
{
	const char *inside = archive ? listing->path + strlen(archive->path) + 1 : NULL;
	struct run *run = j->run;
	struct errors errors = {.arena = a};
	struct configured with = configure_directory(a, run->options, run->config, slot->path, inside, run->profile);
	struct choice choice = {.profile = with.profile, .because = with.because ? with.because : "named by --profile"};

	if (!choice.profile)
		choice = choose(a, listing, run->profiles, run->n_profiles, &j->settings);
	if (choice.profile)
		judge_folders(a, choice.profile, listing, slot->path, archive);
	judge_configure(run, a, &choice, &with, &errors);
	configure_files(a, listing, slot->path, &with.settings);
	with.settings.last = last;
	with.settings.signers = j->settings.signers;
	struct facts *facts = errors.n ? NULL : facts_build(a, listing, choice.profile, choice.because, &with.settings, &errors);
	if (!facts) {
		slot->complaint = complaints(&errors);
		return SLOT_REFUSED;
	}
	facts->also_fits = choice.also;
	note_ids(j, slot, facts);
	struct result result = {.path = listing->path, .facts = facts, .findings = findings_run(a, facts)};
	note_matched(run, &with.settings, result.findings->matched);
	if (!before && slot->summary.directories)
		keep_ends(j, slot);
	summary_add(&slot->summary, &result);
	report(j, slot, &result, before);
	slot->signatures += signatures_made(facts->signatures);
	return SLOT_JUDGED;
}

const char *
judge_foreign(struct arena *a, const struct archive *archive)
{
	if (archive->error && archive->error != ENOTSUP)
		return strerror(archive->error);
	if (archive->error)
		return "not a directory; name the directory that holds the certificates";
	if (!*archive->begins)
		return "empty, not a directory and no snapshot; name the directory that holds the certificates";
	return arena_printf(a, "not a directory, and no tar or tar.gz either: it begins with \"%s\"", archive->begins);
}

static enum slot_end
judge_archive(struct judge *j, struct slot *slot, void (*before)(struct run *, size_t))
{
	struct archive *archive = load_archive(j->arena, slot->path);
	enum slot_end end = SLOT_JUDGED;

	if (archive->error || archive->foreign) {
		slot->complaint = strdup(
		    arena_printf(j->arena, "crtlint: %s: %s\n", archive->path, judge_foreign(j->arena, archive)));
		if (!slot->complaint)
			arena_alloc(j->arena, SIZE_MAX); /* which says that memory has ended */
		return SLOT_FOREIGN;
	}
	if (!j->inner)
		j->inner = arena_new();
	for (size_t i = 0; i < archive->n && end == SLOT_JUDGED; i++) {
		if (archive->list[i]->part)
			continue;
		end = judge_listing(j, j->inner, slot, archive->list[i], archive, slot->last && i + 1 == archive->n, before);
		arena_reset(j->inner);
	}
	return end;
}

static enum slot_end
judged(struct judge *j, struct slot *slot, void (*before)(struct run *, size_t))
{
	struct listing *listing = strcmp(slot->path, "-") ? load_directory(j->arena, slot->path) : NULL;

	if (!listing || listing->not_directory)
		return judge_archive(j, slot, before);
	if (listing->missing)
		return SLOT_MISSING;
	return judge_listing(j, j->arena, slot, listing, NULL, slot->last, before);
}

void
judge_path(struct judge *j, struct slot *slot, void (*before)(struct run *, size_t))
{
	slot->summary = (struct summary){0};
	slot->signatures = 0;
	slot->end = judged(j, slot, before);
	arena_reset(j->arena);
}
