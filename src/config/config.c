#include "crtlint/config.h"

#include "crtlint/limits.h"
#include "reading.h"

struct config *
config_read(struct arena *a, const struct config_file *file, const struct config_profiles *profiles, struct errors *errors)
{
	size_t before = errors->n;
	const struct node *tree = tree_read(a, file->path, file->text, errors);

	if (!tree)
		return NULL;
	struct config *c = arena_alloc(a, sizeof *c);
	struct reading r = {
	    .binder = {.arena = a, .errors = errors, .path = file->path}, .profiles = *profiles, .raw = file->raw};

	c->path = file->path;
	c->expires_seconds = -1;
	c->expires_percent = -1;
	fields_bind(&r, tree, c);
	if (r.binder.complaints > LIMIT_PROFILE_ERRORS)
		error_add(
		    errors, file->path, (struct loc){0, 0}, "has %u mistakes more", r.binder.complaints - LIMIT_PROFILE_ERRORS);
	if (errors->n == before)
		return c;
	error_sort(errors, before);
	return NULL;
}
