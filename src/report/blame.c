#include "blame.h"

enum { SLOT_START, SLOT_RELOAD, SLOT_CONNECTIONS };

struct index {
	const struct finding **list;
	size_t *from; /* of each slot, its place in list; one more at the end */
};

struct blame {
	const struct facts *facts;
	struct index first, then;
};

static size_t
slot_of(const struct facts *facts, const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_START:
		return SLOT_START;
	case OUTCOME_RELOAD:
		return SLOT_RELOAD;
	case OUTCOME_CONNECTION:
		break;
	}
	return SLOT_CONNECTIONS + (size_t)(facts_connection(outcome) - facts->connections);
}

static struct index
index_new(struct arena *arena, const struct facts *facts, const struct findings *findings, bool then)
{
	size_t slots = facts->n_connections + SLOT_CONNECTIONS;
	size_t *next = arena_array(arena, slots, sizeof *next);
	struct index index = {.from = arena_array(arena, slots + 1, sizeof *index.from)};

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = findings->list[i];
		for (size_t k = 0; k < (then ? f->n_then : f->n_breaks); k++)
			index.from[slot_of(facts, then ? f->then[k] : f->breaks[k]) + 1]++;
	}
	for (size_t i = 0; i < slots; i++) {
		index.from[i + 1] += index.from[i];
		next[i] = index.from[i];
	}
	index.list = arena_array(arena, index.from[slots], sizeof *index.list);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = findings->list[i];
		for (size_t k = 0; k < (then ? f->n_then : f->n_breaks); k++)
			index.list[next[slot_of(facts, then ? f->then[k] : f->breaks[k])]++] = f;
	}
	return index;
}

struct blame *
blame_new(struct arena *arena, const struct facts *facts, const struct findings *findings)
{
	struct blame *blame = arena_alloc(arena, sizeof *blame);

	blame->facts = facts;
	blame->first = index_new(arena, facts, findings, false);
	blame->then = index_new(arena, facts, findings, true);
	return blame;
}

bool
blame_reload_breaks(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_RELOAD && outcome->judged && outcome->ok && outcome->failure.cause != CAUSE_NONE &&
	       outcome->failure.cause != CAUSE_UNJUDGED;
}

static struct blamed
in_slot(const struct index *index, size_t slot)
{
	return (struct blamed){index->list + index->from[slot], index->from[slot + 1] - index->from[slot]};
}

struct blamed
blame_of(const struct blame *blame, const struct outcome *outcome)
{
	struct blamed own = in_slot(&blame->first, slot_of(blame->facts, outcome));

	return own.n == 0 && blame_reload_breaks(outcome) ? in_slot(&blame->first, SLOT_START) : own;
}

struct blamed
blame_then(const struct blame *blame, const struct outcome *outcome)
{
	return in_slot(&blame->then, slot_of(blame->facts, outcome));
}
