#include "model.h"

#include <string.h>

struct scope
scope_new(struct model *m)
{
	struct scope s = {.m = m, .find = m->profile->load.n ? FIND_LISTED : FIND_NAMED};
	scope_give(&s, "dir", m->facts->listing->path);
	return s;
}

/* A later value hides an earlier one of the same name. */
void
scope_give(struct scope *s, const char *name, const char *text)
{
	for (size_t i = 0; i < s->n_given; i++) {
		if (same_name(s->given[i].name, name)) {
			s->given[i].text = text;
			return;
		}
	}
	if (s->n_given < sizeof(s->given) / sizeof(s->given[0]))
		s->given[s->n_given++] = (struct given){name, text};
}

void
scope_give_binds(struct scope *s, const struct binds *binds)
{
	for (size_t i = 0; i < binds->n; i++)
		scope_give(s, binds->list[i].name, text_safe(s->m->arena, binds->list[i].value, TEXT_NAME));
}

const char *
scope_lookup(const struct scope *s, const char *name)
{
	for (size_t i = 0; i < s->n_given; i++)
		if (same_name(s->given[i].name, name))
			return s->given[i].text;
	if (strcmp(name, "peer") == 0)
		return s->peer;
	if (strcmp(name, "kind") == 0)
		return s->kind;
	if (strcmp(name, "from") == 0)
		return s->from;
	if (strcmp(name, "to") == 0)
		return s->to;
	const struct value *v = facts_value(s->m->facts, name);
	if (v && v->variable->type == VAR_HOSTS)
		return hosts_dialed(s, v->text);
	return v ? v->text : NULL;
}

static const char *
fill(const struct scope *s, const char *template, bool *open)
{
	struct arena *a = s->m->arena;
	struct buf out = {.arena = a};
	struct token token;
	while (template_next(&template, &token)) {
		if (!token.is_name) {
			buf_part(&out, token.text);
			continue;
		}
		const char *text = scope_lookup(s, arena_strndup(a, (const char *)token.text.p, token.text.n));
		if (text)
			buf_add(&out, text);
		else
			*open = true;
	}
	return buf_text(&out);
}

const char *
scope_text(const struct scope *s, const char *template)
{
	bool open = false;
	size_t n = strlen(template);
	if (n >= 3 && strcmp(template + n - 3, "...") == 0) {
		n -= 3;
		while (n && template[n - 1] == ' ')
			n--;
		template = arena_strndup(s->m->arena, template, n);
	}
	return fill(s, template, &open);
}

bool
scope_fill(const struct scope *s, const char *template, const char **out)
{
	bool open = false;
	*out = strchr(template, '<') ? fill(s, template, &open) : template;
	return !open;
}

/* Lists here stay short; capacity doubles at powers of two, so none is kept. */
void
words_add(struct arena *a, struct words *w, const char *word)
{
	if ((w->n & (w->n - 1)) == 0) {
		const char **more = arena_array(a, w->n ? w->n * 2 : 1, sizeof(*more));
		if (w->n)
			memcpy(more, w->list, w->n * sizeof(*more));
		w->list = more;
	}
	w->list[w->n++] = word;
}

static bool
cond_holds(const struct scope *s, const struct cond *c)
{
	const char *text;
	const struct value *v;
	struct found found;
	switch (c->kind) {
	case COND_IS:
		text = scope_lookup(s, c->subject);
		return text && strcmp(text, c->value) == 0;
	case COND_SET:
		text = scope_lookup(s, c->subject);
		return text && *text;
	case COND_UNSET:
		text = scope_lookup(s, c->subject);
		return !text || !*text;
	case COND_SEVERAL:
		v = facts_value(s->m->facts, c->subject);
		return v && v->words.n > 1;
	case COND_PRESENT:
		found_none(&found);
		resolve_ref(s, c->subject, &found);
		return found.n > 0;
	case COND_ABSENT:
		found_none(&found);
		resolve_ref(s, c->subject, &found);
		return found.n == 0;
	}
	return false;
}

bool
gate_open(const struct scope *s, const struct gate *g)
{
	if (!version_in(&s->m->facts->server_version, &g->since, &g->until))
		return false;
	for (size_t i = 0; i < g->n_when; i++)
		if (!cond_holds(s, &g->when[i]))
			return false;
	return true;
}
