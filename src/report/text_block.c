#include "text_parts.h"

#include <string.h>

#include "crtlint/text.h"

#include "show.h"

enum { INDENT = 4, VALUES = 16 /* the column of values */, BREAKS_SHOWN = 20 };

static const enum style styles[] = {
    [SEVERITY_NOTE] = STYLE_NOTE,
    [SEVERITY_WARNING] = STYLE_WARNING,
    [SEVERITY_ERROR] = STYLE_ERROR,
};

static void
label(struct layout *l, const char *name)
{
	layout_to(l, INDENT);
	layout_style(l, STYLE_DIM);
	layout_put(l, name);
	layout_style(l, STYLE_PLAIN);
	layout_to(l, VALUES);
}

static void
line(struct layout *l, const char *name, const char *value)
{
	label(l, name);
	layout_wrap(l, VALUES, value);
	layout_end(l);
}

static void
headline(struct page *page, const struct finding *f)
{
	struct layout *l = &page->layout;
	struct arena *a = page->arena;
	const char *place = show_place(a, page->result->path, f->file);

	layout_style(l, f->suppressed ? STYLE_DIM : styles[f->severity]);
	layout_put(l, f->suppressed ? "suppressed" : severity_name(f->severity));
	layout_put(l, arena_printf(a, "[%s]", f->rule->id));
	layout_style(l, STYLE_PLAIN);
	if (f->line > 1)
		place = arena_printf(a, "%s:%u", place, f->line);
	layout_wrap(l, INDENT, arena_printf(a, " %s: %s  [%d]", place, f->message ? f->message : "", f->id));
	if (f->suppressed)
		layout_wrap(l, INDENT, arena_printf(a, "  until %s: %s", f->suppressed->until_text, f->suppressed->reason));
	layout_end(l);
}

/* The message holds it already: the rule's sentence names it, and the part that does was not left out. */
static bool
is_told(struct page *page, const struct finding *f, const struct evidence *e, const char *values)
{
	const char *says = f->rule->says;

	return says && strstr(says, arena_printf(page->arena, "{%s}", e->name)) && f->message && strstr(f->message, values);
}

static void
evidence(struct page *page, const struct finding *f)
{
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct evidence *e = &f->evidence[i];
		const char *values = show_joined(page->arena, &e->values, ", ");
		if (page->layout.look->verbose == 0 && is_told(page, f, e, values))
			continue;
		char *name = arena_strdup(page->arena, e->name);
		for (char *p = name; *p != '\0'; p++)
			*p = *p == '_' ? ' ' : *p;
		line(&page->layout, name, values);
	}
}

/* Connections are named by their ends; those that differ in the host alone follow one another and are named once. */
static void
outcomes(struct page *page, const struct finding *f, const char *label, const struct outcome *const *list, size_t n)
{
	struct buf text = {.arena = page->arena};
	const char *last = "";
	size_t shown = 0, most = page->layout.look->verbose > 0 ? n : BREAKS_SHOWN;

	for (size_t i = 0; i < n; i++) {
		const struct outcome *o = list[i];
		const char *name = o->kind == OUTCOME_CONNECTION ? text_ends(page->arena, facts_connection(o)) : o->id;
		if (strcmp(name, last) == 0)
			continue;
		if (shown == most) {
			buf_printf(&text, " and more, see [%d] above", f->id);
			break;
		}
		buf_printf(&text, "%s%s", shown++ > 0 ? ", " : "", name);
		last = name;
	}
	if (shown > 0)
		line(&page->layout, label, buf_text(&text));
}

static void
related(struct page *page, const struct finding *f)
{
	struct buf text = {.arena = page->arena};

	for (size_t i = 0; i < f->n_related; i++)
		buf_printf(&text, "%s[%d]", i > 0 ? " " : "", f->related[i]->id);
	if (f->n_related > 0)
		line(&page->layout, "see also", buf_text(&text));
}

/* A command is not wrapped: it is there to be copied. */
static void
commands(struct page *page, const struct finding *f)
{
	struct layout *l = &page->layout;

	for (size_t i = 0; i < f->commands.n; i++) {
		label(l, i == 0 ? "mend" : "");
		layout_put(l, show_command(page->arena, &f->commands.list[i].argv, !l->look->utf8));
		layout_end(l);
	}
}

void
text_block(struct page *page, const struct finding *f)
{
	headline(page, f);
	if (f->suppressed || (f->severity == SEVERITY_NOTE && page->layout.look->verbose == 0))
		return;
	evidence(page, f);
	outcomes(page, f, "breaks", f->breaks, f->n_breaks);
	outcomes(page, f, "and then", f->then, f->n_then);
	related(page, f);
	if (f->fix)
		line(&page->layout, "fix", f->fix);
	commands(page, f);
	line(&page->layout, "explain", arena_printf(page->arena, "crtlint explain %s", f->rule->id));
}
