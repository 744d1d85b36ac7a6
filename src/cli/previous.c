/*
 * crtlint check --previous OLD NEW: what the running service has, and what it is to have. The reload is judged against the old files; for a
 * roll-out node by node the old ones and the new ones dial each other, as nodes and clients do while it lasts.
 */
#include <stdio.h>

#include "together.h"

static struct facts *
build(struct run *run, struct arena *arena, struct loaded *d, const struct choice *choice, const struct facts *previous,
    struct errors *errors)
{
	struct settings *s = together_settings(run, arena, d, choice, errors);
	s->previous = previous;
	struct facts *f = together_facts(arena, d, choice, s, errors);
	if (!f || cluster_listens(f, false))
		return f;
	s->dials_only = true; /* clients alone: nothing reloads, and both ends of no connection are here */
	return together_facts(arena, d, choice, s, errors);
}

static void
judge(struct run *run, struct arena *arena, struct loaded *old, struct loaded *new, struct errors *errors)
{
	struct choice choice = together_choose(run, arena, new);
	if (!choice.profile)
		choice = together_choose(run, arena, old);
	struct member *members = arena_array(arena, 2, sizeof(*members));
	struct facts *before = build(run, arena, old, &choice, NULL, errors),
	             *after = before ? build(run, arena, new, &choice, before, errors) : NULL;
	if (!after)
		return;
	members[0] = (struct member){.name = "old", .path = old->listing->path, .facts = before, .origin = 0, .old = true};
	members[1] = (struct member){.name = "new", .path = new->listing->path, .facts = after, .origin = 1};
	for (size_t i = 0; i < 2; i++) {
		members[i].hosts = members[i].facts->settings->hosts;
		members[i].listens = !members[i].facts->settings->dials_only;
	}
	struct cluster *c = cluster_judge(arena, members, 2, true);
	for (size_t i = 0; i < 2; i++)
		members[i].findings = findings_run(arena, members[i].facts);
	struct result result = {.path = new->listing->path, .facts = after, .findings = members[1].findings};
	together_report(run, &result);
	c->findings = findings_of_cluster(arena, c);
	together_report_cluster(run, c);
}

static bool
load_one(struct run *run, struct arena *arena, const char *path, struct loaded **out)
{
	size_t n = together_load(run, arena, path, out);
	if (n > 1) {
		fprintf(stderr, "crtlint: %s: %zu directories are in it; --previous compares one with one\n",
		    (*out)->listing->path, n);
		run_worse(run, STATUS_USAGE);
	}
	return n == 1;
}

void
previous_run(struct run *run, const char *path, const char *old_path)
{
	struct arena *arena = arena_new();
	struct errors errors = {.arena = arena};
	struct signers *signers = signers_new();
	struct loaded *old, *new;
	bool both = load_one(run, arena, old_path, &old);
	both = load_one(run, arena, path, &new) && both;
	run->options->settings.signatures = signatures_with(arena, signers);
	if (both)
		judge(run, arena, old, new, &errors);
	run->signatures = signatures_made(run->options->settings.signatures);
	if (errors.n) {
		complain(&errors);
		run_worse(run, STATUS_USAGE);
	}
	run->options->settings.signatures = NULL;
	signers_free(signers);
	arena_free(arena);
}
