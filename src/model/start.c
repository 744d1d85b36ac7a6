/*
 * Start and reload: each peer that some connection dials is a process that starts; the directory's start is the first that does not.
 */
#include "model.h"

#include <string.h>

struct failure
start_of(struct model *m, const char *peer)
{
	for (size_t i = 0; i < m->n_starts; i++)
		if (strcmp(m->starts[i].peer, peer) == 0)
			return m->starts[i].failure;
	struct scope s = scope_new(m);
	s.peer = peer;
	struct failure f = steps_try(&s, LIST_START);
	m->starts = arena_grow(m->arena, m->starts, m->n_starts, &m->starts_capacity, sizeof(*m->starts));
	m->starts[m->n_starts++] = (struct start){peer, f};
	return f;
}

/* The peers that listen: those that a connection row with an open gate leads to, in the order of the profile's peers. */
static struct words
listeners(struct model *m)
{
	struct words out = {0};
	struct scope s = scope_new(m);
	for (size_t i = 0; i < m->profile->n_peers; i++) {
		for (size_t n = 0; n < m->profile->peers[i].names.n; n++) {
			const char *who = m->profile->peers[i].names.list[n];
			bool dialed = false;
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
	return steps_try(&s, LIST_RELOAD);
}

void
outcomes_judge(struct model *m)
{
	struct facts *f = m->facts;
	struct words peers = f->settings->dials_only ? (struct words){0} : listeners(m);
	f->start = (struct outcome){.kind = OUTCOME_START, .id = "start", .judged = m->profile->start.n > 0, .ok = true};
	f->reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload", .judged = m->profile->reload.n > 0, .ok = true};
	for (size_t i = 0; i < peers.n && f->start.failure.cause == CAUSE_NONE; i++)
		f->start.failure = start_of(m, peers.list[i]);
	for (size_t i = 0; i < peers.n && f->reload.failure.cause == CAUSE_NONE; i++)
		f->reload.failure = reload_of(m, peers.list[i]);
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
