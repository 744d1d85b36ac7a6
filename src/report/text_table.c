#include "text_parts.h"

#include <string.h>

#include "crtlint/text.h"

#include "show.h"

enum {
	INDENT = 2,
	GAP = 2,
	CELL_MAX = 36, /* what is longer shifts its own line only */
	TEXT_MIN = 40, /* columns for a text beside the verdict; with fewer it goes below */
	BELOW = 6,
	GROUPS_MAX = 64,
};

struct row {
	const char *label, *host;
	const char *verdict;
	enum style style;
	const char *text; /* "" none */
	const char *refs; /* "  [1] [3]" */
};

struct rows {
	struct row *list;
	size_t n, capacity;
};

/* Connections that are fine and look alike. */
struct group {
	const char *kind, *note;
	size_t n;
	bool shown;
};

struct groups {
	struct group list[GROUPS_MAX];
	size_t n;
};

const char *
text_ends(struct arena *arena, const struct connection *c)
{
	return arena_printf(arena, "%s %s → %s", c->kind, c->from, c->to);
}

static void
add_row(struct page *page, struct rows *rows, struct row row)
{
	rows->list = arena_grow(page->arena, rows->list, rows->n, &rows->capacity, sizeof *rows->list);
	rows->list[rows->n++] = row;
}

static const char *
refs_of(struct page *page, const struct outcome *o)
{
	struct blamed blamed = blame_of(page->blame, o);
	struct blamed then = blame_then(page->blame, o);
	struct buf text = {.arena = page->arena};

	for (size_t i = 0; i < blamed.n; i++)
		buf_printf(&text, "%s[%d]", i > 0 ? " " : "  ", blamed.list[i]->id);
	for (size_t i = 0; i < then.n; i++)
		buf_printf(&text, "%s[%d]", i > 0 ? " " : " and then ", then.list[i]->id);
	return buf_text(&text);
}

/* What triggers a reload, where one short word says it (SIGHUP); systems whose parts reread at different times have sentences. */
static const char *
reload_trigger(const struct facts *facts)
{
	const struct steps none = {0}, *steps = facts->profile ? &facts->profile->reload : &none;

	for (size_t i = 0; i < steps->n; i++) {
		if (steps->list[i].on && !strchr(steps->list[i].on, ' '))
			return steps->list[i].on;
	}
	return NULL;
}

/* What stands in brackets behind the verdict. */
static const char *
note_of(struct page *page, const struct outcome *o, const struct words *unchecked)
{
	struct buf text = {.arena = page->arena};

	if (o->warning)
		buf_printf(&text, "(logs: %s)", o->warning);
	if (unchecked->n > 0)
		buf_printf(&text, "%s(%s)", o->warning ? " " : "", show_joined(page->arena, unchecked, "; "));
	return buf_text(&text);
}

static struct row
row_of(struct page *page, const struct outcome *o, const char *label, const struct words *unchecked)
{
	struct row row = {.label = label, .host = "", .verdict = "ok", .style = STYLE_GOOD, .refs = refs_of(page, o)};
	const char *note = note_of(page, o, unchecked), *error = o->failure.error ? o->failure.error : "";

	row.text = note;
	if (!o->judged) {
		row.verdict = "not judged";
		row.style = STYLE_DIM;
	} else if (!o->ok) {
		row.verdict = "FAILS";
		row.style = STYLE_ERROR;
		if (o->failure.only)
			error = arena_printf(page->arena, "%s (on %s)", error, o->failure.only);
		row.text = *note != '\0' ? arena_printf(page->arena, "%s %s", error, note) : error;
	} else if (blame_reload_breaks(o)) {
		row.verdict = "BREAKS";
		row.style = STYLE_ERROR;
		const char *trigger = reload_trigger(page->result->facts);
		row.text = arena_printf(
		    page->arena, "the %s is taken, then every handshake fails: %s", trigger ? trigger : "reload", error);
	}
	return row;
}

static struct group *
find_group(struct groups *groups, const char *kind, const char *note)
{
	for (size_t i = 0; i < groups->n; i++) {
		if (strcmp(groups->list[i].kind, kind) == 0 && strcmp(groups->list[i].note, note) == 0)
			return &groups->list[i];
	}
	return NULL;
}

static bool
is_fine(const struct connection *c)
{
	return c->outcome.judged && c->outcome.ok;
}

static void
count_groups(struct page *page, struct groups *groups)
{
	const struct facts *facts = page->result->facts;

	for (size_t i = 0; i < facts->n_connections; i++) {
		const struct connection *c = &facts->connections[i];
		if (!is_fine(c))
			continue;
		const char *note = note_of(page, &c->outcome, &c->unchecked);
		struct group *group = find_group(groups, c->kind, note);
		if (!group && groups->n < GROUPS_MAX) {
			group = &groups->list[groups->n++];
			*group = (struct group){.kind = c->kind, .note = note};
		}
		if (group)
			group->n++;
	}
}

