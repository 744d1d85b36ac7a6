/*
 * Start and reload: each peer that some connection dials is a process that starts; the directory's start is the first that does not.
 */
#include "model.h"

#include <string.h>

/* All that this peer's start would meet, one after the other. */
static void
gather(struct model *m, struct scope *s, struct start *start)
{
	start->more = m->gathered = arena_array(m->arena, FAILURES_MAX, sizeof(*m->gathered));
	m->n_gathered = 0;
	steps_try(s, LIST_START);
	start->n_more = m->n_gathered;
	m->gathered = NULL;
}

const struct start *
start_of(struct model *m, const char *peer)
{
	for (size_t i = 0; i < m->n_starts; i++)
		if (strcmp(m->starts[i].peer, peer) == 0)
			return &m->starts[i];
	struct scope s = scope_new(m);
	s.peer = peer;
	struct failure f = steps_try(&s, LIST_START);
	m->starts = arena_grow(m->arena, m->starts, m->n_starts, &m->starts_capacity, sizeof(*m->starts));
	struct start *out = &m->starts[m->n_starts++];
	*out = (struct start){.peer = peer};
	if (f.step && f.step->then == THEN_PLAIN) {
		out->plain = f;
		m->facts->start.warning = m->facts->start.warning ? m->facts->start.warning : f.error;
	} else {
		out->failure = f;
	}
	if (out->failure.cause != CAUSE_NONE)
		gather(m, &s, out);
	return out;
}

static bool
has_rows(const struct model *m, const char *peer)
{
	for (size_t i = 0; i < m->profile->start.n; i++)
		if (words_have(&m->profile->start.list[i].peers, peer))
			return true;
	return false;
}

/* Who has no rows of its own may be one process with a peer that has: they serve a file in common. */
const struct start *
start_for(const struct scope *s, const char *peer)
{
	struct model *m = s->m;
	const struct peer *own = peer_row(s, peer);
	if (has_rows(m, peer) || !own)
		return start_of(m, peer);
	for (size_t i = 0; i < m->profile->n_peers; i++) {
		const struct peer *other = &m->profile->peers[i];
		for (size_t k = 0; k < other->names.n; k++)
			for (size_t n = 0; n < other->serves.n; n++)
				if (has_rows(m, other->names.list[k]) && words_have(&own->serves, other->serves.list[n]) &&
				    other->serves.list[n][0] != '<' && gate_open(s, &other->gate))
					return start_of(m, other->names.list[k]);
	}
	return start_of(m, peer);
}

/* Whether what the peer serves is a matter of this directory. */
static bool
serves_here(struct model *m, const char *peer)
{
	struct scope s = scope_new(m);
	struct found found;
	found_none(&found);
	s.peer = peer;
	const struct peer *row = peer_row(&s, peer);
	if (row)
		resolve_list(&s, &row->serves, &found);
	return found.n || !found.elsewhere;
}

/* A program that reads the files when it starts: it serves one of them to somebody whom the profile leaves out, or only reads. */
static bool
starts_alone(const struct model *m, const struct peer *row, const char *who)
{
	bool asked = false;
	for (size_t i = 0; i < m->profile->start.n; i++)
		asked = asked || words_have(&m->profile->start.list[i].peers, who);
	return asked && (row->serves.n || !row->dials_with.n);
}

/* The peers that start: those that a connection row with an open gate leads to, and those that start by themselves, in the order of the profile's
 * peers. */
static struct words
listeners(struct model *m)
{
	struct words out = {0};
	struct scope s = scope_new(m);
	for (size_t i = 0; i < m->profile->n_peers; i++) {
		for (size_t n = 0; n < m->profile->peers[i].names.n; n++) {
			const char *who = m->profile->peers[i].names.list[n];
			bool dialed = starts_alone(m, &m->profile->peers[i], who);
			for (size_t k = 0; k < m->profile->n_connections && !dialed; k++)
				dialed = words_have(&m->profile->connections[k].to, who) &&
				         gate_open(&s, &m->profile->connections[k].gate);
			if (dialed && !words_have(&out, who) && peer_takes_part(&s, who))
				words_add(m->arena, &out, who);
		}
	}
	return out;
}

