#include "crtlint/profile.h"

#include <stdlib.h>

#include "bind.h"
#include "crtlint/limits.h"

/* By place, so that they read from the top; those without one first. */
static int
by_place(const void *x, const void *y)
{
	const struct error *a = x, *b = y;

	if (a->loc.line != b->loc.line)
		return a->loc.line < b->loc.line ? -1 : 1;
	return a->loc.column < b->loc.column ? -1 : a->loc.column > b->loc.column;
}

/* before: the errors that were there before the tree was read. */
static struct profile *
bind(struct arena *arena, const char *path, const struct node *tree, size_t before, struct errors *errors)
{
	if (!tree)
		return NULL;
	struct profile *p = arena_alloc(arena, sizeof *p);
	struct binder b = {.arena = arena, .errors = errors, .path = path, .profile = p};

	p->path = path;
	bind_sections(&b, tree);
	resolve_uses(&b);
	resolve_rows(&b);
	if (b.complaints > LIMIT_PROFILE_ERRORS)
		error_add(errors, path, (struct loc){0, 0}, "has %u mistakes more", b.complaints - LIMIT_PROFILE_ERRORS);
	if (errors->n == before)
		return p;
	qsort(errors->list + before, errors->n - before, sizeof *errors->list, by_place);
	return NULL;
}

struct profile *
profile_read(struct arena *arena, const char *path, struct slice yaml, struct errors *errors)
{
	size_t before = errors->n;

	return bind(arena, path, tree_read(arena, path, yaml, errors), before, errors);
}

struct profile *
profile_of_builtin(struct arena *arena, const struct builtin_profile *builtin, struct errors *errors)
{
	return bind(arena, arena_printf(arena, "%s.yaml", builtin->name), builtin->tree, errors->n, errors);
}
