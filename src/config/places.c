/* Where a peer's files lie, when they are not in the directory that is checked. */
#include <string.h>

#include "crtlint/text.h"
#include "reading.h"

#define AT(member) offsetof(struct config_place, member)

/* Relative to the configuration; a path of its own is told by how it begins (entry_path). */
static void
read_path(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node), *raw = ((struct reading *)b)->raw, *slash = strrchr(raw, '/');

	(void)f;
	if (!text)
		return;
	if (!*text)
		bind_error(b, node->loc, "'%s' is the path of a file", node->key);
	if (*text != '/')
		text = arena_printf(b->arena, "%s%.*s%s",
		    slash && (*raw == '/' || strncmp(raw, "./", 2) == 0 || strncmp(raw, "../", 3) == 0) ? "" : "./",
		    slash ? (int)(slash - raw + 1) : 0, raw, text);
	memcpy(at, &text, sizeof text);
}

static const struct field place_fields[] = {
    {"ca", read_path, .offset = AT(files[PLACED_CA])},
    {"cert", read_path, .offset = AT(files[PLACED_CERT])},
    {"key", read_path, .offset = AT(files[PLACED_KEY])},
};

void
places_bind(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct shape shape = {
	    "a component's files", place_fields, COUNT(place_fields), sizeof(struct config_place), NO_LOC, NULL};
	struct config_places *out = at;

	(void)f;
	if (node->kind != NODE_MAP) {
		bind_error(b, node->loc,
		    "'files' is a map of components, each with its ca, cert and key: {COMPONENT: {cert: PATH, key: PATH}}");
		return;
	}
	out->list = arena_array(b->arena, tree_count(node), sizeof *out->list);
	for (const struct node *m = node->first; m; m = m->next) {
		struct config_place *p = &out->list[out->n++];
		p->peer = m->key;
		peers_note((struct reading *)b, m->key_loc, m->key, true);
		schema_row(b, &shape, m, p);
	}
}

static const struct config_place *
find(const struct config_places *all, const char *peer)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->list[i].peer, peer) == 0)
			return &all->list[i];
	return NULL;
}

void
places_apply(struct arena *a, const struct config_places *const *all, size_t n, const struct profile *p, struct settings *s)
{
	size_t most = s->n_placed, given = s->n_placed;

	for (size_t i = 0; i < n; i++)
		most += all[i]->n * (PLACED_KEY + 1);
	struct placed *list = arena_array(a, most, sizeof *list);
	if (given)
		memcpy(list, s->placed, given * sizeof *list);
	s->placed = list;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; p && k < all[i]->n; k++) {
			const struct config_place *one = &all[i]->list[k];
			bool again = !profile_has_peer(p, one->peer);
			for (size_t later = i + 1; later < n && !again; later++)
				again = find(all[later], one->peer) != NULL;
			for (size_t k2 = 0; k2 < given && !again; k2++) /* by --toml */
				again = strcmp(s->placed[k2].peer, one->peer) == 0;
			for (int as = PLACED_CA; as <= PLACED_KEY && !again; as++)
				if (one->files[as])
					s->placed[s->n_placed++] = (struct placed){
					    .peer = one->peer, .as = (enum placed_as)as, .path = one->files[as]};
		}
}
