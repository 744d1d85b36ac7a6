/* A cluster as one JUnit suite: a case for each cause, and one for each member, which fails when somebody cannot reach it. */
#include "crtlint/report.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

#include "formats.h"
#include "show.h"
#include "xml.h"

enum { FAILURES_SHOWN = 50 };

static void
write_finding(struct xml *x, struct arena *a, const struct cluster *c, const struct finding *f)
{
	struct buf text = {.arena = a};

	xml_open(x, "testcase");
	xml_attribute(x, "classname", arena_printf(a, "%s.rules", c->name));
	xml_attribute(x, "name", arena_printf(a, "%s [%d]", f->rule->id, f->id));
	xml_attribute(x, "time", "0");
	if (f->severity == SEVERITY_ERROR && !f->suppressed) {
		buf_printf(&text, "members: %s\n", show_joined(a, &f->members, ", "));
		buf_printf(&text, "connections: %zu\n", f->n_edges);
		if (f->fix)
			buf_printf(&text, "fix: %s\n", f->fix);
		xml_open(x, "failure");
		xml_attribute(x, "message", arena_printf(a, "error[%s] %s %s", f->rule->id, f->file ? f->file : "", f->message));
		xml_attribute(x, "type", f->rule->id);
		xml_text(x, buf_text(&text));
		xml_close(x);
	}
	xml_close(x);
}

static void
write_member(struct xml *x, struct arena *a, const struct cluster *c, size_t m, const size_t *failed)
{
	struct buf text = {.arena = a};
	size_t shown = 0;

	xml_open(x, "testcase");
	xml_attribute(x, "classname", arena_printf(a, "%s.connections", c->name));
	xml_attribute(x, "name", arena_printf(a, "to %s", c->members[m].name));
	xml_attribute(x, "time", "0");
	for (size_t i = 0; i < c->n_edges && failed[m] > 0 && shown < FAILURES_SHOWN; i++) {
		const struct edge *e = &c->edges[i];
		if (c->ends[e->to].member != m || c->endings[e->ending].stage == STAGE_NONE)
			continue;
		struct connection k = cluster_connection(c, e);
		buf_printf(&text, "%s: %s [%u]\n", k.outcome.id, k.outcome.failure.error ? k.outcome.failure.error : "fails",
		    e->finding);
		shown++;
	}
	if (failed[m] > 0) {
		if (shown < failed[m])
			buf_printf(&text, "and %zu more\n", failed[m] - shown);
		xml_open(x, "failure");
		xml_attribute(x, "message",
		    arena_printf(
		        a, "%zu connection%s to %s", failed[m], failed[m] == 1 ? " fails" : "s fail", c->members[m].name));
		xml_attribute(x, "type", "connection");
		xml_text(x, buf_text(&text));
		xml_close(x);
	}
	xml_close(x);
}

void
junit_cluster(struct report *report, const struct cluster *c)
{
	struct arena *a = arena_new();
	struct xml x = {.out = report->out, .indent = 1};
	size_t *failed = arena_array(a, c->n_members, sizeof *failed), failures = 0;
	struct buf notes = {.arena = a};
	char *timestamp = arena_strdup(a, when_format(a, report->at));

	for (size_t i = 0; timestamp[i]; i++)
		timestamp[i] = timestamp[i] == 'Z' ? '\0' : timestamp[i];
	for (size_t i = 0; i < c->n_edges; i++)
		failed[c->ends[c->edges[i].to].member] += c->endings[c->edges[i].ending].stage != STAGE_NONE;
	for (size_t i = 0; i < c->n_members; i++)
		failures += failed[i] > 0;
	for (size_t i = 0; i < c->findings->n; i++) {
		const struct finding *f = c->findings->list[i];
		bool counts = f->severity == SEVERITY_ERROR && !f->suppressed;
		failures += counts;
		if (!counts)
			buf_printf(&notes, "%s%s[%s] %s %s (%s)\n", f->suppressed ? "suppressed " : "",
			    severity_name(f->severity), f->rule->id, f->file ? f->file : "", f->message,
			    show_joined(a, &f->members, ", "));
	}
	for (size_t i = 0; i < c->unjudged.n; i++)
		buf_printf(&notes, "not decided by these directories: %s\n", c->unjudged.list[i]);
	xml_open(&x, "testsuite");
	xml_attribute(&x, "package", "crtlint");
	xml_attribute(&x, "id", arena_printf(a, "%zu", report->directories + report->clusters));
	xml_attribute(&x, "name", c->name);
	xml_attribute(&x, "timestamp", timestamp);
	xml_attribute(&x, "hostname", "localhost");
	xml_attribute(&x, "tests", arena_printf(a, "%zu", c->findings->n + c->n_members));
	xml_attribute(&x, "failures", arena_printf(a, "%zu", failures));
	xml_attribute(&x, "errors", "0");
	xml_attribute(&x, "skipped", "0");
	xml_attribute(&x, "time", "0");
	xml_open(&x, "properties");
	xml_close(&x);
	for (size_t i = 0; i < c->findings->n; i++)
		write_finding(&x, a, c, c->findings->list[i]);
	for (size_t i = 0; i < c->n_members; i++)
		write_member(&x, a, c, i, failed);
	xml_open(&x, "system-out");
	xml_text(&x, buf_text(&notes));
	xml_close(&x);
	xml_open(&x, "system-err");
	xml_close(&x);
	xml_close(&x);
	arena_free(a);
}
