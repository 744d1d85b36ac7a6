#include "blame.h"

enum { SLOT_START, SLOT_RELOAD, SLOT_CONNECTIONS };

struct blame {
	const struct facts *facts;
	const struct finding **list;
	size_t *from; /* of each slot, its place in list; one more at the end */
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

struct blame *
blame_new(struct arena *arena, const struct facts *facts, const struct findings *findings)
{
	struct blame *blame = arena_alloc(arena, sizeof *blame);
	size_t slots = facts->n_connections + SLOT_CONNECTIONS;
	size_t *next = arena_array(arena, slots, sizeof *next);

	blame->facts = facts;
	blame->from = arena_array(arena, slots + 1, sizeof *blame->from);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = findings->list[i];
		for (size_t k = 0; k < f->n_breaks; k++)
			blame->from[slot_of(facts, f->breaks[k]) + 1]++;
	}
	for (size_t i = 0; i < slots; i++) {
		blame->from[i + 1] += blame->from[i];
		next[i] = blame->from[i];
	}
	blame->list = arena_array(arena, blame->from[slots], sizeof *blame->list);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = findings->list[i];
		for (size_t k = 0; k < f->n_breaks; k++)
			blame->list[next[slot_of(facts, f->breaks[k])]++] = f;
	}
	return blame;
}

bool
blame_reload_breaks(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_RELOAD && outcome->judged && outcome->ok && outcome->failure.cause != CAUSE_NONE &&
	       outcome->failure.cause != CAUSE_UNJUDGED;
}

struct blamed
blame_of(const struct blame *blame, const struct outcome *outcome)
{
	size_t slot = slot_of(blame->facts, outcome);

	if (blame->from[slot + 1] == blame->from[slot] && blame_reload_breaks(outcome))
		slot = SLOT_START;
	return (struct blamed){blame->list + blame->from[slot], blame->from[slot + 1] - blame->from[slot]};
}
