#include "crtlint/config.h"

#include <fnmatch.h>
#include <string.h>

#include "crtlint/limits.h"
#include "reading.h"

/* A glob without a slash is for the last part of the path, as in .gitignore. */
static bool
is_for(const char *glob, const char *place)
{
	const char *slash = strrchr(place, '/');

	if (!glob || fnmatch(glob, place, FNM_PATHNAME | FNM_NOESCAPE) == 0)
		return true;
	return slash && !strchr(glob, '/') && fnmatch(glob, slash + 1, FNM_NOESCAPE) == 0;
}

/* The words of all, then those of the rows that are for this directory; each once, as long as there is room. */
static struct words
gather(struct arena *a, const struct config *c, const char *place, const struct words *all, size_t offset, size_t most)
{
	struct words out = {.list = arena_array(a, most, sizeof *out.list)};

	for (size_t row = 0; row <= c->n_directories; row++) {
		const struct config_directory *d = row ? &c->directories[row - 1] : NULL;
		const struct words *from = d ? (const struct words *)((const char *)d + offset) : all;

		if (d && !is_for(d->glob, place))
			continue;
		for (size_t i = 0; i < from->n && out.n < most; i++) {
			size_t k = 0;
			while (k < out.n && strcmp(out.list[k], from->list[i]) != 0)
				k++;
			if (k == out.n)
				out.list[out.n++] = from->list[i];
		}
	}
	return out;
}

const struct profile *
config_profile(const struct config *c, const char *place)
{
	const struct profile *found = c->profile;

	for (size_t i = 0; i < c->n_directories; i++)
		if (c->directories[i].profile && is_for(c->directories[i].glob, place))
			found = c->directories[i].profile;
	return found;
}

/* In front of those of the options, as the last one of a name holds. */
static void
add_sets(struct arena *a, const struct config *c, const struct profile *p, struct settings *s)
{
	struct setting *all = arena_array(a, c->n_sets + s->n_sets, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; p && i < c->n_sets; i++)
		if (strcmp(c->sets[i].profile, p->name) == 0)
			all[n++] = c->sets[i].setting;
	if (s->n_sets)
		memcpy(all + n, s->sets, s->n_sets * sizeof *all);
	s->sets = all;
	s->n_sets += n;
}

static void
place(struct arena *a, const struct config *c, const char *place, const struct profile *p, struct settings *s)
{
	const struct config_places **all = arena_array(a, c->n_directories + 1, sizeof(*all));
	size_t n = 0;

	all[n++] = &c->files;
	for (size_t i = 0; i < c->n_directories; i++)
		if (is_for(c->directories[i].glob, place))
			all[n++] = &c->directories[i].files;
	places_apply(a, all, n, p, s);
}

void
config_apply(struct arena *a, const struct config *c, const char *where, const struct profile *profile, struct settings *s)
{
	struct suppression *suppressions = arena_array(a, c->n_suppressions, sizeof *suppressions);

	s->config = c->path;
	if (s->hosts.n == 0) {
		s->hosts = gather(a, c, where, &c->hosts, offsetof(struct config_directory, hosts), LIMIT_HOSTS);
		s->hosts_from = FROM_CONFIG;
	}
	if (s->users.n == 0)
		s->users = gather(a, c, where, &c->users, offsetof(struct config_directory, users), LIMIT_USERS);
	if (s->expires_seconds < 0 && s->expires_percent < 0) {
		s->expires_seconds = c->expires_seconds;
		s->expires_percent = c->expires_percent;
	}
	add_sets(a, c, profile, s);
	place(a, c, where, profile, s);
	s->levels = c->levels;
	s->n_levels = c->n_levels;
	s->suppressions = suppressions;
	for (size_t i = 0; i < c->n_suppressions; i++)
		if (is_for(c->suppressions[i].directory, where))
			suppressions[s->n_suppressions++] = c->suppressions[i].what;
}

void
config_note(struct config *c, const struct settings *s, const bool *matched)
{
	for (size_t i = 0; i < s->n_suppressions; i++)
		for (size_t k = 0; matched[i] && k < c->n_suppressions; k++)
			if (c->suppressions[k].what.place == s->suppressions[i].place)
				c->suppressions[k].what.matched = true;
}