static void
add_connection(struct page *page, struct rows *rows, struct groups *groups, const struct connection *c)
{
	bool all = page->layout.look->verbose > 0;
	struct row row = row_of(page, &c->outcome, text_ends(page->arena, c), &c->unchecked);
	struct group *group = is_fine(c) && !all ? find_group(groups, c->kind, row.text) : NULL;

	row.host = c->host ? c->host : "";
	if (!group || group->n <= GROUP_LARGE) {
		add_row(page, rows, row);
	} else if (!group->shown) {
		group->shown = true;
		row.label = arena_printf(page->arena, "%s, %zu connections", c->kind, group->n);
		row.host = "";
		add_row(page, rows, row);
	}
	if (!all || is_fine(c))
		return;
	if (c->client_error)
		add_row(
		    page, rows, (struct row){.label = "", .host = "", .verdict = "client", .text = c->client_error, .refs = ""});
	if (c->server_error)
		add_row(
		    page, rows, (struct row){.label = "", .host = "", .verdict = "server", .text = c->server_error, .refs = ""});
}

static void
collect(struct page *page, struct rows *rows)
{
	const struct facts *facts = page->result->facts;
	const char *trigger = reload_trigger(facts);
	const char *reload = trigger ? arena_printf(page->arena, "reload (%s)", trigger) : "reload";
	bool all = page->layout.look->verbose > 0;
	struct words none = {0};
	struct groups *groups = arena_alloc(page->arena, sizeof *groups);

	if (facts->start.judged || all)
		add_row(page, rows, row_of(page, &facts->start, "start", &none));
	if (facts->reload.judged || all)
		add_row(page, rows, row_of(page, &facts->reload, reload, &none));
	count_groups(page, groups);
	for (size_t i = 0; i < facts->n_connections; i++)
		add_connection(page, rows, groups, &facts->connections[i]);
}

static unsigned
at_most(unsigned width, unsigned widest, unsigned most)
{
	return width > most || width < widest ? widest : width;
}

/* On to the next column, or to the next line where that leaves no room. */
static void
go_to(struct layout *l, unsigned column, const char *what)
{
	unsigned width = layout_width(l, what);
	bool fits = l->column < column ? layout_fits(l, column, width) : layout_fits(l, l->column + GAP, width);

	if (!fits) {
		layout_end(l);
		column = BELOW;
	}
	layout_to(l, column);
}

static void
write_row(struct layout *l, const struct row *row, unsigned host, unsigned verdict, unsigned text)
{
	layout_to(l, INDENT);
	layout_put(l, row->label);
	if (*row->host != '\0') {
		go_to(l, host, row->host);
		layout_put(l, row->host);
	}
	go_to(l, verdict, row->verdict);
	layout_style(l, row->style);
	layout_put(l, row->verdict);
	layout_style(l, STYLE_PLAIN);
	if (layout_fits(l, text, TEXT_MIN) || layout_fits(l, text, layout_width(l, row->text) + layout_width(l, row->refs))) {
		if (*row->text != '\0' || *row->refs != '\0')
			layout_to(l, text);
		layout_wrap(l, text, row->text);
		layout_wrap(l, text, *row->text != '\0' ? row->refs : row->refs + strspn(row->refs, " "));
	} else {
		layout_wrap(l, BELOW, row->refs);
		if (*row->text != '\0') {
			layout_end(l);
			layout_to(l, BELOW);
			layout_wrap(l, BELOW, row->text);
		}
	}
	layout_end(l);
}

void
text_table(struct page *page)
{
	struct layout *l = &page->layout;
	struct rows rows = {0};
	unsigned label = 0, host = 0, verdict = 0;

	collect(page, &rows);
	if (rows.n == 0)
		return;
	for (size_t i = 0; i < rows.n; i++) {
		label = at_most(layout_width(l, rows.list[i].label), label, CELL_MAX);
		host = at_most(layout_width(l, rows.list[i].host), host, CELL_MAX);
		verdict = at_most(layout_width(l, rows.list[i].verdict), verdict, CELL_MAX);
	}
	unsigned host_at = INDENT + label + GAP, verdict_at = host > 0 ? host_at + host + GAP : host_at;
	for (size_t i = 0; i < rows.n; i++)
		write_row(l, &rows.list[i], host_at, verdict_at, verdict_at + verdict + GAP);
	layout_end(l);
}
