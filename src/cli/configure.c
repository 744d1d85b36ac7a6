/*
 * The configuration file between the options and the settings of each directory.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "crtlint/toml.h"
#include "crtlint/topology.h"

static const struct profile *
read_profile(struct arena *arena, const char *path, struct errors *errors)
{
	return profile_named(arena, path, errors);
}

struct config *
configure(struct options *o, const struct profile *named)
{
	struct config_search search = {.named = o->config,
	    .off = o->no_config,
	    .found = o->recursive || o->lists.n,
	    .paths = &o->paths,
	    .caller = o->settings.caller};
	struct errors notes = {.arena = o->arena};
	struct config_file file = config_find(o->arena, &search, &notes, &o->errors);
	complain(&notes);
	if (!file.path)
		return NULL;
	size_t n;
	const struct profile *const *builtin = profiles_load(o->arena, &n);
	const struct profile **list = arena_array(o->arena, n + 1, sizeof(*list));
	struct config_profiles profiles = {.list = list, .read = read_profile};
	if (named) /* in front: --profile may name a file that stands for a built-in one */
		list[profiles.n++] = named;
	for (size_t i = 0; i < n; i++)
		list[profiles.n++] = builtin[i];
	return config_read(o->arena, &file, &profiles, &o->errors);
}

void
configure_toml(
    const struct options *o, const struct profile *profile, struct settings *s, struct arena *arena, struct errors *errors)
{
	for (size_t i = o->tomls.n; profile && i-- > 0;) { /* each goes in front: backwards, so that the last one given holds */
		const char *raw = o->tomls.list[i];
		const char *path = text_safe(arena, slice_of(raw), TEXT_NAME);
		struct slice bytes = file_read(arena, raw, LIMIT_PROFILE);
		if (!bytes.p) {
			error_add(errors, path, (struct loc){0, 0}, "cannot read this file: %s", strerror(errno));
			continue;
		}
		struct toml *toml = toml_read(arena, path, bytes, errors);
		if (toml)
			toml_apply(arena, raw, toml, profile, s, errors);
	}
	for (size_t i = 0; profile && i < o->n_topologies; i++)
		topology_apply(arena, o->topologies[i], profile, s, errors);
}

struct configured
configure_directory(struct arena *arena, const struct options *o, const struct config *config, const char *path,
    const char *inside, const struct profile *profile)
{
	struct configured out = {.settings = o->settings, .profile = profile};
	if (!config)
		return out;
	out.place = config_place(arena, o->config ? o->config : config->path, path);
	if (inside && strcmp(inside, ".") != 0)
		out.place = arena_printf(arena, "%s/%s", out.place, inside);
	if (!profile && (out.profile = config_profile(config, out.place)))
		out.because = arena_printf(arena, "named by %s", config->path);
	return out;
}
