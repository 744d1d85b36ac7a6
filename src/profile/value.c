#include <stdlib.h>
#include <string.h>

#include "schema.h"

const char *
value_text(struct binder *b, const struct node *node)
{
	if (node->kind != NODE_TEXT) {
		bind_error(b, node->loc, "one text was expected here, not a %s", node->kind == NODE_LIST ? "list" : "map");
		return NULL;
	}
	if (!node->quoted && !node->text[0]) {
		bind_error(b, node->loc, "a text is missing here");
		return NULL;
	}
	return node->text;
}

void
value_word(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);

	if (!text)
		return;
	memcpy(at, &text, sizeof text);
	bind_use(b, f->use, text, node->loc);
}

/* Unquoted, `a, b` is cut to `a` in a flow map and ` #` begins a comment: both in silence. */
static bool
is_quoted(struct binder *b, const char *name, const struct node *node)
{
	if (node->kind != NODE_TEXT || node->quoted)
		return true;
	bind_error(b, node->loc, "the text of '%s' is printed, so it must be quoted: '%.64s'", name, node->text);
	return false;
}

void
value_quoted(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	if (is_quoted(b, f->name, node))
		value_word(b, f, node, at);
}

static void
read_list(struct binder *b, const struct field *f, const struct node *node, void *at, bool quoted)
{
	struct words words = {0};
	const struct node *m = node;

	if (node->kind == NODE_LIST) {
		m = node->first;
		if (!m)
			bind_error(b, node->loc, "'%s' is an empty list", f->name);
	}
	words.list = arena_array(b->arena, node->kind == NODE_LIST ? tree_count(node) : 1, sizeof *words.list);
	for (; m; m = node->kind == NODE_LIST ? m->next : NULL) {
		const char *text = value_text(b, m);
		if (!text || (quoted && !is_quoted(b, f->name, m)))
			continue;
		words.list[words.n++] = text;
		bind_use(b, f->use, text, m->loc);
	}
	memcpy(at, &words, sizeof words);
}

void
value_list(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	read_list(b, f, node, at, false);
}

void
value_quoted_list(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	read_list(b, f, node, at, true);
}

void
value_true(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct choice list[] = {{"true", true}, {"false", false}};
	static const struct choices words = {"truth", list, COUNT(list)};
	unsigned value;

	(void)f;
	if (schema_choose(b, &words, node, &value))
		*(bool *)at = value;
}

void
value_choice(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	unsigned value;

	if (schema_choose(b, f->choices, node, &value))
		memcpy(at, &value, sizeof value);
}

/* A bool that is written as a word of its own (`of: both`). */
void
value_flag(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	unsigned value;

	if (schema_choose(b, f->choices, node, &value))
		*(bool *)at = value;
}

void
value_mode(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);
	char *end;

	(void)f;
	if (!text)
		return;
	unsigned long mode = strtoul(text, &end, 8);
	if (text[0] != '0' || *end || mode > 0777) {
		bind_error(b, node->loc, "'%.64s' is no mode; write it in octal, as 0740", text);
		return;
	}
	*(unsigned *)at = (unsigned)mode;
}

void
value_version(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);

	(void)f;
	if (text && !version_parse(text, at))
		bind_error(b, node->loc, "'%.64s' is no version; write it as 24.1 or 22.2.16", text);
}

static bool
parse_condition(struct arena *arena, const char *text, struct cond *c)
{
	static const struct {
		const char *word;
		enum cond_kind kind;
	} ends[] = {{" set", COND_SET}, {" unset", COND_UNSET}, {" several", COND_SEVERAL}, {" present", COND_PRESENT},
	    {" absent", COND_ABSENT}};
	size_t n = strlen(text);
	const char *is = strstr(text, " is ");

	for (size_t i = 0; i < COUNT(ends); i++) {
		size_t m = strlen(ends[i].word);
		if (n > m && strcmp(text + n - m, ends[i].word) == 0) {
			*c = (struct cond){.kind = ends[i].kind, .subject = arena_strndup(arena, text, n - m)};
			return !strchr(c->subject, ' ');
		}
	}
	if (!is || is == text || !is[4])
		return false;
	*c = (struct cond){.kind = COND_IS, .subject = arena_strndup(arena, text, (size_t)(is - text)), .value = is + 4};
	return !strchr(c->subject, ' ');
}

void
value_when(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct gate *gate = at;
	const struct node *m = node->kind == NODE_LIST ? node->first : node;

	(void)f;
	gate->when = arena_array(b->arena, node->kind == NODE_LIST ? tree_count(node) : 1, sizeof *gate->when);
	for (; m; m = node->kind == NODE_LIST ? m->next : NULL) {
		const char *text = value_text(b, m);
		struct cond c;

		if (!text)
			continue;
		if (!parse_condition(b->arena, text, &c)) {
			bind_error(b, m->loc,
			    "'%.64s' is no condition; write 'VARIABLE is VALUE', 'VARIABLE set', 'unset' or 'several', or 'FILE "
			    "present' or "
			    "'absent'",
			    text);
			continue;
		}
		gate->when[gate->n_when++] = c;
		b->conds = arena_grow(b->arena, b->conds, b->n_conds, &b->conds_capacity, sizeof *b->conds);
		b->conds[b->n_conds++] = c;
		bind_use(b, USE_CONDITION, text, m->loc);
	}
}

static const char *
joined(struct binder *b, const struct node *node)
{
	const char *text = NULL;

	if (node->kind != NODE_LIST) {
		text = value_text(b, node);
		if (text)
			bind_use(b, USE_DEFAULT, text, node->loc);
		return text;
	}
	for (const struct node *m = node->first; m; m = m->next) {
		const char *word = value_text(b, m);
		if (!word)
			return NULL;
		if (strchr(word, ','))
			bind_error(b, m->loc, "'%.64s' holds a comma, which separates the members of a list", word);
		bind_use(b, USE_DEFAULT, word, m->loc);
		text = text ? arena_printf(b->arena, "%s,%s", text, word) : word;
	}
	return text;
}

/* Into the variable itself, since its defaults come with their number. */
void
value_defaults(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct variable *v = at;
	bool by_version = node->kind == NODE_MAP;
	struct variable_default *d = arena_array(b->arena, by_version ? tree_count(node) : 1, sizeof *d);

	(void)f;
	v->defaults = d;
	if (!by_version) {
		d->value = joined(b, node);
		v->n_defaults = d->value != NULL;
		return;
	}
	for (const struct node *m = node->first; m; m = m->next) {
		struct version *from = &d[v->n_defaults].from;
		const char *value = joined(b, m);

		if (!version_parse(m->key, from)) {
			bind_error(b, m->key_loc, "'%.64s' is no version; defaults by version are {24.1: VALUE, ...}", m->key);
			continue;
		}
		from->n = 3; /* a missing part is 0 here: the row holds from that line's first release on */
		if (v->n_defaults && version_cmp(&d[v->n_defaults - 1].from, from) >= 0)
			bind_error(b, m->key_loc, "the versions of a default must ascend, and %.64s does not", m->key);
		if (!value)
			continue;
		d[v->n_defaults++].value = value;
	}
}
