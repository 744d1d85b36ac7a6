#include "text_parts.h"

#include "crtlint/text.h"
#include "crtlint/trace.h"

#include "show.h"

enum { INDENT = 2, LEVEL = 2, DEPTH_MAX = 16 /* deeper levels are not indented further */ };

static void
write_step(struct page *page, const struct trace_step *step)
{
	static const enum style styles[] = {
	    [TRACE_SAYS] = STYLE_PLAIN, [TRACE_TAKEN] = STYLE_GOOD, [TRACE_REFUSED] = STYLE_ERROR};
	static const char *const marks[] = {[TRACE_SAYS] = "  ", [TRACE_TAKEN] = "+ ", [TRACE_REFUSED] = "x "};
	struct layout *l = &page->layout;
	unsigned depth = step->depth < DEPTH_MAX ? step->depth : DEPTH_MAX, column = INDENT + depth * LEVEL;

	layout_to(l, column);
	layout_style(l, styles[step->verdict]);
	layout_put(l, marks[step->verdict]);
	layout_style(l, STYLE_PLAIN);
	layout_wrap(l, column + LEVEL, step->what);
	if (step->cert) {
		const char *subject = step->cert->usable ? name_text(page->arena, &step->cert->subject) : "(unreadable)";

		layout_wrap(l, column + LEVEL, arena_printf(page->arena, " %s", *subject ? subject : "(no subject)"));
		layout_style(l, STYLE_DIM);
		layout_wrap(l, column + LEVEL,
		    arena_printf(page->arena, " (%s)", show_holder(page->arena, page->result->facts, step->cert)));
		layout_style(l, STYLE_PLAIN);
	}
	if (step->why)
		layout_wrap(l, column + LEVEL, arena_printf(page->arena, ": %s", step->why));
	layout_end(l);
}

void
text_traces(struct page *page)
{
	const struct facts *facts = page->result->facts;

	for (size_t i = 0; i < facts->n_connections; i++) {
		const struct trace *t = facts->connections[i].trace;

		if (!t)
			continue;
		layout_style(&page->layout, STYLE_STRONG);
		layout_put(&page->layout, arena_printf(page->arena, "trace %s", facts->connections[i].outcome.id));
		layout_style(&page->layout, STYLE_PLAIN);
		layout_end(&page->layout);
		for (size_t k = 0; k < t->n; k++)
			write_step(page, &t->list[k]);
		if (t->cut) {
			layout_to(&page->layout, INDENT);
			layout_put(&page->layout, "... and more, which is not shown");
			layout_end(&page->layout);
		}
		layout_end(&page->layout);
	}
}
