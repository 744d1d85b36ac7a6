#include "crtlint/profile.h"

#include "bind.h"
#include "crtlint/limits.h"

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
	if (errors->n == before) {
		fill_defaults(arena, p);
		return p;
	}
	error_sort(errors, before);
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
