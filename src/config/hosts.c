/* Hosts, of all or of single peers. Which peers there are is asked when every profile is known. */
#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "reading.h"

void
peers_note(struct reading *r, struct loc loc, const char *peer, bool any)
{
	r->peers = arena_grow(r->binder.arena, r->peers, r->n_peers, &r->peers_capacity, sizeof *r->peers);
	r->peers[r->n_peers++] = (struct peer_use){loc, peer, any};
}

static void
add(struct binder *b, const struct node *m, const char *peer, struct words *out, size_t room)
{
	const char *text = value_text(b, m), *name = text;
	const char *equals = text ? strchr(text, '=') : NULL;

	if (!text)
		return;
	if (equals && !peer) {
		peers_note((struct reading *)b, m->loc, arena_strndup(b->arena, text, (size_t)(equals - text)), false);
		name = equals + 1;
	}
	if (!*name || strpbrk(text, " ,\t\n") || strchr(name, '='))
		bind_error(b, m->loc, "'%.64s' is no name; a list of names is written [a, b]", text);
	else if (out->n < room)
		out->list[out->n++] = peer ? arena_printf(b->arena, "%s=%s", peer, text) : text;
}

/* A name, or a list of them. */
static void
add_all(struct binder *b, const struct node *node, const char *peer, struct words *out, size_t room)
{
	if (node->kind != NODE_LIST) {
		add(b, node, peer, out, room);
		return;
	}
	if (!node->first)
		bind_error(b, node->loc, "this is an empty list");
	for (const struct node *m = node->first; m; m = m->next)
		add(b, m, peer, out, room);
}

void
hosts_bind(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct words *out = at;
	size_t n = node->kind == NODE_TEXT ? 1 : tree_count(node);

	for (const struct node *m = node->first; node->kind == NODE_MAP && m; m = m->next)
		n += m->kind == NODE_LIST ? tree_count(m) : 0;
	if (n > LIMIT_HOSTS)
		bind_error(b, node->loc, "'%s' has more than %d members", f->name, LIMIT_HOSTS);
	out->list = arena_array(b->arena, n, sizeof *out->list);
	if (node->kind != NODE_MAP) {
		add_all(b, node, NULL, out, n);
		return;
	}
	for (const struct node *m = node->first; m; m = m->next) {
		peers_note((struct reading *)b, m->key_loc, m->key, false);
		add_all(b, m, m->key, out, n);
	}
}

static bool
knows(struct reading *r, const struct profile *p, const struct peer_use *u, bool captured, const char **hint)
{
	if (!p)
		return false;
	if (u->any ? profile_has_peer(p, u->name) : profile_dials(p, u->name, captured))
		return true;
	if (!*hint && !bind_full(&r->binder))
		*hint = u->any ? profile_peer_near(r->binder.arena, p, u->name) : profile_dials_near(r->binder.arena, p, u->name);
	return false;
}

/* Where profiles are named, one of these knows the peer; else any that there is. */
static void
check_peer(struct reading *r, const struct config *c, const struct peer_use *u)
{
	const char *hint = NULL;
	bool named = c->profile != NULL, found = knows(r, c->profile, u, true, &hint);

	for (size_t i = 0; i < c->n_directories && !found; i++) {
		named = named || c->directories[i].profile;
		found = knows(r, c->directories[i].profile, u, true, &hint);
	}
	for (size_t i = 0; !named && i < r->profiles.n && !found; i++)
		found = knows(r, r->profiles.list[i], u, false, &hint);
	if (!found)
		bind_error(&r->binder, u->loc, "%s %s '%.64s'%s%s%s",
		    c->profile ? arena_printf(r->binder.arena, "in profile %s", c->profile->name)
		    : named    ? "in the profiles named here"
		               : "in the profiles that are known",
		    u->any ? "there is no" : "nobody dials", u->name, hint ? "; did you mean '" : "", hint ? hint : "",
		    hint ? "'?" : "");
}

void
hosts_check(struct reading *r, const struct config *c)
{
	for (size_t i = 0; i < r->n_peers && !bind_full(&r->binder); i++)
		check_peer(r, c, &r->peers[i]);
}
