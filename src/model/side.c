/* What each end of a connection brings along: its row of peers, the files that its stack took, and why it cannot take part. */
#include "side.h"

#include <string.h>

static struct peer
cells(const struct peer *row, const struct peer *own, bool dialer)
{
	struct peer out = row ? *row : (struct peer){0};
	if (own->stack && dialer)
		out.stack = own->stack;
	if (own->serves.n)
		out.serves = own->serves;
	if (own->dials_with.n)
		out.dials_with = own->dials_with;
	if (own->trusts_servers.n)
		out.trusts_servers = own->trusts_servers;
	if (own->trusts_clients.n)
		out.trusts_clients = own->trusts_clients;
	if (own->client_cert != CERT_UNSAID)
		out.client_cert = own->client_cert;
	if (own->checks_host != HOST_UNSAID)
		out.checks_host = own->checks_host;
	return out;
}

static bool
has_rows_for(const struct steps *rows, const char *peer, const char *kind)
{
	for (size_t i = 0; i < rows->n; i++)
		if ((peer && words_have(&rows->list[i].peers, peer)) || (kind && words_have(&rows->list[i].kinds, kind)))
			return true;
	return false;
}

static struct failure
absent(struct scope *s, const struct found *found, const struct words *list)
{
	const char *name = found->expected ? found->expected : list->n ? list->list[0] : "";
	struct failure f = {.cause = CAUSE_MISSING, .name = name};
	f.error = arena_printf(s->m->arena, "open %s: %s", file_path(s->m, name), "no such file or directory");
	return f;
}

static struct failure
present(struct scope *s, struct side *side, const struct words *list)
{
	struct found found = {0};
	resolve_list(s, list, &found);
	if (!found.n)
		return found.none || found.elsewhere || !list->n ? (struct failure){0} : absent(s, &found, list);
	side->file = found.files[0];
	const struct pair *pair = pair_of(s->m, side->file, side->end.stack);
	side->end.chain = pair->chain;
	if (side->cells.sends_leaf && side->end.chain.n > 1)
		side->end.chain.n = 1;
	if (pair->refusal.cause == CAUSE_UNJUDGED || pair->refusal.cause == CAUSE_NONE) {
		if (pair->refusal.cause == CAUSE_UNJUDGED)
			side->note = arena_printf(s->m->arena, "%s or its key was not read", side->file->name);
		return (struct failure){0};
	}
	struct failure f = failure_at(side->file, pair->refusal.cause, pair->refusal.error);
	f.cert = pair->refusal.cert;
	if (f.cause >= CAUSE_KEY_MISSING && f.cause <= CAUSE_KEY_DAMAGED)
		f.name = side->file->key_name ? side->file->key_name : f.name;
	return f;
}

static struct failure
trust(struct scope *s, struct side *side, const struct words *list)
{
	struct found found = {0};
	resolve_list(s, list, &found);
	side->trust_open = found.system || found.elsewhere;
	if (found.system)
		side->note = "the operating system's trust store decides whether the issuer is trusted";
	if (found.elsewhere)
		side->note = "the trust of that end lies elsewhere: whether the issuer is trusted was not judged";
	if (!found.n)
		return side->trust_open || !list->n ? (struct failure){0} : absent(s, &found, list);
	side->trust = found.files[0];
	for (size_t i = 0; i < found.n; i++) {
		struct file *f = (struct file *)found.files[i];
		f->used = true;
		if (f->object) {
			side->end.stack->pool(s->m->arena, f->object, s->m->facts->go, &side->end.pool);
		} else if (f->readable && f->entry->type == ENTRY_FILE) {
			side->trust_open = true;
			side->note = arena_printf(s->m->arena, "%s was not read", f->name);
		} else {
			return failure_at(f, f->entry->type == ENTRY_FILE ? CAUSE_UNREADABLE : CAUSE_NOT_REGULAR,
			    arena_printf(s->m->arena, "open %s: permission denied", file_path(s->m, f->name)));
		}
	}
	return (struct failure){0};
}

void
side_listener(struct scope *s, const struct connection_row *row, struct side *side)
{
	struct model *m = s->m;
	s->peer = s->to;
	side->cells = cells(peer_row(s, s->to), &row->own, false);
	side->end.stack = peer_stack(s, &side->cells);
	side->end.go = m->facts->go;
	side->failure = has_rows_for(&m->profile->start, s->to, NULL) ? start_of(m, s->to) : m->facts->start.failure;
	if (side->failure.cause == CAUSE_NONE)
		side->failure = present(s, side, &side->cells.serves);
	if (side->failure.cause == CAUSE_NONE &&
	    (side->cells.client_cert == CERT_ASKED || side->cells.client_cert == CERT_REQUIRED))
		side->failure = trust(s, side, &side->cells.trusts_clients);
}

void
side_dialer(struct scope *s, const struct connection_row *row, struct side *side)
{
	struct model *m = s->m;
	s->peer = s->from;
	side->cells = cells(peer_row(s, s->from), &row->own, true);
	side->end.stack = peer_stack(s, &side->cells);
	side->end.go = m->facts->go;
	side->end.sends_always = side->cells.sends_always;
	s->dialer = &side->cells;
	if (has_rows_for(&m->profile->dial, NULL, s->kind)) {
		struct scope own = *s;
		own.peer = NULL;
		side->failure = steps_try(&own, LIST_DIAL);
	} else if (has_rows_for(&m->profile->start, s->from, NULL)) {
		side->failure = start_of(m, s->from);
	}
	if (side->failure.cause == CAUSE_NONE)
		side->failure = present(s, side, &side->cells.dials_with);
	if (side->failure.cause == CAUSE_NONE)
		side->failure = trust(s, side, &side->cells.trusts_servers);
}

bool
side_asks_first(const struct profile *p, const char *kind)
{
	return has_rows_for(&p->dial, NULL, kind);
}

bool
side_about_trust(enum cause cause)
{
	return cause == CAUSE_UNKNOWN_AUTHORITY || cause == CAUSE_OTHER_KEY || cause == CAUSE_NOT_A_CA ||
	       cause == CAUSE_NOT_ANCHORED || cause == CAUSE_SELF_SIGNED || cause == CAUSE_KEY_ID;
}

bool
side_is_openssl(const struct side *side)
{
	return side->end.stack && strcmp(side->end.stack->name, "go") != 0;
}

struct handshake_ask
side_ask(const struct model *m, const struct side *from, const struct side *to, const char *host)
{
	enum client_auth auth = to->trust_open                           ? CLIENT_AUTH_NONE
	                        : to->cells.client_cert == CERT_REQUIRED ? CLIENT_AUTH_REQUIRED
	                        : to->cells.client_cert == CERT_ASKED    ? CLIENT_AUTH_ASKED
	                                                                 : CLIENT_AUTH_NONE;
	return (struct handshake_ask){
	    .arena = m->arena,
	    .signatures = m->facts->signatures,
	    .client = from->end,
	    .server = to->end,
	    .auth = auth,
	    .host = from->cells.checks_host == HOST_UNCHECKED ? NULL : host,
	    .host_with_cn = from->cells.checks_host == HOST_WITH_CN,
	    .skip_server_trust = from->trust_open,
	    .now = m->facts->settings->now,
	};
}