static struct failure
reload_of(struct model *m, const char *peer)
{
	struct scope s = scope_new(m);
	s.peer = peer;
	struct failure f = steps_try(&s, LIST_RELOAD);
	return f.step && f.step->then == THEN_PLAIN ? (struct failure){0} : f;
}

/* How the peer's connections to itself end: the first failure, when all of them fail and no name is to blame. */
static struct failure
to_itself(const struct facts *f, const char *peer)
{
	struct failure first = {0};
	for (size_t i = 0; i < f->n_connections; i++) {
		const struct connection *c = &f->connections[i];
		if (strcmp(c->from, peer) || strcmp(c->to, peer))
			continue;
		if (c->outcome.ok || c->stage == STAGE_CONFIG || c->outcome.failure.cause == CAUSE_HOST ||
		    c->outcome.failure.cause == CAUSE_PEER_ADDRESS)
			return (struct failure){0};
		if (first.cause == CAUSE_NONE)
			first = c->outcome.failure;
	}
	return first;
}

/* The rows that ask whether a server reaches itself, once its connections are known. */
void
itself_judge(struct model *m)
{
	struct facts *f = m->facts;
	for (size_t i = 0; i < m->profile->start.n && f->start.ok && f->start.judged; i++) {
		const struct step *step = &m->profile->start.list[i];
		if (step->check != CHECK_REACH_ITSELF)
			continue;
		struct scope s = scope_new(m);
		if (!gate_open(&s, &step->gate))
			continue;
		for (size_t k = 0; k < step->peers.n && f->start.ok; k++) {
			struct failure x = to_itself(f, step->peers.list[k]);
			if (x.cause == CAUSE_NONE)
				continue;
			s.peer = step->peers.list[k];
			scope_give(&s, "error", x.error);
			x.error = step->says ? scope_text(&s, step->says) : x.error;
			if (step->then != THEN_STOP) {
				f->start.warning = f->start.warning ? f->start.warning : x.error;
				continue;
			}
			x.step = step;
			f->start.ok = false;
			f->start.failure = x;
		}
	}
}

void
outcomes_judge(struct model *m)
{
	struct facts *f = m->facts;
	struct words peers = f->settings->dials_only ? (struct words){0} : listeners(m);
	f->start = (struct outcome){.kind = OUTCOME_START, .id = "start", .judged = m->profile->start.n > 0, .ok = true};
	f->reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload", .judged = m->profile->reload.n > 0, .ok = true};
	for (size_t i = 0; i < peers.n; i++) {
		const struct start *start = start_of(m, peers.list[i]);
		if (f->start.failure.cause == CAUSE_NONE)
			f->start.failure = start->failure;
		for (size_t k = 0; k < start->n_more; k++)
			later_add(m, 0, start->more[k]);
	}
	for (size_t i = 0; i < peers.n && f->reload.failure.cause == CAUSE_NONE; i++)
		f->reload.failure = reload_of(m, peers.list[i]);
	bool here = !peers.n;
	for (size_t i = 0; i < peers.n; i++)
		here = here || serves_here(m, peers.list[i]);
	f->start.judged = f->start.judged && here;
	f->reload.judged = f->reload.judged && here;
	if (f->settings->dials_only) {
		f->start.judged = f->reload.judged = false;
		return;
	}
	if (!peers.n) {
		struct scope s = scope_new(m);
		f->start.failure = steps_try(&s, LIST_START);
		f->reload.failure = steps_try(&s, LIST_RELOAD);
	}
	f->start.ok = f->start.failure.cause == CAUSE_NONE;
	f->reload.ok = f->reload.failure.cause == CAUSE_NONE;
	if (f->reload.judged && f->reload.ok && !f->start.ok)
		f->reload.failure = f->start.failure; /* taken, and every later handshake fails */
}
