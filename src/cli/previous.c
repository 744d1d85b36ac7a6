/*
 * crtlint check --previous OLD NEW: what the running service has, and what it is to have. The reload is judged against the old files; for a
 * roll-out node by node the old ones and the new ones dial each other, as nodes and clients do while it lasts.
 */
#include "crtlint/choose.h"
#include "run.h"

static struct facts *
build(struct run *run, struct arena *arena, const struct listing *l, const struct choice *choice, const struct facts *previous,
    struct errors *errors)
{
	struct settings *s = arena_alloc(arena, sizeof(*s));
	*s = run->options->settings;
	s->previous = previous;
	struct facts *f = facts_build(arena, l, choice->profile, choice->because, s, errors);
	if (f)
		f->also_fits = choice->also;
	if (!f || cluster_listens(f, false) || s->dials_only)
		return f;
	s->dials_only = true; /* clients alone: nothing reloads, and both ends of no connection are here */
	return facts_build(arena, l, choice->profile, choice->because, s, errors);
}

static void
judge(struct run *run, struct arena *arena, const struct listing *old, const struct listing *new, struct errors *errors)
{
	struct choice choice = {.profile = run->profile, .because = "named by --profile"};
	if (!run->profile)
		choice = choose(arena, new, run->profiles, run->n_profiles);
	if (!choice.profile)
		choice = choose(arena, old, run->profiles, run->n_profiles);
	struct member *members = arena_array(arena, 2, sizeof(*members));
	struct facts *before = build(run, arena, old, &choice, NULL, errors),
	             *after = before ? build(run, arena, new, &choice, before, errors) : NULL;
	if (!after)
		return;
	members[0] = (struct member){.name = "old", .path = old->path, .facts = before, .origin = 0, .old = true};
	members[1] = (struct member){.name = "new", .path = new->path, .facts = after, .origin = 1};
	for (size_t i = 0; i < 2; i++) {
		members[i].hosts = run->options->settings.hosts;
		members[i].listens = !members[i].facts->settings->dials_only;
	}
	struct cluster *c = cluster_judge(arena, members, 2, true);
	for (size_t i = 0; i < 2; i++)
		members[i].findings = findings_run(arena, members[i].facts);
	struct result result = {.path = new->path, .facts = after, .findings = members[1].findings};
	run_directory(run, &result);
	c->findings = findings_of_cluster(arena, c);
	run_cluster(run, c);
}

void
previous_run(struct run *run, const char *path, const char *old_path)
{
	struct arena *arena = arena_new();
	struct errors errors = {.arena = arena};
	struct listing *old = run_load(run, arena, old_path), *new = run_load(run, arena, path);
	run->options->settings.signatures = signatures_new(arena);
	if (old && new)
		judge(run, arena, old, new, &errors);
	if (errors.n) {
		complain(&errors);
		run_worse(run, STATUS_USAGE);
	}
	run->options->settings.signatures = NULL;
	arena_free(arena);
}
