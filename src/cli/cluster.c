/*
 * crtlint check --cluster: the members' directories are read and judged, then what is between them.
 */
#include "together.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

struct seat { /* a member in the making */
	struct loaded now, old; /* old: of --previous, its listing NULL where there is none */
	struct words own_hosts; /* of NAME=PATH@HOST,HOST */
	struct facts *before;
};

struct ring {
	struct run *run;
	struct arena *arena;
	struct member *members; /* beside their seats */
	struct seat *seats;
	size_t n, capacity, seats_capacity;
	struct errors errors;
};

struct spec { /* PATH, NAME=PATH, or either with @HOST,HOST */
	const char *name; /* safe; NULL: not given */
	const char *path; /* raw */
	struct words hosts;
};

static const struct loc nowhere = {0, 0};

static const char *
safe_name(struct ring *g, const char *s)
{
	return text_safe(g->arena, slice_of(s), TEXT_NAME);
}

static struct words
hosts_split(struct ring *g, const char *spec, const char *list)
{
	struct words out = {.list = arena_array(g->arena, strlen(list) / 2 + 2, sizeof(*out.list))};
	while (*list) {
		size_t n = strcspn(list, ",");
		const char *host = text_safe(g->arena, (struct slice){(const uint8_t *)list, n}, TEXT_VALUE);
		if (!n || strpbrk(host, " \t\n"))
			error_add(&g->errors, NULL, nowhere, "%s: '%s' is no host; expected NAME=PATH@HOST,HOST",
			    safe_name(g, spec), host);
		else if (out.n >= LIMIT_HOSTS)
			error_add(&g->errors, NULL, nowhere, "%s: at most %d hosts", safe_name(g, spec), LIMIT_HOSTS);
		else
			out.list[out.n++] = host;
		list += n + (list[n] == ',');
	}
	return out;
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

static bool
is_there(const char *path)
{
	struct stat st;
	return strcmp(path, "-") == 0 || stat(path, &st) == 0;
}

/* Something that is there under the whole name is that. */
static struct spec
spec_read(struct ring *g, const char *text)
{
	struct spec out = {.path = text};
	const char *hosts = "";
	if (!is_there(text)) {
		const char *equals = strchr(text, '='), *slash = strchr(text, '/');
		if (equals && equals > text && (!slash || equals < slash)) {
			out.name = safe_name(g, arena_strndup(g->arena, text, (size_t)(equals - text)));
			out.path = equals + 1;
		}
		const char *at = strrchr(out.path, '@');
		if (!is_there(out.path) && at && at > out.path && !strchr(at, '/')) {
			hosts = at + 1;
			out.path = arena_strndup(g->arena, out.path, (size_t)(at - out.path));
		}
	}
	out.hosts = hosts_split(g, text, hosts);
	return out;
}

/* Of a file n1.tar.gz it is n1. */
static const char *
plain_name(struct ring *g, const struct loaded *d)
{
	static const char *const ends[] = {".tar.gz", ".tgz", ".tar"};
	const char *name = last_part(g->arena, d->raw);
	size_t n = strlen(name);
	for (size_t i = 0; i < 3 && d->inside; i++) {
		size_t end = strlen(ends[i]);
		if (n > end && strcmp(name + n - end, ends[i]) == 0)
			return safe_name(g, arena_strndup(g->arena, name, n - end));
	}
	return safe_name(g, name);
}

/* Directories that share a PATH go by their names in it. */
static const char *
member_name(struct ring *g, const struct spec *spec, const struct loaded *d, size_t among)
{
	const char *own = spec->name ? spec->name : plain_name(g, d);
	if (among == 1)
		return own;
	if (strcmp(d->inside, ".") == 0)
		return own;
	return spec->name ? arena_printf(g->arena, "%s/%s", own, d->inside) : d->inside;
}

static bool
seats_fill(struct ring *g, const char *text)
{
	struct spec spec = spec_read(g, text);
	struct loaded *list;
	size_t n = together_load(g->run, g->arena, spec.path, &list);
	if (n > 1 && spec.hosts.n)
		error_add(&g->errors, NULL, nowhere,
		    "%s: %zu directories are in it, which cannot all be dialed at the same hosts", safe_name(g, text), n);
	for (size_t i = 0; i < n; i++) {
		if (g->n == LIMIT_MEMBERS) {
			error_add(&g->errors, NULL, nowhere, "--cluster: at most %d members", LIMIT_MEMBERS);
			return false;
		}
		g->members = arena_grow(g->arena, g->members, g->n, &g->capacity, sizeof(*g->members));
		g->seats = arena_grow(g->arena, g->seats, g->n, &g->seats_capacity, sizeof(*g->seats));
		g->members[g->n] = (struct member){
		    .name = member_name(g, &spec, &list[i], n), .path = list[i].listing->path, .origin = (uint32_t)g->n};
		g->seats[g->n++] = (struct seat){.now = list[i], .own_hosts = spec.hosts};
	}
	return n > 0;
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

/* The system of most members; the others are of it too, or the call is a mistake. */
static struct choice
ring_choose(struct ring *g)
{
	struct choice best = {0};
	size_t most = 0;
	struct choice *all = arena_array(g->arena, g->n, sizeof(*all));
	for (size_t i = 0; i < g->n; i++)
		all[i] = together_choose(g->run, g->arena, &g->seats[i].now);
	for (size_t k = 0; k < g->n; k++) { /* there are few systems: most of these turns are one comparison */
		if (!all[k].profile || (best.profile && all[k].profile == best.profile))
			continue;
		size_t count = 0;
		for (size_t i = k; i < g->n; i++)
			count += all[i].profile == all[k].profile;
		if (count > most) {
			most = count;
			best = all[k];
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
    struct ring *g, size_t i, struct loaded *d, const struct choice *choice, bool dials_only, const struct facts *previous)
{
	struct settings *s = together_settings(g->run, g->arena, d, choice, &g->errors);
	struct words *own = &g->seats[i].own_hosts, all = {.list = arena_array(g->arena, own->n + s->hosts.n, sizeof(*all.list))};
	for (size_t k = 0; k < own->n; k++)
		all.list[all.n++] = own->list[k];
	for (size_t k = 0; k < s->hosts.n; k++)
		all.list[all.n++] = s->hosts.list[k];
	s->hosts = g->members[i].hosts = all;
	s->users = (struct words){0};
	s->dials_only = dials_only;
	s->previous = previous;
	return together_facts(g->arena, d, choice, s, &g->errors);
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
	struct choice choice = ring_choose(g);
	for (size_t i = 0; i < g->n && !g->errors.n; i++) {
		struct member *m = &g->members[i];
		struct seat *t = &g->seats[i];
		if (t->old.listing)
			t->before = member_judge(g, i, &t->old, &choice, false, NULL);
		m->facts = member_judge(g, i, &t->now, &choice, false, t->before);
		m->listens = m->facts && cluster_listens(m->facts, t->own_hosts.n > 0);
		if (m->facts && !m->listens)
			m->facts = member_judge(g, i, &t->now, &choice, true, t->before);
		if (t->before && !m->listens)
			t->before = member_judge(g, i, &t->old, &choice, true, NULL);
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
	if (!n || i == g->n || g->seats[i].old.listing) {
		error_add(&g->errors, NULL, nowhere, "--previous '%s': expected NAME=DIR, once for each member's name",
		    safe_name(g, spec));
		return false;
	}
	struct loaded *list;
	size_t found = together_load(g->run, g->arena, equals + 1, &list);
	if (found > 1)
		error_add(&g->errors, NULL, nowhere, "--previous '%s': %zu directories are in it; expected one",
		    safe_name(g, spec), found);
	if (found == 1)
		g->seats[i].old = list[0];
	return found == 1;
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
		if (!g->seats[i].before)
			continue;
		all[n] = g->members[i];
		all[n].name = arena_printf(g->arena, "%s (old)", g->members[i].name);
		all[n].path = g->seats[i].old.listing->path;
		all[n].facts = g->seats[i].before;
		all[n++].old = true;
	}
	if (n == g->n)
		return;
	struct cluster *c = cluster_judge(g->arena, all, n, true);
	for (size_t i = 0; i < n; i++)
		all[i].findings = findings_run(g->arena, all[i].facts);
	c->findings = findings_of_cluster(g->arena, c);
	together_report_cluster(g->run, c);
}

void
cluster_run(struct run *run)
{
	struct options *o = run->options;
	struct ring g = {.run = run, .arena = arena_new()};
	struct signers *signers = signers_new();
	bool good = true;
	g.errors.arena = g.arena;
	o->settings.signatures = signatures_with(g.arena, signers);
	for (size_t i = 0; i < o->paths.n && !g.errors.n; i++)
		good = seats_fill(&g, o->paths.list[i]) && good;
	if (good && !g.errors.n)
		names_unique(&g);
	for (size_t i = 0; i < o->previous.n && good && !g.errors.n; i++)
		good = old_load(&g, o->previous.list[i]);
	if (good && !g.errors.n && ring_judge(&g)) {
		struct cluster *c = cluster_judge(g.arena, g.members, g.n, false);
		for (size_t i = 0; i < g.n; i++)
			g.members[i].findings = findings_run(g.arena, g.members[i].facts);
		c->findings = findings_of_cluster(g.arena, c);
		together_report_cluster(run, c);
		roll_out(&g);
		run->signatures = signatures_made(o->settings.signatures);
	}
	if (g.errors.n) {
		complain(&g.errors);
		run_worse(run, STATUS_USAGE);
	}
	o->settings.signatures = NULL;
	signers_free(signers);
	arena_free(g.arena);
}
