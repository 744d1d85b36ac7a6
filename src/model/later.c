/*
 * What lies behind a first failure. Programs say one thing and stop; who mends it meets the next. So the first failure is taken as mended
 * (the host as named, the issuer as trusted, the clock as set back) and the same question asked again. Only what would fail today is kept.
 */
#include "model.h"

#include <string.h>

enum { ROUNDS_MAX = 6 };

struct pending { /* until all connections stand still in memory */
	size_t place; /* as facts_outcome() counts */
	struct failure failure;
};

/* One cause: the same again, or something else about a file that is already known to be unfit as a file. */
static bool
same(const struct failure *a, const struct failure *b)
{
	bool named = a->name == b->name || (a->name && b->name && strcmp(a->name, b->name) == 0);
	if (named && a->cause <= CAUSE_KEY_MISMATCH && b->cause <= CAUSE_KEY_MISMATCH)
		return true;
	return named && a->cause == b->cause && a->cert == b->cert && a->file == b->file;
}

/* Behind these nothing can be seen: there is no file, or no way to one. */
static bool
hides_all(enum cause cause)
{
	return cause == CAUSE_DIRECTORY || cause == CAUSE_NOTHING_HERE || cause == CAUSE_FIFO;
}

void
later_add(struct model *m, size_t place, struct failure f)
{
	const struct outcome *o = facts_outcome(m->facts, place);
	if (f.cause == CAUSE_NONE || f.cause == CAUSE_UNJUDGED || hides_all(o->failure.cause) || same(&o->failure, &f))
		return;
	for (size_t i = m->n_pending; i-- > 0 && m->pending[i].place == place;)
		if (same(&m->pending[i].failure, &f))
			return;
	m->pending = arena_grow(m->arena, m->pending, m->n_pending, &m->pending_capacity, sizeof(*m->pending));
	m->pending[m->n_pending++] = (struct pending){place, f};
}

void
later_settle(struct model *m)
{
	struct facts *f = m->facts;
	for (size_t i = 0; i < m->n_pending; i++) {
		const struct outcome *of = facts_outcome(f, m->pending[i].place);
		const struct connection *whose = facts_connection(of);
		struct connection *copy = arena_alloc(
		    m->arena, sizeof(*copy)); /* an outcome is found in its connection, a later one too */
		if (whose)
			*copy = *whose;
		else
			copy->outcome = *of;
		copy->outcome.ok = false;
		copy->outcome.of = of;
		copy->outcome.failure = m->pending[i].failure;
		f->later = arena_grow(m->arena, f->later, f->n_later, &f->later_capacity, sizeof(*f->later));
		f->later[f->n_later++] = &copy->outcome;
	}
}

void
later_move(struct facts *f, const struct connection *before)
{
	for (size_t i = 0; i < f->n_later; i++) {
		struct outcome *o = (struct outcome *)f->later[i];
		const struct connection *of = facts_connection(o->of);
		if (of && of >= before && of < before + f->n_connections)
			o->of = &f->connections[of - before].outcome;
	}
}

static bool
holds_now(const struct cert *c, int64_t now, bool part)
{
	return c && c->not_before <= now && now + part <= c->not_after;
}

/* Take as mended what was refused; false: it cannot be thought away. */
static bool
mend(struct handshake_ask *ask, const struct handshake_answer *a, int64_t now, bool part)
{
	const struct cert *c = a->refusal.cert;
	switch (a->refusal.cause) {
	case CAUSE_HOST:
		ask->host = NULL;
		return true;
	case CAUSE_EXPIRED:
	case CAUSE_NOT_YET:
		if (!c || ask->now != now || ask->part != part) /* one clock serves both ends: it is set once */
			return false;
		ask->now = a->refusal.cause == CAUSE_EXPIRED ? c->not_after : c->not_before;
		ask->part = false;
		return true;
	case CAUSE_UNKNOWN_AUTHORITY:
	case CAUSE_OTHER_KEY:
	case CAUSE_WEAK_SIGNATURE:
	case CAUSE_UNKNOWN_SIGNATURE:
	case CAUSE_NOT_A_CA:
	case CAUSE_NAME_CONSTRAINT:
	case CAUSE_PATH_LENGTH:
	case CAUSE_SIGNATURE_LIMIT:
	case CAUSE_POLICY:
	case CAUSE_KEY_ID:
	case CAUSE_SELF_SIGNED:
	case CAUSE_NOT_ANCHORED:
		if (a->refused_by != USAGE_CLIENT || ask->skip_server_trust)
			return false;
		ask->auth = CLIENT_AUTH_NONE; /* the same CA would be wanting on the way back: one cause, not two */
		return ask->skip_server_trust = true;
	default:
		return false;
	}
}

bool
later_handshakes(struct model *m, size_t place, struct handshake_ask ask, struct handshake_answer *answer,
    struct failure (*failure_of)(struct model *, const void *, const struct handshake_answer *), const void *sides)
{
	int64_t now = ask.now;
	bool part = ask.part;
	ask.trace = NULL; /* the trace tells what really happens */
	for (int round = 0; round < ROUNDS_MAX && !answer->ok; round++) {
		bool dates = answer->refusal.cause == CAUSE_EXPIRED || answer->refusal.cause == CAUSE_NOT_YET;
		if (dates && holds_now(answer->refusal.cert, now, part))
			return false; /* of the clock that was set back, not of the certificate */
		later_add(m, place, failure_of(m, sides, answer));
		if (!mend(&ask, answer, now, part))
			return false;
		*answer = handshake(&ask);
	}
	return answer->ok && ask.auth != CLIENT_AUTH_NONE;
}
