/*
 * Text for people: what works, then what is wrong, then what could not be judged.
 */
#include "crtlint/report.h"

#include <string.h>

#include "crtlint/text.h"
#include "crtlint/when.h"

#include "formats.h"
#include "layout.h"
#include "show.h"
#include "text_parts.h"

enum { WIDTH_MAX = 100 /* of the head line: "at" stands at its end */, INDENT = 2, VALUES = 13 };

/* "2026-11-20 22:30 UTC" */
static const char *
minute(struct arena *arena, int64_t t)
{
	char *text = arena_strdup(arena, when_format(arena, t));
	char *letter = strchr(text, 'T'), *seconds = strrchr(text, ':');

	*letter = ' ';
	*seconds = '\0';
	return arena_printf(arena, "at %s UTC", text);
}

static void
head(struct page *page, int64_t at)
{
	struct layout *l = &page->layout;
	const struct facts *facts = page->result->facts;
	const char *time = minute(page->arena, at);
	unsigned width = l->look->width > 0 && l->look->width < WIDTH_MAX ? l->look->width : WIDTH_MAX;
	unsigned time_width = layout_width(l, time);

	layout_style(l, STYLE_STRONG);
	layout_put(l, page->result->path);
	layout_style(l, STYLE_PLAIN);
	layout_wrap(l, INDENT, arena_printf(page->arena, "  %s", facts->profile ? facts->profile->name : "no profile fits"));
	if (facts->dialect)
		layout_wrap(l, INDENT, arena_printf(page->arena, ", %s", facts->dialect));
	if (l->column + 2 + time_width <= width)
		layout_to(l, width - time_width);
	else
		layout_wrap(l, INDENT, "  ");
	layout_wrap(l, INDENT, time);
	layout_end(l);
}

static void
pair(struct layout *l, const char *name, const char *value)
{
	layout_to(l, INDENT);
	layout_style(l, STYLE_DIM);
	layout_put(l, name);
	layout_style(l, STYLE_PLAIN);
	layout_to(l, VALUES);
	layout_wrap(l, VALUES, value);
	layout_end(l);
}

/* Under which assumptions the verdict holds; variables left at their defaults only when asked for. */
static void
assumptions(struct page *page)
{
	const struct facts *facts = page->result->facts;
	struct buf text = {.arena = page->arena};

	if (facts->chosen_because) {
		buf_add(&text, facts->chosen_because);
		if (facts->also_fits)
			buf_printf(&text, "; also fits: %s", facts->also_fits);
		pair(&page->layout, "profile", buf_text(&text));
	}
	text = (struct buf){.arena = page->arena};
	buf_printf(&text, "run-as %u:%u (%s)", (unsigned)facts->run_as.uid, (unsigned)facts->run_as.gid,
	    show_origin(facts->run_as_from));
	for (size_t i = 0; i < facts->n_values; i++) {
		const struct value *v = &facts->values[i];
		bool wanted = v->from != FROM_DEFAULT || page->layout.look->verbose > 0;
		if (v->text && wanted && strcmp(v->variable->name, "run-as") != 0)
			buf_printf(&text, ", %s %s (%s)", v->variable->name, v->text, show_origin(v->from));
	}
	pair(&page->layout, "judged as", buf_text(&text));
	if (facts->settings && facts->settings->config)
		pair(&page->layout, "config", facts->settings->config);
}

static void
undecided(struct page *page)
{
	struct layout *l = &page->layout;
	const struct words *words = &page->result->facts->unjudged;

	if (words->n == 0)
		return;
	layout_put(l, "not decided by this directory");
	layout_end(l);
	for (size_t i = 0; i < words->n; i++) {
		layout_to(l, INDENT);
		layout_put(l, "- ");
		layout_wrap(l, INDENT + 2, words->list[i]);
		layout_end(l);
	}
	layout_end(l);
}

static void
text_begin(struct report *report)
{
	(void)report;
}

static void
text_directory(struct report *report, const struct result *r)
{
	struct arena *arena = r->facts->arena;
	bool quiet = report->look.quiet;
	struct page page = {
	    .layout = {.out = report->out, .look = &report->look},
	    .arena = arena,
	    .result = r,
	    .blame = blame_new(arena, r->facts, r->findings),
	};

	if (!quiet) {
		head(&page, report->at);
		assumptions(&page);
		layout_end(&page.layout);
		text_table(&page);
	}
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (quiet && (f->severity != SEVERITY_ERROR || f->suppressed))
			continue;
		text_block(&page, f);
		layout_end(&page.layout);
	}
	if (!quiet)
		undecided(&page);
	text_traces(&page);
}

static void
count(struct buf *text, size_t n, const char *noun)
{
	buf_printf(text, "%s%zu %s%s", text->n > 0 ? " · " : "", n, noun, n == 1 ? "" : "s");
}

static void
text_end(struct report *report, const struct summary *s)
{
	struct arena *arena = arena_new();
	struct layout l = {.out = report->out, .look = &report->look};
	struct buf text = {.arena = arena};

	if (s->directories != 1)
		buf_printf(&text, "%zu directories", s->directories);
	count(&text, s->errors, "error");
	count(&text, s->warnings, "warning");
	count(&text, s->notes, "note");
	if (s->suppressed > 0)
		buf_printf(&text, " · %zu suppressed", s->suppressed);
	count(&text, s->files, "file");
	count(&text, s->connections, "connection");
	if (s->failed > 0)
		buf_printf(&text, ", %zu fail%s", s->failed, s->failed == 1 ? "s" : "");
	layout_style(&l, s->errors > 0 ? STYLE_ERROR : s->warnings > 0 ? STYLE_WARNING : STYLE_GOOD);
	layout_wrap(&l, INDENT, buf_text(&text));
	layout_style(&l, STYLE_PLAIN);
	layout_end(&l);
	arena_free(arena);
}

const struct format report_text = {
    .name = "text",
    .help = "for people, on a terminal or in a log",
    .begin = text_begin,
    .directory = text_directory,
    .end = text_end,
    .cluster = text_cluster,
};
