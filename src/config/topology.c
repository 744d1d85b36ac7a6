/* From a topology's lists of instances to the hosts of a profile's peers. */
#include "crtlint/topology.h"

#include <string.h>

#include "../profile/schema.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"

struct job {
	struct arena *arena;
	struct errors *errors;
	const struct topology *topology;
	const struct profile *profile;
	struct settings *settings;
	size_t hosts;
};

struct topology *
topology_read(struct arena *a, const char *path, struct slice yaml, struct errors *errors)
{
	const struct node *tree = tree_read_foreign(a, path, yaml, errors);

	if (!tree)
		return NULL;
	if (tree->kind != NODE_MAP) {
		error_add(errors, path, tree->loc, "is no map of lists of instances");
		return NULL;
	}
	struct topology *out = arena_alloc(a, sizeof *out);
	*out = (struct topology){path, tree};
	return out;
}

static const struct node *
member(const struct node *map, const char *key)
{
	const struct node *m = map->first;

	while (m && strcmp(m->key, key) != 0)
		m = m->next;
	return m;
}

/* Left out, as deployments write it: empty, or YAML's null. */
static bool
is_nothing(const struct node *n)
{
	bool null = n->kind == NODE_TEXT && !n->quoted && (strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0);

	return null || (n->kind == NODE_TEXT && !*n->text);
}

static bool
have(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

/* The host of "host", "host:port" or "scheme://host:port/path"; an address in brackets keeps them. */
static const char *
host_of(struct arena *a, const char *text, size_t n)
{
	const char *word = arena_strndup(a, text, n), *scheme = strstr(word, "://");

	word = scheme ? scheme + 3 : word;
	word = arena_strndup(a, word, strcspn(word, "/"));
	const char *colon = strrchr(word, ':');
	bool port = colon && strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
	            (*word == '[' ? colon[-1] == ']' : strchr(word, ':') == colon);
	return port ? arena_strndup(a, word, (size_t)(colon - word)) : word;
}

static void
add_host(struct job *j, const struct node *from, struct words *hosts, size_t room)
{
	const char *text = from->text;

	do {
		size_t n = strcspn(text, ",");
		const char *host = host_of(j->arena, text, n);
		if (!*host || strpbrk(host, " \t\n=\\@"))
			error_add(
			    j->errors, j->topology->path, from->loc, "'%s': '%.64s' is no name or address", from->key, host);
		else if (++j->hosts == LIMIT_HOSTS + 1)
			error_add(j->errors, j->topology->path, from->loc, "has more than %d hosts", LIMIT_HOSTS);
		else if (hosts->n < room && !have(hosts, host))
			hosts->list[hosts->n++] = host;
		text += n + (text[n] == ',');
	} while (*text);
}

/* The first of the row's keys that this instance has. */
static void
add_row(struct job *j, const struct topology_row *row, const struct node *instance, struct words *hosts, size_t room)
{
	for (size_t i = 0; i < row->host.n; i++) {
		const struct node *m = member(instance, row->host.list[i]);
		if (!m || is_nothing(m))
			continue;
		if (m->kind == NODE_TEXT)
			add_host(j, m, hosts, room);
		else
			error_add(j->errors, j->topology->path, m->loc, "'%s': expected a name or address", m->key);
		return;
	}
	error_add(j->errors, j->topology->path, instance->loc, "an instance of %s lacks '%s'", row->section,
	    row->host.list[row->host.n - 1]);
}

static size_t
room_for(const struct profile *p, const struct node *instance)
{
	size_t n = 0;

	for (const struct node *m = instance->first; m; m = m->next) {
		n++;
		for (const char *c = m->kind == NODE_TEXT ? m->text : ""; *c; c++)
			n += *c == ',';
	}
	return n + p->n_topology;
}

/* One instance, by all rows of its section that are for the same peer. */
static void
add_instance(struct job *j, size_t first, const struct node *node, size_t *capacity)
{
	const struct topology_row *rows = j->profile->topology;
	struct settings *s = j->settings;

	if (node->kind != NODE_MAP) {
		error_add(j->errors, j->topology->path, node->loc, "an instance of %s is written as keys and values",
		    rows[first].section);
		return;
	}
	struct instance in = {.peer = rows[first].peer};
	size_t room = room_for(j->profile, node);
	in.hosts.list = arena_array(j->arena, room, sizeof *in.hosts.list);
	for (size_t i = first; i < j->profile->n_topology; i++)
		if (strcmp(rows[i].section, rows[first].section) == 0 && strcmp(rows[i].peer, in.peer) == 0)
			add_row(j, &rows[i], node, &in.hosts, room);
	s->instances = arena_grow(j->arena, s->instances, s->n_instances, capacity, sizeof *s->instances);
	s->instances[s->n_instances++] = in;
}

static bool
was_before(const struct profile *p, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (strcmp(p->topology[i].section, p->topology[row].section) == 0 &&
		    strcmp(p->topology[i].peer, p->topology[row].peer) == 0)
			return true;
	return false;
}

void
topology_apply(struct arena *a, const struct topology *t, const struct profile *p, struct settings *s, struct errors *errors)
{
	struct job j = {.arena = a, .errors = errors, .topology = t, .profile = p, .settings = s};
	struct buf sections = {.arena = a};
	size_t capacity = s->n_instances;
	bool found = false;

	for (size_t i = 0; i < p->n_topology; i++) {
		const struct topology_row *row = &p->topology[i];
		const struct node *list = member(t->tree, row->section);
		if (was_before(p, i))
			continue;
		buf_printf(&sections, "%s%s", sections.n ? ", " : "", row->section);
		found = found || list;
		if (!list || is_nothing(list))
			continue;
		if (list->kind != NODE_LIST)
			error_add(
			    errors, t->path, list->loc, "'%s' is a list of instances, each beginning with '- '", row->section);
		for (const struct node *m = list->kind == NODE_LIST ? list->first : NULL; m && j.hosts <= LIMIT_HOSTS;
		     m = m->next)
			add_instance(&j, i, m, &capacity);
	}
	if (!p->n_topology)
		error_add(
		    errors, NULL, (struct loc){0, 0}, "--topology %s: profile %s does not know such files", t->path, p->name);
	else if (!found)
		error_add(errors, t->path, t->tree->loc, "holds none of the lists that profile %s knows: %s", p->name,
		    buf_text(&sections));
}
