#include "schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { NAMES = 64 }; /* candidates for one suggestion */

void
bind_error(struct binder *b, struct loc loc, const char *format, ...)
{
	char text[1024];
	va_list ap;

	if (b->complaints++ >= LIMIT_PROFILE_ERRORS)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	error_add(b->errors, b->path, loc, "%s", text);
}

bool
bind_full(const struct binder *b)
{
	return b->complaints >= LIMIT_PROFILE_ERRORS;
}

const char *
bind_hint(struct binder *b, const char *word, const char *const *candidates, size_t n)
{
	if (bind_full(b))
		return "";
	const char *near = text_nearest(word, candidates, n);
	return near ? arena_printf(b->arena, "; did you mean '%s'?", near) : "";
}

void
bind_use(struct binder *b, enum use_kind kind, const char *text, struct loc loc)
{
	if (kind == USE_NONE)
		return;
	b->uses = arena_grow(b->arena, b->uses, b->n_uses, &b->uses_capacity, sizeof *b->uses);
	b->uses[b->n_uses++] = (struct use){kind, text, loc};
}

bool
schema_choose(struct binder *b, const struct choices *c, const struct node *node, unsigned *value)
{
	const char *word = value_text(b, node), *names[NAMES];
	size_t n = 0;

	if (!word)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->list[i].word, word) == 0) {
			*value = c->list[i].value;
			return true;
		}
		if (n < NAMES)
			names[n++] = c->list[i].word;
	}
	bind_error(b, node->loc, "unknown %s '%.64s'%s", c->what, word, bind_hint(b, word, names, n));
	return false;
}

static const struct field *
find_field(struct binder *b, const struct shape *shape, const struct node *m)
{
	const char *names[NAMES];
	size_t n = 0;

	for (size_t i = 0; i < shape->n; i++) {
		if (strcmp(shape->fields[i].name, m->key) == 0)
			return &shape->fields[i];
		if (n < NAMES)
			names[n++] = shape->fields[i].name;
	}
	bind_error(b, m->key_loc, "unknown key '%.64s' in %s%s", m->key, shape->what, bind_hint(b, m->key, names, n));
	return NULL;
}

static bool
has_key(const struct node *node, const char *key)
{
	for (const struct node *m = node->first; m; m = m->next)
		if (strcmp(m->key, key) == 0)
			return true;
	return false;
}

void
schema_row(struct binder *b, const struct shape *shape, const struct node *node, void *row)
{
	if (node->kind != NODE_MAP) {
		bind_error(b, node->loc, "%s is written as keys and values", shape->what);
		return;
	}
	if (shape->loc != NO_LOC)
		memcpy((char *)row + shape->loc, &node->loc, sizeof node->loc);
	for (const struct node *m = node->first; m; m = m->next) {
		const struct field *f = find_field(b, shape, m);
		if (f)
			f->read(b, f, m, (char *)row + f->offset);
	}
	for (size_t i = 0; i < shape->n; i++)
		if (shape->fields[i].required && !has_key(node, shape->fields[i].name))
			bind_error(b, node->loc, "%s lacks '%s'", shape->what, shape->fields[i].name);
}

void
schema_rows(struct binder *b, const struct shape *shape, const struct node *node, void **rows, size_t *n)
{
	if (node->kind != NODE_LIST) {
		bind_error(b, node->loc, "'%s' is a list of rows, each beginning with '- '", node->key);
		return;
	}
	char *list = arena_array(b->arena, *n + tree_count(node), shape->size);
	if (*n)
		memcpy(list, *rows, *n * shape->size);
	for (const struct node *m = node->first; m; m = m->next) {
		char *row = list + (*n)++ * shape->size;
		if (shape->initial)
			memcpy(row, shape->initial, shape->size);
		schema_row(b, shape, m, row);
	}
	*rows = list;
}
