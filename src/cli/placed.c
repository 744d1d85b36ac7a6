/*
 * Files that lie where the configuration, or a component's own settings file, says. The configuration is read where the files lie. A
 * settings file (--toml) may have come from another machine: the directory stands for each folder of which it has a file by that name.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "crtlint/load.h"
#include "crtlint/text.h"

static const struct entry *
made_up(struct arena *arena, const char *path, bool unknown)
{
	struct entry *e = arena_alloc(arena, sizeof(*e));
	*e = (struct entry){.raw = slice_of(path), .type = unknown ? ENTRY_FILE : ENTRY_NOTHING, .unknown = unknown};
	e->name = text_safe(arena, e->raw, TEXT_NAME);
	return e;
}

static size_t
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) : 0;
}

static bool
is_found(const struct placed *p)
{
	return p->entry && !p->entry->unknown && (p->entry->type != ENTRY_NOTHING || p->entry->link != LINK_NONE);
}

/* What a settings file names is in the directory by its last name, or, in a folder of which something is, it is not there. */
static void
look_in_directory(struct arena *arena, const struct listing *listing, struct settings *s)
{
	for (size_t i = 0; i < s->n_placed; i++) {
		struct placed *p = &s->placed[i];
		p->entry = p->by ? listing_find(listing, p->path + folder_of(p->path) + 1) : NULL;
	}
	for (size_t i = 0; i < s->n_placed; i++) {
		struct placed *p = &s->placed[i];
		size_t n = folder_of(p->path);
		for (size_t k = 0; k < s->n_placed && p->by && !p->entry; k++) {
			const struct placed *other = &s->placed[k];
			if (other->by && is_found(other) && folder_of(other->path) == n && strncmp(other->path, p->path, n) == 0)
				p->entry = made_up(arena, p->path, false);
		}
	}
}

/* Beside the directory. What a settings file names there may lie on its own machine, as what lies beside an archive does. */
static void
look_beside(struct arena *arena, const struct listing *listing, const char *path, struct settings *s)
{
	const char **paths = arena_array(arena, s->n_placed, sizeof(*paths));
	const struct entry **entries = arena_array(arena, s->n_placed, sizeof(*entries));
	size_t n = 0;
	for (size_t i = 0; i < s->n_placed; i++)
		if (!s->placed[i].entry)
			paths[n++] = s->placed[i].path;
	if (!listing->archived)
		load_named(arena, listing, path, paths, n, entries);
	n = 0;
	for (size_t i = 0; i < s->n_placed; i++) {
		struct placed *p = &s->placed[i];
		if (p->entry)
			continue;
		p->entry = listing->archived ? NULL : entries[n];
		n++;
		if (listing->archived || (p->by && !is_found(p)))
			p->entry = made_up(arena, p->path, true);
	}
}

/* A settings file of which, for a peer, nothing is found speaks of another place: the directory's files are judged, and that is told. */
static void
drop_unfound(struct arena *arena, struct settings *s)
{
	size_t kept = 0, all = s->n_placed;
	struct placed *list = arena_array(arena, all, sizeof(*list));
	const char **told = arena_array(arena, all, sizeof(*told));
	s->unplaced = (struct words){told, 0};
	for (size_t i = 0; i < all; i++) {
		const struct placed *p = &s->placed[i];
		bool found = !p->by;
		for (size_t k = 0; k < all && !found; k++)
			found = s->placed[k].by == p->by && strcmp(s->placed[k].peer, p->peer) == 0 && is_found(&s->placed[k]);
		if (found)
			list[kept++] = *p;
		else if (i == 0 || s->placed[i - 1].by != p->by || strcmp(s->placed[i - 1].peer, p->peer) != 0)
			told[s->unplaced.n++] = arena_printf(arena,
			    "the files of %s, which %s says lie elsewhere (%s); assumed: those of this directory", p->peer, p->by,
			    text_safe(arena, slice_of(p->path), TEXT_NAME));
	}
	s->placed = list;
	s->n_placed = kept;
}

void
configure_files(struct arena *arena, const struct listing *listing, const char *path, struct settings *s)
{
	if (s->n_placed == 0)
		return;
	look_in_directory(arena, listing, s);
	look_beside(arena, listing, path, s);
	drop_unfound(arena, s);
}
