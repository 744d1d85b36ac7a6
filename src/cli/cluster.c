/*
 * crtlint check --cluster: the members' directories are read and judged, then what is between them. All live in one arena, since a
 * connection knows both its ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crtlint/choose.h"
#include "crtlint/limits.h"
#include "crtlint/load.h"
#include "crtlint/text.h"
#include "run.h"

struct ring { /* members in the making */
	struct run *run;
	struct arena *arena;
	struct member *members;
	const struct listing **listings, **old; /* old: of --previous, NULL where there is none */
	struct facts **before;
	size_t n;
	struct errors errors;
};

static const struct loc nowhere = {0, 0};

static const char *
safe_name(struct ring *g, const char *s)
{
	return text_safe(g->arena, slice_of(s), TEXT_NAME);
}

static void
hosts_split(struct ring *g, struct member *m, const char *list)
{
	while (*list) {
		size_t n = strcspn(list, ",");
		const char *host = text_safe(g->arena, (struct slice){(const uint8_t *)list, n}, TEXT_VALUE);
		if (!n || strpbrk(host, " \t\n"))
			error_add(&g->errors, NULL, nowhere, "%s: '%s' is no host; expected NAME=PATH@HOST,HOST", m->name, host);
		else if (m->hosts.n >= LIMIT_HOSTS)
			error_add(&g->errors, NULL, nowhere, "%s: at most %d hosts", m->name, LIMIT_HOSTS);
		else
			m->hosts.list[m->hosts.n++] = host;
		list += n + (list[n] == ',');
	}
}

static const char *
last_part(struct arena *a, const char *path)
{
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	size_t start = n;
	while (start > 0 && path[start - 1] != '/')
		start--;
	return n > start ? arena_strndup(a, path + start, n - start) : path;
}

/* PATH, NAME=PATH or either with @HOST,HOST; something that is there under the whole name is that. The path is returned. */
static const char *
spec_read(struct ring *g, const char *spec, struct member *m)
{
	struct stat st;
	const char *path = spec, *hosts = "";
	if (stat(spec, &st) != 0) {
		const char *equals = strchr(spec, '='), *slash = strchr(spec, '/');
		if (equals && equals > spec && (!slash || equals < slash)) {
			m->name = safe_name(g, arena_strndup(g->arena, spec, (size_t)(equals - spec)));
			path = equals + 1;
		}
		const char *at = strrchr(path, '@');
		if (stat(path, &st) != 0 && at && at > path && !strchr(at, '/')) {
			hosts = at + 1;
			path = arena_strndup(g->arena, path, (size_t)(at - path));
		}
	}
	if (!m->name)
		m->name = safe_name(g, last_part(g->arena, path));
	const struct words *all = &g->run->options->settings.hosts;
	size_t room = all->n + strlen(hosts) / 2 + 2;
	m->hosts.list = arena_array(g->arena, room, sizeof(*m->hosts.list));
	hosts_split(g, m, hosts);
	for (size_t i = 0; i < all->n; i++)
		m->hosts.list[m->hosts.n++] = all->list[i];
	return path;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct member *const *)a)[0]->name, ((const struct member *const *)b)[0]->name);
}

/* Two directories called certs are told apart by their whole paths; two of one given name are a mistake. */
static void
names_unique(struct ring *g)
{
	struct member **sorted = arena_array(g->arena, g->n, sizeof(*sorted));
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < g->n; i++)
			sorted[i] = &g->members[i];
		qsort(sorted, g->n, sizeof(struct member *), by_name);
		for (size_t i = 0, next; i < g->n; i = next) {
			for (next = i + 1; next < g->n && strcmp(sorted[next]->name, sorted[i]->name) == 0;)
				next++;
			if (next - i > 1 && pass)
				error_add(&g->errors, NULL, nowhere, "two members are called '%s'; give names: NAME=PATH",
				    sorted[i]->name);
			for (size_t k = i; k < next && next - i > 1 && !pass; k++)
				if (strcmp(sorted[k]->name, last_part(g->arena, sorted[k]->path)) == 0)
					sorted[k]->name = arena_strdup(g->arena, sorted[k]->path);
		}
	}
}

