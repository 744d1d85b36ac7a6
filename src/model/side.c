#include "side.h"

#include <string.h>

bool
side_is_openssl(const struct stack *stack)
{
	return stack && strcmp(stack->name, "go") != 0;
}

/* The name where it stands for a capture in that cell, NULL where it is a peer of its own. */
const char *
side_capture(const struct words *cell, const char *who)
{
	return words_have(cell, who) ? NULL : who;
}

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

bool
side_has_rows(const struct steps *rows, const char *peer, const char *kind)
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
	for (size_t i = 0; i < list->n; i++) { /* of a list that ends in a required file it is that one which is wanting */
		struct found one;
		found_none(&one);
		resolve_ref(s, list->list[i] + (list->list[i][0] == '+'), &one);
		if (one.row && one.row->required && one.expected)
			name = one.expected;
	}
	struct failure f = {.cause = CAUSE_MISSING, .name = name};
	f.error = arena_printf(s->m->arena, "open %s: %s", file_path(s->m, name), "no such file or directory");
	return f;
}

static struct failure
present(struct scope *s, struct side *side, const struct words *list)
{
	struct found found;
	found_none(&found);
	resolve_list(s, list, &found);
	side->elsewhere = found.elsewhere && !found.n;
	if (side->elsewhere)
		side->note = "what that end presents lies elsewhere and was not judged";
	if (!found.n)
		return found.none || found.elsewhere || !list->n ? (struct failure){0} : absent(s, &found, list);
	side->file = found.files[0];
	const struct pair *pair = pair_of(s->m, side->file, side->end.stack);
	side->end.chain = pair->chain;
	if (side->cells.sends_leaf && side->end.chain.n > 1)
		side->end.chain.n = 1;
	side->pair_fits = pair->refusal.cause == CAUSE_NONE;
	if (pair->refusal.cause == CAUSE_UNJUDGED || pair->refusal.cause == CAUSE_NONE) {
		if (pair->refusal.cause == CAUSE_UNJUDGED)
			side->note = pair->refusal.cert
			                 ? pair->refusal.error
			                 : arena_printf(s->m->arena, "%s or its key was not read", side->file->name);
		return (struct failure){0};
	}
	struct failure f = failure_at(side->file, pair->refusal.cause, pair->refusal.error);
	f.cert = pair->refusal.cert;
	if (f.cause >= CAUSE_KEY_MISSING && f.cause <= CAUSE_KEY_DAMAGED)
		f.name = side->file->key_name ? side->file->key_name : f.name;
	return f;
}

/* Whether the peer takes every block of a file for a certificate, whatever its label. */
static bool
any_label(const struct scope *s)
{
	const struct steps *start = &s->m->profile->start;
	for (size_t i = 0; i < start->n; i++)
		if (start->list[i].check == CHECK_BE_CERTIFICATES && s->peer && words_have(&start->list[i].peers, s->peer))
			return true;
	return false;
}

static void
add_foreign(struct scope *s, struct side *side, const struct file *f)
{
	size_t capacity = side->end.pool.n;
	for (size_t i = 0; i < f->object->pem.n; i++) {
		const struct pem_block *b = &f->object->pem.blocks[i];
		if (slice_is(b->label, "CERTIFICATE") && b->headers == 0)
			continue;
		const struct cert *c = cert_parse(s->m->arena, b->der, f->object->go);
		if (c->go_error)
			continue;
		side->end.pool.list = arena_grow(
		    s->m->arena, side->end.pool.list, side->end.pool.n, &capacity, sizeof(*side->end.pool.list));
		side->end.pool.list[side->end.pool.n++] = c;
	}
}

static struct failure
trust(struct scope *s, struct side *side, const struct words *list)
{
	struct found found;
	found_none(&found);
	resolve_list(s, list, &found);
	side->trust_open = found.system || found.elsewhere;
	side->trusts_anything = found.anything && !found.n;
	side->trusts_every = found.every;
	if (side->trusts_anything)
		return (struct failure){0};
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
			struct refusal r = side->end.stack->pool(s->m->arena, f->object, s->m->facts->go, &side->end.pool);
			if (any_label(s))
				add_foreign(s, side, f);
			if (r.cause == CAUSE_UNJUDGED) {
				side->trust_open = true;
				side->note = r.error;
			} else if (r.cause == CAUSE_MALFORMED ||
			           (r.cause == CAUSE_POOL_EMPTY && side_is_openssl(side->end.stack) && found.n == 1)) {
				struct failure out = failure_at(f, r.cause, r.error);
				out.cert = r.cert;
				return out;
			}
		} else if (f->readable && f->entry->type == ENTRY_FILE) {
			side->trust_open = true;
			side->note = arena_printf(s->m->arena, "%s was not read", f->name);
		} else {
			return failure_at(
			    f, f->entry->type == ENTRY_FILE ? CAUSE_UNREADABLE : CAUSE_NOT_REGULAR, read_error(s->m, f));
		}
	}
	return (struct failure){0};
}

