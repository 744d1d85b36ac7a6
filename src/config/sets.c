/* Which profile is meant, and its variables. */
#include <string.h>

#include "crtlint/text.h"
#include "reading.h"

enum { NAMES = 64 /* candidates for one suggestion */ };

static const struct profile *
known(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->profiles.n; i++)
		if (strcmp(r->profiles.list[i]->name, name) == 0)
			return r->profiles.list[i];
	return NULL;
}

static void
unknown(struct reading *r, struct loc loc, const char *name)
{
	const char *names[NAMES];
	size_t n = 0;

	for (; n < r->profiles.n && n < NAMES; n++)
		names[n] = r->profiles.list[n]->name;
	bind_error(&r->binder, loc, "no profile '%.64s'%s", name, bind_hint(&r->binder, name, names, n));
}

static const struct profile *
read_file(struct reading *r, const struct node *node, const char *path)
{
	struct arena *a = r->binder.arena;
	const char *slash = strrchr(r->raw, '/');
	const char *from = *path != '/' && slash ? arena_strndup(a, r->raw, (size_t)(slash - r->raw + 1)) : "";
	const struct profile *p = r->profiles.read(a, arena_printf(a, "%s%s", from, path), r->binder.errors);

	if (!p) {
		bind_error(&r->binder, node->loc, "the profile '%.64s' cannot be used", path);
		return NULL;
	}
	const struct profile **more = arena_array(a, r->profiles.n + 1, sizeof *more);
	more[0] = p; /* in front: it takes the place of another of its name */
	memcpy(more + 1, r->profiles.list, r->profiles.n * sizeof *more);
	r->profiles.list = more;
	r->profiles.n++;
	return p;
}

void
profile_bind(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct reading *r = (struct reading *)b;
	const char *name = value_text(b, node);
	const struct profile *p;

	(void)f;
	if (!name)
		return;
	if (strchr(name, '/') || strchr(name, '.'))
		p = read_file(r, node, name);
	else if (!(p = known(r, name)))
		unknown(r, node->loc, name);
	memcpy(at, &p, sizeof p);
}

static const char *
list_text(struct binder *b, const struct node *list)
{
	struct buf out = {.arena = b->arena};

	for (const struct node *m = list->first; m; m = m->next) {
		const char *text = value_text(b, m);
		if (text && strchr(text, ','))
			bind_error(b, m->loc, "a member of a list holds no comma: '%.64s'", text);
		buf_printf(&out, "%s%s", out.n ? "," : "", text ? text : "");
	}
	return buf_text(&out);
}

static bool
takes_list(const struct variable *v)
{
	return v->type == VAR_LIST || v->type == VAR_MAP || v->type == VAR_HOSTS || v->type == VAR_PEERS;
}

static void
unknown_variable(struct binder *b, const struct profile *p, const struct node *m)
{
	const char *names[NAMES];
	size_t n = 0, common;
	const struct variable *all = profile_common_variables(&common);

	for (size_t i = 0; i < common; i++)
		names[n++] = all[i].name;
	for (size_t i = 0; i < p->n_variables && n < NAMES; i++)
		names[n++] = p->variables[i].name;
	bind_error(b, m->key_loc, "profile %s has no variable '%.64s'%s", p->name, m->key, bind_hint(b, m->key, names, n));
}

static void
bind_variable(struct binder *b, const struct profile *p, const struct node *m, struct config *c)
{
	const struct variable *v = profile_variable(p, m->key);

	if (!v) {
		unknown_variable(b, p, m);
		return;
	}
	if (m->kind == NODE_LIST && !takes_list(v)) {
		bind_error(b, m->loc, "'%s' takes one value, not a list", v->name);
		return;
	}
	unsigned before = b->complaints;
	const char *text = m->kind == NODE_LIST ? list_text(b, m) : value_text(b, m);
	if (!text || b->complaints > before)
		return;
	const char *why = variable_refuses(b->arena, p, v, text);
	if (why)
		bind_error(b, m->loc, "%s: %s", v->name, why);
	else
		c->sets[c->n_sets++] = (struct config_set){p->name, {v->name, text, FROM_CONFIG}};
}

void
sets_bind(struct reading *r, struct config *c)
{
	struct binder *b = &r->binder;
	size_t n = 0;

	if (!r->sets)
		return;
	if (r->sets->kind != NODE_MAP) {
		bind_error(b, r->sets->loc, "'set' is a map of profiles, each with a map of its variables");
		return;
	}
	for (const struct node *m = r->sets->first; m; m = m->next)
		n += tree_count(m);
	c->sets = arena_array(b->arena, n, sizeof *c->sets);
	for (const struct node *m = r->sets->first; m; m = m->next) {
		const struct profile *p = known(r, m->key);
		if (!p)
			unknown(r, m->key_loc, m->key);
		else if (m->kind != NODE_MAP)
			bind_error(b, m->loc, "'%s' is a map of its variables", p->name);
		else
			for (const struct node *v = m->first; v; v = v->next)
				bind_variable(b, p, v, c);
	}
}