static bool
ring_load(struct ring *g, const char *path, size_t i)
{
	struct listing *l = run_load(g->run, g->arena, path);
	g->listings[i] = l;
	g->members[i].path = l ? l->path : path;
	return l != NULL;
}

/* The system of most members; the others are of it too, or the call is a mistake. */
static struct choice
ring_choose(struct ring *g)
{
	struct choice best = {.profile = g->run->profile, .because = "named by --profile"};
	size_t most = 0;
	if (best.profile)
		return best;
	struct choice *all = arena_array(g->arena, g->n, sizeof(*all));
	for (size_t i = 0; i < g->n; i++)
		all[i] = choose(g->arena, g->listings[i], g->run->profiles, g->run->n_profiles);
	for (size_t k = 0; k < g->run->n_profiles; k++) {
		size_t count = 0, first = g->n;
		for (size_t i = g->n; i-- > 0;) {
			count += all[i].profile == g->run->profiles[k];
			first = all[i].profile == g->run->profiles[k] ? i : first;
		}
		if (count > most) {
			most = count;
			best = all[first];
		}
	}
	for (size_t i = 0; i < g->n && best.profile; i++)
		if (all[i].profile && all[i].profile != best.profile)
			error_add(&g->errors, NULL, nowhere,
			    "%s is a directory of %s, most members are of %s; name the system by --profile", g->members[i].name,
			    all[i].profile->name, best.profile->name);
	return best;
}

static struct facts *
member_judge(
    struct ring *g, size_t i, const struct listing *l, const struct choice *choice, bool dials_only, const struct facts *previous)
{
	struct settings *s = arena_alloc(g->arena, sizeof(*s));
	*s = g->run->options->settings;
	s->hosts = g->members[i].hosts;
	s->dials_only = dials_only;
	s->previous = previous;
	struct facts *f = facts_build(g->arena, l, choice->profile, choice->because, s, &g->errors);
	if (f)
		f->also_fits = choice->also;
	return f;
}

static bool
is_role(const char *role, const char *word)
{
	size_t n = strlen(word);
	return role && strncmp(role, word, n) == 0 && (!role[n] || strcmp(role + n, " key") == 0);
}

/* Whether some listener presents this file, by its row's name or its role. */
static bool
serves(const struct profile *p, const struct file *f, const struct file_row *row)
{
	for (size_t i = 0; i < p->n_peers; i++) {
		const struct words *w = &p->peers[i].serves;
		for (size_t k = 0; k < w->n; k++) {
			for (size_t n = 0; n < row->patterns.n; n++)
				if (strcmp(w->list[k], row->patterns.list[n]) == 0)
					return true;
			if (is_role(f->role, w->list[k]))
				return true;
			for (size_t n = 0; n < p->peers[i].names.n && w->list[k][0] == '<'; n++)
				if (is_role(f->role, p->peers[i].names.list[n]))
					return true;
		}
	}
	return false;
}

/* A member without hosts of its own, of which no listener's file is there and some other certificate is, is a place of clients. */
bool
cluster_listens(const struct facts *f, bool has_hosts)
{
	bool others = false;
	for (size_t i = 0; i < f->n_files && !has_hosts; i++) {
		const struct file_row *row = f->files[i].row ? f->files[i].row : f->files[i].key_row;
		if (!row || row->is != IS_CERTIFICATE)
			continue;
		if (serves(f->profile, &f->files[i], row))
			return true;
		others = true;
	}
	return !others;
}

