#include "crtlint/profile.h"

#include "bind.h"
#include "crtlint/limits.h"

struct profile *
profile_read(struct arena *arena, const char *path, struct slice yaml, struct errors *errors)
{
	size_t before = errors->n;
	const struct node *tree = tree_read(arena, path, yaml, errors);

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
	error_sort(errors, before);
	return NULL;
}
