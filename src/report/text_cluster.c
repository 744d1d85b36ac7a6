/*
 * A cluster for people: who belongs to it, then every connection, or a matrix in which members that fare alike are one row, then the
 * causes.
 */
#include <stdlib.h>
#include <string.h>

#include "crtlint/report.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

#include "formats.h"
#include "layout.h"
#include "show.h"

enum { INDENT = 2, BLOCK = 4, VALUES = 16, EDGES_LISTED = 12, GROUPS_SHOWN = 12, NAMES_SHOWN = 8 };

struct scene {
	struct layout l;
	struct arena *arena;
	const struct cluster *c;
	size_t *group; /* of each member */
	size_t *first, *n; /* of each group: its first member, its size */
	size_t groups;
};

static const char *
some(struct arena *a, const struct words *w, bool all)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < w->n && (all || i < NAMES_SHOWN); i++)
		buf_printf(&out, "%s%s", i ? ", " : "", w->list[i]);
	if (w->n > NAMES_SHOWN && !all)
		buf_printf(&out, " and %zu more", w->n - NAMES_SHOWN);
	return buf_text(&out);
}

static void
line(struct layout *l, unsigned indent, const char *name, const char *value)
{
	layout_to(l, indent);
	layout_style(l, STYLE_DIM);
	layout_put(l, name);
	layout_style(l, STYLE_PLAIN);
	layout_to(l, VALUES);
	layout_wrap(l, VALUES, value);
	layout_end(l);
}

static void
kind(struct scene *s, const char *label, bool listens)
{
	struct words names = {.list = arena_array(s->arena, s->c->n_members, sizeof(const char *))};

	for (size_t i = 0; i < s->c->n_members; i++) {
		if (s->c->members[i].listens == listens)
			names.list[names.n++] = s->c->members[i].name;
	}
	if (names.n > 0)
		line(&s->l, INDENT, arena_printf(s->arena, "%zu %s%s", names.n, label, names.n == 1 ? "" : "s"),
		    some(s->arena, &names, s->l.look->verbose > 0));
}

/* Members fare alike when the same causes meet them on the same side: a number that is the same for these. */
static uint64_t *
fares(struct scene *s)
{
	uint64_t *out = arena_array(s->arena, s->c->n_members, sizeof *out);
	unsigned char *seen = arena_array(s->arena, s->c->n_members, 2 * (s->c->findings->n + 1));

	for (size_t i = 0; i < s->c->n_members; i++)
		out[i] = s->c->members[i].listens;
	for (size_t i = 0; i < s->c->n_edges; i++) {
		const struct edge *e = &s->c->edges[i];
		if (s->c->endings[e->ending].stage == STAGE_NONE)
			continue;
		for (unsigned side = 0; side < 2; side++) {
			size_t m = s->c->ends[side ? e->to : e->from].member,
			       at = m * 2 * (s->c->findings->n + 1) + 2 * e->finding + side;
			if (!seen[at])
				out[m] += ((uint64_t)(2 * e->finding + side) + 1) * 0x9e3779b97f4a7c15;
			seen[at] = 1;
		}
	}
	return out;
}

static void
make_groups(struct scene *s)
{
	const uint64_t *fare = fares(s);

	s->group = arena_array(s->arena, s->c->n_members, sizeof *s->group);
	s->first = arena_array(s->arena, s->c->n_members, sizeof *s->first);
	s->n = arena_array(s->arena, s->c->n_members, sizeof *s->n);
	for (size_t i = 0; i < s->c->n_members; i++) {
		size_t g = 0;
		while (g < s->groups && fare[s->first[g]] != fare[i])
			g++;
		if (g == s->groups)
			s->first[s->groups++] = i;
		s->group[i] = g;
		s->n[g]++;
	}
}

static const char *
group_name(const struct scene *s, size_t g)
{
	const char *first = s->c->members[s->first[g]].name;

	return s->n[g] == 1 ? first : arena_printf(s->arena, "%s and %zu more", first, s->n[g] - 1);
}

struct cell {
	size_t n, failed;
	uint32_t finding[3]; /* the first few */
};

static const char *
cell_text(struct scene *s, const struct cell *x)
{
	struct buf out = {.arena = s->arena};

	if (x->n == 0)
		return "-";
	if (x->failed == 0)
		return "ok";
	if (x->failed == x->n)
		buf_add(&out, "FAILS");
	else
		buf_printf(&out, "%zu of %zu FAIL", x->failed, x->n);
	for (size_t i = 0; i < 3 && x->finding[i]; i++)
		buf_printf(&out, " [%u]", x->finding[i]);
	return buf_text(&out);
}

