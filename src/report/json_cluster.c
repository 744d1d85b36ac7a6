/*
 * A cluster in JSON, written as it goes: a large one has a million connections, too many for a tree of objects. Texts have passed the
 * gate, so that quotation marks and backslashes are all that needs an escape.
 */
#include <string.h>

#include "crtlint/report.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

#include "formats.h"
#include "show.h"

static void
text(FILE *out, const char *s)
{
	if (!s) {
		fputs("null", out);
		return;
	}
	putc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		putc(*s, out);
	}
	putc('"', out);
}

static void
field(FILE *out, const char *name, const char *value)
{
	fprintf(out, "\"%s\":", name);
	text(out, value);
	putc(',', out);
}

static void
texts(FILE *out, const char *name, const struct words *words)
{
	fprintf(out, "\"%s\":[", name);
	for (size_t i = 0; i < words->n; i++) {
		fputs(i ? "," : "", out);
		text(out, words->list[i]);
	}
	putc(']', out);
}

static void
member(FILE *out, const struct cluster *c, size_t i)
{
	const struct member *m = &c->members[i];

	fputs(i ? ",\n {" : "\n {", out);
	field(out, "name", m->name);
	field(out, "path", m->path);
	field(out, "kind", c->rollout ? m->old ? "old" : "new" : m->listens ? "node" : "client");
	texts(out, "hosts", &m->hosts);
	putc('}', out);
}

static void
connection(FILE *out, const struct cluster *c, const struct edge *e)
{
	struct connection k = cluster_connection(c, e);
	const struct failure *x = &k.outcome.failure;
	bool ok = k.outcome.ok;

	putc('{', out);
	field(out, "id", k.outcome.id);
	field(out, "kind", k.kind);
	field(out, "from_member", c->members[c->ends[e->from].member].name);
	field(out, "from", k.from);
	field(out, "to_member", c->members[c->ends[e->to].member].name);
	field(out, "to", k.to);
	field(out, "host", k.host);
	fprintf(out, "\"ok\":%s,", ok ? "true" : "false");
	field(out, "stage", ok ? NULL : show_stage(k.stage));
	field(out, "error", ok ? NULL : x->error);
	field(out, "client_error", k.client_error);
	field(out, "server_error", k.server_error);
	field(out, "file", ok ? NULL : x->name);
	texts(out, "unchecked", &k.unchecked);
	fprintf(out, e->finding ? ",\"findings\":[%u]}" : ",\"findings\":[]}", e->finding);
}

static void
evidence(FILE *out, const struct finding *x)
{
	fputs("\"evidence\":{", out);
	for (size_t i = 0; i < x->n_evidence; i++) {
		const struct evidence *e = &x->evidence[i];
		fputs(i ? "," : "", out);
		if (e->values.n == 1 && !e->list) {
			text(out, e->name);
			putc(':', out);
			text(out, e->values.list[0]);
		} else {
			texts(out, e->name, &e->values);
		}
	}
	fputs("},", out);
}

static void
finding(FILE *out, const struct finding *x)
{
	fprintf(out, "{\"id\":%d,", x->id);
	field(out, "rule", x->rule->id);
	field(out, "severity", severity_name(x->severity));
	field(out, "fingerprint", x->fingerprint);
	field(out, "file", x->file);
	texts(out, "members", &x->members);
	putc(',', out);
	field(out, "message", x->message);
	evidence(out, x);
	fprintf(out, "\"breaks\":%zu,", x->n_edges);
	fputs("\"fix\":", out);
	text(out, x->fix);
	putc('}', out);
}

static void
json_cluster_connections(struct report *report, const struct cluster *c)
{
	bool first = true;

	fputs("],\n\"connections\":[", report->out);
	for (size_t i = 0; i < c->n_edges; i++) {
		if (c->endings[c->edges[i].ending].stage == STAGE_NONE && report->look.verbose == 0)
			continue;
		fputs(first ? "\n " : ",\n ", report->out);
		connection(report->out, c, &c->edges[i]);
		first = false;
	}
}

void
json_cluster(struct report *report, const struct cluster *c)
{
	FILE *out = report->out;

	fputs(report->clusters ? ",\n{" : "\n],\"clusters\":[\n{", out);
	field(out, "name", c->name);
	field(out, "profile", c->profile ? c->profile->name : NULL);
	fprintf(out, "\"connections_judged\":%zu,\"connections_failed\":%zu,\"signatures_computed\":%zu,", c->n_edges,
	    c->n_failed, signatures_made(c->facts->signatures));
	if (c->first.file) {
		fputs("\"fails_first\":{", out);
		field(out, "member", c->members[c->first.member].name);
		field(out, "file", c->first.file->name);
		fputs("\"at\":", out);
		text(out, when_format(c->arena, c->first.at));
		fputs("},", out);
	} else {
		fputs("\"fails_first\":null,", out);
	}
	texts(out, "unjudged", &c->unjudged);
	fputs(",\"members\":[", out);
	for (size_t i = 0; i < c->n_members; i++)
		member(out, c, i);
	json_cluster_connections(report, c);
	fputs("],\n\"findings\":[", out);
	for (size_t i = 0; i < c->findings->n; i++) {
		fputs(i ? ",\n " : "\n ", out);
		finding(out, c->findings->list[i]);
	}
	fputs("]}", out);
}
