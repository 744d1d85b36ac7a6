/*
 * A cluster in JSON: its connections are put together one at a time, as a large one has a million of them.
 */
#include "json.h"

#include "crtlint/when.h"

#include "formats.h"
#include "show.h"

static void
member(struct job *job, const struct cluster *c, const struct member *m)
{
	emit_open(&job->emit, '{');
	json_key_text(job, "name", m->name);
	json_key_text(job, "path", m->path);
	json_key_text(job, "kind", c->rollout ? m->old ? "old" : "new" : m->listens ? "node" : "client");
	json_key_list(job, "hosts", &m->hosts);
	emit_close(&job->emit, '}');
}

static void
connection(struct job *job, const struct cluster *c, const struct edge *e)
{
	struct connection k = cluster_connection(c, e);
	const struct failure *x = &k.outcome.failure;
	bool ok = k.outcome.ok;

	emit_open(&job->emit, '{');
	json_key_text(job, "id", k.outcome.id);
	json_key_text(job, "kind", k.kind);
	json_key_text(job, "from_member", c->members[c->ends[e->from].member].name);
	json_key_text(job, "from", k.from);
	json_key_text(job, "to_member", c->members[c->ends[e->to].member].name);
	json_key_text(job, "to", k.to);
	json_key_text(job, "host", k.host);
	json_key_bool(job, "ok", ok);
	json_key_text(job, "stage", ok ? NULL : show_stage(k.stage));
	json_key_text(job, "error", ok ? NULL : x->error);
	json_key_text(job, "client_error", k.client_error);
	json_key_text(job, "server_error", k.server_error);
	json_key_text(job, "file", ok ? NULL : x->name);
	json_key_list(job, "unchecked", &k.unchecked);
	json_key_open(job, "findings", '[');
	if (e->finding)
		emit_number(&job->emit, e->finding);
	emit_close(&job->emit, ']');
	emit_close(&job->emit, '}');
}

static void
finding(struct job *job, const struct finding *x)
{
	emit_open(&job->emit, '{');
	json_key_number(job, "id", true, x->id);
	json_key_text(job, "rule", x->rule->id);
	json_key_text(job, "severity", severity_name(x->severity));
	json_key_text(job, "fingerprint", x->fingerprint);
	json_key_text(job, "file", x->file);
	json_key_list(job, "members", &x->members);
	json_key_text(job, "message", x->message);
	json_evidence(job, x);
	json_key_number(job, "breaks", true, (int64_t)x->n_edges);
	json_key_text(job, "fix", x->fix);
	json_suppressed(job, x->suppressed);
	emit_close(&job->emit, '}');
}

static void
first_to_fail(struct job *job, const struct cluster *c)
{
	if (!c->first.file) {
		json_key_text(job, "fails_first", NULL);
		return;
	}
	json_key_open(job, "fails_first", '{');
	json_key_text(job, "member", c->members[c->first.member].name);
	json_key_text(job, "file", c->first.file->name);
	json_key_text(job, "at", when_format(c->arena, c->first.at));
	emit_close(&job->emit, '}');
}

void
json_cluster(struct report *report, const struct cluster *c)
{
	struct job job = {.emit.out = report->out, .arena = c->arena, .facts = c->facts};

	fputs(report->clusters ? ",\n" : "\n],\"clusters\":[\n", report->out);
	emit_open(&job.emit, '{');
	json_key_text(&job, "name", c->name);
	json_key_text(&job, "profile", c->profile ? c->profile->name : NULL);
	json_key_number(&job, "connections_judged", true, (int64_t)c->n_edges);
	json_key_number(&job, "connections_failed", true, (int64_t)c->n_failed);
	json_key_number(&job, "signatures_computed", true, (int64_t)signatures_made(c->facts->signatures));
	first_to_fail(&job, c);
	json_key_list(&job, "unjudged", &c->unjudged);
	json_key_open(&job, "members", '[');
	for (size_t i = 0; i < c->n_members; i++)
		member(&job, c, &c->members[i]);
	emit_close(&job.emit, ']');
	json_key_open(&job, "connections", '[');
	for (size_t i = 0; i < c->n_edges; i++) {
		if (c->endings[c->edges[i].ending].stage != STAGE_NONE || report->look.verbose > 0)
			connection(&job, c, &c->edges[i]);
	}
	emit_close(&job.emit, ']');
	json_key_open(&job, "findings", '[');
	for (size_t i = 0; i < c->findings->n; i++)
		finding(&job, c->findings->list[i]);
	emit_close(&job.emit, ']');
	emit_close(&job.emit, '}');
	emit_flush(&job.emit);
}