/* The first failure stands; the others come to light when it is mended. */
static void
note_failure(struct side *side, struct failure f)
{
	if (f.cause == CAUSE_NONE)
		return;
	if (side->failure.cause == CAUSE_NONE)
		side->failure = f;
	else if (side->n_more < sizeof(side->more) / sizeof(side->more[0]))
		side->more[side->n_more++] = f;
}

/* A file of a list that is not there is news only where nothing was said before: a step has named the one that must be. */
static void
note_use(struct side *side, struct failure f)
{
	if (side->failure.cause == CAUSE_NONE || f.cause != CAUSE_MISSING)
		note_failure(side, f);
}

static void
note_start(struct side *side, const struct start *start)
{
	note_failure(side, start->failure);
	for (size_t i = 0; i < start->n_more; i++)
		note_failure(side, start->more[i]);
}

void
side_listener(struct scope *s, const struct connection_row *row, struct side *side)
{
	struct model *m = s->m;
	struct scope own = *s;
	own.user = side_capture(&row->to, s->to); /* a user may be called like the listener */
	own.find = scope_new(m).find;
	s->peer = own.peer = s->to;
	side->cells = cells(peer_row(&own, s->to), &row->own, false);
	side->end.stack = peer_stack(&own, &side->cells);
	side->end.go = m->facts->go;
	const struct start *start = start_for(&own, s->to);
	note_failure(side, start->plain); /* it runs, but not with TLS */
	note_start(side, start);
	note_use(side, present(&own, side, &side->cells.serves));
	if (side->cells.client_cert == CERT_ASKED || side->cells.client_cert == CERT_REQUIRED)
		note_use(side, trust(&own, side, &side->cells.trusts_clients));
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
	if (side_has_rows(&m->profile->dial, NULL, s->kind)) {
		struct scope own = *s;
		own.peer = NULL;
		note_failure(side, steps_try(&own, LIST_DIAL));
	} else if (side_has_rows(&m->profile->start, s->from, NULL)) {
		note_start(side, start_of(m, s->from));
	}
	note_use(side, present(s, side, &side->cells.dials_with));
	note_use(side, trust(s, side, &side->cells.trusts_servers));
}

bool
side_about_trust(enum cause cause)
{
	return cause == CAUSE_UNKNOWN_AUTHORITY || cause == CAUSE_OTHER_KEY || cause == CAUSE_NOT_A_CA ||
	       cause == CAUSE_NOT_ANCHORED || cause == CAUSE_SELF_SIGNED || cause == CAUSE_KEY_ID;
}

bool
side_assumes(const struct connection_row *row, const struct side *from, const struct handshake_answer *answer)
{
	enum cause cause = answer->refusal.cause;
	/* The CA's name is here, its key is not. */
	bool anew = from->trusts_every && (cause == CAUSE_OTHER_KEY || cause == CAUSE_KEY_ID);
	return !answer->ok && row->assumes && answer->refused_by == USAGE_CLIENT && side_about_trust(cause) && !anew;
}

/* A browser has no files. */
bool
side_asks_first(const struct scope *s, const struct side *from)
{
	bool own = s->user || (from->cells.dials_with.n && strcmp(from->cells.dials_with.list[0], "none"));
	return own && side_has_rows(&s->m->profile->dial, NULL, s->kind);
}

struct handshake_ask
side_ask(const struct model *m, const struct side *from, const struct side *to, const char *host)
{
	bool required = to->cells.client_cert == CERT_REQUIRED, asked = to->cells.client_cert == CERT_ASKED;
	return (struct handshake_ask){
	    .arena = m->arena,
	    .signatures = m->facts->signatures,
	    .client = from->end,
	    .server = to->end,
	    .auth = to->trust_open || from->elsewhere ? CLIENT_AUTH_NONE
	            : required                        ? CLIENT_AUTH_REQUIRED
	            : asked                           ? CLIENT_AUTH_ASKED
	                                              : CLIENT_AUTH_NONE,
	    .host = from->cells.checks_host == HOST_UNCHECKED ? NULL : host,
	    .host_with_cn = from->cells.checks_host == HOST_WITH_CN,
	    .skip_server_trust = from->trust_open,
	    .skip_server = from->trusts_anything,
	    .now = m->facts->settings->now,
	    .part = m->facts->settings->part,
	};
}
