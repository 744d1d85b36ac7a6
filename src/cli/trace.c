/*
 * --trace: whether the connections that it names are there, and which ids come near to one that is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { SHOWN = 5, KEPT = 1000 /* ids that are looked through for near ones */ };

static void
keep(struct arena *a, const struct words *traces, struct words *ids, const char *id)
{
	if (!ids->list)
		ids->list = arena_array(a, KEPT + traces->n, sizeof(*ids->list));
	if ((ids->n < KEPT || words_have(traces, id)) && !words_have(ids, id))
		ids->list[ids->n++] = arena_strdup(a, id);
}

void
trace_note(struct arena *a, const struct words *traces, struct words *ids, const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_connections; i++)
		keep(a, traces, ids, facts->connections[i].outcome.id);
}

void
trace_join(struct options *o, const struct words *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		keep(o->arena, &o->settings.traces, &o->ids, ids->list[i]);
}

/* What is written in the id comes first, then the fewest slips. */
static unsigned
far_from(const char *wanted, const char *id)
{
	unsigned n = text_distance(wanted, id, true);

	return strstr(id, wanted) ? 0 : n;
}

static void
complain_of(struct arena *a, const char *wanted, const struct words *ids)
{
	bool *told = arena_array(a, ids->n, sizeof(*told));

	fprintf(stderr, "crtlint: --trace '%s': no such connection%s", wanted,
	    ids->n ? "; the nearest ids:" : "; there is none at all");
	for (size_t shown = 0; shown < SHOWN && shown < ids->n; shown++) {
		size_t best = ids->n;

		for (size_t i = 0; i < ids->n; i++)
			if (!told[i] && (best == ids->n || far_from(wanted, ids->list[i]) < far_from(wanted, ids->list[best])))
				best = i;
		told[best] = true;
		fprintf(stderr, "\n  %s", ids->list[best]);
	}
	fputc('\n', stderr);
}

bool
trace_complain(const struct options *o)
{
	bool wrong = false;

	for (size_t i = 0; i < o->settings.traces.n; i++) {
		if (words_have(&o->ids, o->settings.traces.list[i]))
			continue;
		complain_of(o->arena, o->settings.traces.list[i], &o->ids);
		wrong = true;
	}
	return wrong;
}