static void
matrix(struct scene *s)
{
	struct layout *l = &s->l;
	size_t shown = s->groups < GROUPS_SHOWN ? s->groups : GROUPS_SHOWN;
	struct cell *cells = arena_array(s->arena, s->groups * s->groups, sizeof *cells);
	unsigned width = 4;

	for (size_t i = 0; i < s->c->n_edges; i++) {
		const struct edge *e = &s->c->edges[i];
		struct cell *x = &cells[s->group[s->c->ends[e->from].member] * s->groups + s->group[s->c->ends[e->to].member]];
		x->n++;
		if (s->c->endings[e->ending].stage == STAGE_NONE)
			continue;
		x->failed++;
		for (size_t k = 0; k < 3 && e->finding; k++) {
			if (x->finding[k] == e->finding)
				break;
			if (!x->finding[k]) {
				x->finding[k] = e->finding;
				break;
			}
		}
	}
	for (size_t g = 0; g < shown; g++) {
		unsigned w = layout_width(l, group_name(s, g));
		width = w > width ? w : width;
	}
	layout_to(l, INDENT);
	layout_style(l, STYLE_DIM);
	layout_put(l, "from, to");
	layout_style(l, STYLE_PLAIN);
	for (size_t g = 0; g < shown; g++) {
		layout_to(l, (unsigned)(INDENT + (width + 2) + g * 22));
		layout_put(l, group_name(s, g));
	}
	layout_end(l);
	for (size_t g = 0; g < shown; g++) {
		layout_to(l, INDENT);
		layout_put(l, group_name(s, g));
		for (size_t k = 0; k < shown; k++) {
			const struct cell *x = &cells[g * s->groups + k];
			layout_to(l, (unsigned)(INDENT + (width + 2) + k * 22));
			layout_style(l, x->failed ? STYLE_ERROR : STYLE_GOOD);
			layout_put(l, cell_text(s, x));
			layout_style(l, STYLE_PLAIN);
		}
		layout_end(l);
	}
	if (shown < s->groups)
		line(l, INDENT, "",
		    arena_printf(s->arena, "and %zu more rows: --format json has every connection", s->groups - shown));
}

static void
list(struct scene *s)
{
	struct layout *l = &s->l;
	uint32_t last = 0;

	for (size_t i = 0; i < s->c->n_edges; i++) {
		const struct edge *e = &s->c->edges[i];
		struct connection k = cluster_connection(s->c, e);
		const char *error = k.outcome.failure.error ? k.outcome.failure.error : "";
		layout_to(l, INDENT);
		layout_put(l, k.outcome.id);
		layout_to(l, 48);
		layout_style(l, k.outcome.ok ? STYLE_GOOD : STYLE_ERROR);
		layout_put(l, k.outcome.ok ? "ok" : "FAILS");
		layout_style(l, STYLE_PLAIN);
		if (e->finding && e->ending + 1 == last)
			error = l->look->utf8 ? "\u2026" : "...";
		if (!k.outcome.ok) {
			layout_wrap(l, 55, arena_printf(s->arena, "  %s   [%u]", error, e->finding));
			last = e->ending + 1;
		}
		layout_end(l);
	}
}

static void
block(struct scene *s, const struct finding *f)
{
	static const enum style styles[] = {
	    [SEVERITY_NOTE] = STYLE_NOTE, [SEVERITY_WARNING] = STYLE_WARNING, [SEVERITY_ERROR] = STYLE_ERROR};
	struct layout *l = &s->l;

	layout_end(l);
	layout_style(l, f->suppressed ? STYLE_DIM : styles[f->severity]);
	layout_put(l, arena_printf(s->arena, "%s[%s]", f->suppressed ? "suppressed" : severity_name(f->severity), f->rule->id));
	layout_style(l, STYLE_PLAIN);
	layout_wrap(l, BLOCK, arena_printf(s->arena, " %s: %s  [%d]", f->file ? f->file : s->c->name, f->message, f->id));
	layout_end(l);
	line(l, BLOCK, f->members.n == 1 ? "member" : "members", some(s->arena, &f->members, l->look->verbose > 0));
	if (f->n_edges > 0)
		line(l, BLOCK, "breaks", arena_printf(s->arena, "%zu connection%s", f->n_edges, f->n_edges == 1 ? "" : "s"));
	if (f->fix)
		line(l, BLOCK, "fix", f->fix);
	if (f->suppressed)
		line(l, BLOCK, "because",
		    arena_printf(s->arena, "until %s: %s", f->suppressed->until_text, f->suppressed->reason));
	line(l, BLOCK, "explain", arena_printf(s->arena, "crtlint explain %s", f->rule->id));
}

void
text_cluster(struct report *report, const struct cluster *c)
{
	struct arena *a = arena_new();
	struct scene s = {.l = {.out = report->out, .look = &report->look}, .arena = a, .c = c};
	bool quiet = report->look.quiet;

	if (!quiet) {
		layout_style(&s.l, STYLE_STRONG);
		layout_put(&s.l, c->name);
		layout_style(&s.l, STYLE_PLAIN);
		layout_wrap(&s.l, INDENT,
		    arena_printf(a, "  %s, %zu connections, ", c->profile ? c->profile->name : "no profile fits", c->n_edges));
		layout_wrap(&s.l, INDENT, c->n_failed ? arena_printf(a, "%zu fail", c->n_failed) : "all stand");
		layout_end(&s.l);
		kind(&s, c->rollout ? "state" : "node", true);
		kind(&s, "client", false);
		if (c->first.file)
			line(&s.l, INDENT, "fails first",
			    arena_printf(a, "%s, %s, at %s", c->members[c->first.member].name, c->first.file->name,
			        when_format(a, c->first.at)));
		layout_end(&s.l);
		make_groups(&s);
		if (c->n_edges > 0 && (c->n_edges <= EDGES_LISTED || report->look.verbose > 0))
			list(&s);
		else if (c->n_edges > 0)
			matrix(&s);
	}
	for (size_t i = 0; i < c->findings->n; i++) {
		if (!quiet || (c->findings->list[i]->severity == SEVERITY_ERROR && !c->findings->list[i]->suppressed))
			block(&s, c->findings->list[i]);
	}
	layout_end(&s.l);
	if (c->unjudged.n > 0 && !quiet) {
		layout_put(&s.l, "not decided by these directories");
		layout_end(&s.l);
		for (size_t i = 0; i < c->unjudged.n; i++) {
			layout_to(&s.l, INDENT);
			layout_put(&s.l, "- ");
			layout_wrap(&s.l, INDENT + 2, c->unjudged.list[i]);
			layout_end(&s.l);
		}
		layout_end(&s.l);
	}
	arena_free(a);
}
