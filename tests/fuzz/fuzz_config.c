/* Any bytes as a configuration, and as another program's settings; what is taken is applied to a directory. */
#include <stddef.h>
#include <stdint.h>

#include "crtlint/config.h"
#include "crtlint/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char system_yaml[] =
    "profile: sys\ntitle: t\nsource: s\npeers: [{peer: a}]\n"
    "connections: [{kind: k, from: a, to: a}]\nvariables:\n"
    "- {name: mode, type: [on, off], help: 'h'}\n- {name: names, type: list, toml: s.toml a.b, help: 'h'}\n";

static const struct profile *
no_file(struct arena *arena, const char *path, struct errors *errors)
{
	(void)arena;
	error_add(errors, path, (struct loc){0, 0}, "cannot be read");
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new();
	struct errors none = {.arena = arena}, errors = {.arena = arena}, mistakes = {.arena = arena};
	const struct profile *p = profile_read(arena, "sys.yaml", slice_of(system_yaml), &none);
	struct config_profiles profiles = {&p, 1, no_file};
	struct config_file file = {"c.yaml", "c.yaml", {bytes, n}};
	struct settings settings = {.expires_seconds = -1, .expires_percent = -1};
	struct config *c = config_read(arena, &file, &profiles, &errors);
	struct toml *t = toml_read(arena, "s.toml", file.text, &mistakes);

	if ((c != NULL) != (errors.n == 0) || (t != NULL) != (mistakes.n == 0))
		__builtin_trap();
	if (t)
		toml_apply(arena, "s.toml", t, p, &settings, &mistakes);
	if (c)
		config_apply(arena, c, "x/node1", config_profile(c, "x/node1"), &settings);
	arena_free(arena);
	return 0;
}