static bool
ring_judge(struct ring *g)
{
	g->run->options->settings.signatures = signatures_new(g->arena);
	struct choice choice = ring_choose(g);
	for (size_t i = 0; i < g->n && !g->errors.n; i++) {
		struct member *m = &g->members[i];
		if (g->old[i])
			g->before[i] = member_judge(g, i, g->old[i], &choice, false, NULL);
		m->facts = member_judge(g, i, g->listings[i], &choice, false, g->before[i]);
		m->listens = m->facts && cluster_listens(m->facts, m->hosts.n > g->run->options->settings.hosts.n);
		if (m->facts && !m->listens)
			m->facts = member_judge(g, i, g->listings[i], &choice, true, g->before[i]);
		if (g->before[i] && !m->listens)
			g->before[i] = member_judge(g, i, g->old[i], &choice, true, NULL);
	}
	return !g->errors.n;
}

/* --previous NAME=DIR */
static bool
old_load(struct ring *g, const char *spec)
{
	const char *equals = strchr(spec, '=');
	size_t n = equals ? (size_t)(equals - spec) : 0, i = 0;
	const char *name = safe_name(g, arena_strndup(g->arena, spec, n));
	while (i < g->n && strcmp(g->members[i].name, name) != 0)
		i++;
	if (!n || i == g->n || g->old[i]) {
		error_add(&g->errors, NULL, nowhere, "--previous '%s': expected NAME=DIR, once for each member's name",
		    safe_name(g, spec));
		return false;
	}
	g->old[i] = run_load(g->run, g->arena, equals + 1);
	return g->old[i] != NULL;
}

/* All members with their new files, and those that have old ones with these too: each state that a roll-out goes through is made of such
 * pairs. */
static void
roll_out(struct ring *g)
{
	struct member *all = arena_array(g->arena, g->n * 2, sizeof(*all));
	size_t n = g->n;
	memcpy(all, g->members, g->n * sizeof(*all));
	for (size_t i = 0; i < g->n; i++) {
		if (!g->before[i])
			continue;
		all[n] = g->members[i];
		all[n].name = arena_printf(g->arena, "%s (old)", g->members[i].name);
		all[n].path = g->old[i]->path;
		all[n].facts = g->before[i];
		all[n++].old = true;
	}
	if (n == g->n)
		return;
	struct cluster *c = cluster_judge(g->arena, all, n, true);
	for (size_t i = 0; i < n; i++)
		all[i].findings = findings_run(g->arena, all[i].facts);
	c->findings = findings_of_cluster(g->arena, c);
	run_cluster(g->run, c);
}

void
cluster_run(struct run *run)
{
	struct options *o = run->options;
	struct ring g = {.run = run, .arena = arena_new(), .n = o->paths.n};
	bool good = true;
	g.errors.arena = g.arena;
	g.members = arena_array(g.arena, g.n, sizeof(*g.members));
	g.listings = arena_array(g.arena, g.n, sizeof(*g.listings));
	g.old = arena_array(g.arena, g.n, sizeof(*g.old));
	g.before = arena_array(g.arena, g.n, sizeof(*g.before));
	if (g.n > LIMIT_MEMBERS)
		error_add(&g.errors, NULL, nowhere, "--cluster: at most %d members", LIMIT_MEMBERS);
	if (o->settings.users.n)
		error_add(&g.errors, NULL, nowhere, "--user: with --cluster the members' own files say who connects");
	for (size_t i = 0; i < g.n && !g.errors.n; i++) {
		g.members[i].origin = (uint32_t)i;
		good = ring_load(&g, spec_read(&g, o->paths.list[i], &g.members[i]), i) && good;
	}
	if (good && !g.errors.n)
		names_unique(&g);
	for (size_t i = 0; i < o->previous.n && good && !g.errors.n; i++)
		good = old_load(&g, o->previous.list[i]);
	if (good && !g.errors.n && ring_judge(&g)) {
		struct cluster *c = cluster_judge(g.arena, g.members, g.n, false);
		for (size_t i = 0; i < g.n; i++)
			g.members[i].findings = findings_run(g.arena, g.members[i].facts);
		c->findings = findings_of_cluster(g.arena, c);
		run_cluster(run, c);
		roll_out(&g);
	}
	if (g.errors.n) {
		complain(&g.errors);
		run_worse(run, STATUS_USAGE);
	}
	o->settings.signatures = NULL;
	arena_free(g.arena);
}
