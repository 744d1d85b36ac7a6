#include "crtlint/trace.h"

#include "crtlint/limits.h"

struct trace *
trace_new(struct arena *arena)
{
	struct trace *t = arena_alloc(arena, sizeof(*t));

	t->arena = arena;
	return t;
}

void
trace_add(struct trace *t, enum trace_verdict verdict, const char *what, const struct cert *cert, const char *why)
{
	if (!t)
		return;
	if (t->n == LIMIT_TRACE) {
		t->cut = true;
		return;
	}
	t->list = arena_grow(t->arena, t->list, t->n, &t->capacity, sizeof(*t->list));
	t->list[t->n++] = (struct trace_step){.depth = t->depth, .verdict = verdict, .what = what, .cert = cert, .why = why};
}

void
trace_in(struct trace *t)
{
	if (t)
		t->depth++;
}

void
trace_out(struct trace *t)
{
	if (t)
		t->depth--;
}
