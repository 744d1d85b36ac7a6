/*
 * JSON, written as it is gone through: a document for a fleet would not fit into memory. docs/report.schema.json describes every
 * field.
 */
#include "json.h"

#include "crtlint/trace.h"
#include "crtlint/when.h"

#include "formats.h"
#include "show.h"

enum { SCHEMA_VERSION = 1, EFFORT = 4 << 20 /* of show_owner(), a directory */ };

static void
ids(struct job *job, struct blamed blamed)
{
	for (size_t i = 0; i < blamed.n; i++)
		emit_number(&job->emit, blamed.list[i]->id);
}

/* The finding that is seen first, then those that would be seen next; and these alone. */
static void
explained_by(struct job *job, const struct outcome *outcome)
{
	struct blamed then = blame_then(job->blame, outcome);

	json_key_open(job, "findings", '[');
	ids(job, blame_of(job->blame, outcome));
	ids(job, then);
	emit_close(&job->emit, ']');
	json_key_open(job, "then", '[');
	ids(job, then);
	emit_close(&job->emit, ']');
}

static void
outcome_object(struct job *job, const char *key, const struct outcome *o)
{
	bool breaks = blame_reload_breaks(o);
	const struct failure *failure = !o->ok || breaks ? &o->failure : &(struct failure){0};

	json_key_open(job, key, '{');
	json_key_bool(job, "ok", o->ok);
	json_key_text(job, "error", failure->error);
	explained_by(job, o);
	json_key_bool(job, "judged", o->judged);
	json_key_bool(job, "breaks_handshakes", breaks);
	json_key_text(job, "file", failure->name);
	json_key_text(job, "only", failure->only);
	json_key_text(job, "warning", o->warning);
	emit_close(&job->emit, '}');
}

/* Of a connection that --trace names. */
static void
trace_array(struct job *job, const struct trace *t)
{
	static const char *const verdicts[] = {[TRACE_SAYS] = NULL, [TRACE_TAKEN] = "taken", [TRACE_REFUSED] = "refused"};

	json_key_open(job, "trace", '[');
	for (size_t i = 0; i < t->n; i++) {
		const struct trace_step *s = &t->list[i];
		const struct cert *c = s->cert;

		emit_open(&job->emit, '{');
		json_key_number(job, "depth", true, s->depth);
		json_key_text(job, "what", s->what);
		json_key_text(job, "verdict", verdicts[s->verdict]);
		json_key_text(job, "certificate", c && c->usable ? name_text(job->arena, &c->subject) : NULL);
		json_key_text(job, "file", c ? show_holder(job->arena, job->facts, c) : NULL);
		json_key_text(job, "why", s->why);
		emit_close(&job->emit, '}');
	}
	emit_close(&job->emit, ']');
}

static void
connection_object(struct job *job, const struct connection *c)
{
	const struct outcome *o = &c->outcome;
	bool fails = o->judged && !o->ok;

	emit_open(&job->emit, '{');
	json_key_text(job, "id", o->id);
	json_key_text(job, "kind", c->kind);
	json_key_text(job, "from", c->from);
	json_key_text(job, "to", c->to);
	json_key_text(job, "host", c->host);
	json_key_bool(job, "ok", o->ok);
	json_key_text(job, "stage", fails ? show_stage(c->stage) : NULL);
	json_key_text(job, "error", fails ? o->failure.error : NULL);
	json_key_text(job, "client_error", c->client_error);
	json_key_text(job, "server_error", c->server_error);
	json_key_list(job, "unchecked", &c->unchecked);
	explained_by(job, o);
	json_key_bool(job, "judged", o->judged);
	json_key_text(job, "file", fails ? o->failure.name : NULL);
	json_key_text(job, "only", fails ? o->failure.only : NULL);
	json_key_text(job, "warning", o->warning);
	if (c->trace)
		trace_array(job, c->trace);
	emit_close(&job->emit, '}');
}

void
json_suppressed(struct job *job, const struct suppression *s)
{
	if (!s) {
		json_key_text(job, "suppressed", NULL);
		return;
	}
	json_key_open(job, "suppressed", '{');
	json_key_text(job, "reason", s->reason);
	json_key_text(job, "until", s->until_text);
	emit_close(&job->emit, '}');
}

void
json_evidence(struct job *job, const struct finding *f)
{
	json_key_open(job, "evidence", '{');
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct evidence *e = &f->evidence[i];
		if (e->values.n == 1 && !e->list)
			json_key_text(job, e->name, e->values.list[0]);
		else
			json_key_list(job, e->name, &e->values);
	}
	emit_close(&job->emit, '}');
}

static void
finding_object(struct job *job, const struct finding *f)
{
	emit_open(&job->emit, '{');
	json_key_number(job, "id", true, f->id);
	json_key_text(job, "rule", f->rule->id);
	json_key_text(job, "severity", severity_name(f->severity));
	json_key_text(job, "fingerprint", f->fingerprint);
	json_key_text(job, "file", f->file);
	json_key_text(job, "role", f->role);
	json_key_text(job, "key", f->key);
	json_key_open(job, "location", '{');
	json_key_number(job, "line", f->line > 0, f->line);
	json_key_number(job, "certificate", f->certificate >= 0, f->certificate);
	emit_close(&job->emit, '}');
	json_key_text(job, "message", f->message);
	json_evidence(job, f);
	json_key_open(job, "breaks", '[');
	for (size_t i = 0; i < f->n_breaks; i++)
		emit_text(&job->emit, f->breaks[i]->id);
	for (size_t i = 0; i < f->n_then; i++)
		emit_text(&job->emit, f->then[i]->id);
	emit_close(&job->emit, ']');
	json_key_open(job, "then", '[');
	for (size_t i = 0; i < f->n_then; i++)
		emit_text(&job->emit, f->then[i]->id);
	emit_close(&job->emit, ']');
	json_key_open(job, "related", '[');
	for (size_t i = 0; i < f->n_related; i++)
		emit_number(&job->emit, f->related[i]->id);
	emit_close(&job->emit, ']');
	json_key_text(job, "fix", f->fix);
	json_key_open(job, "commands", '[');
	for (size_t i = 0; i < f->commands.n; i++)
		json_words(job, &f->commands.list[i].argv);
	emit_close(&job->emit, ']');
	json_suppressed(job, f->suppressed);
	emit_close(&job->emit, '}');
}

static void
variables(struct job *job)
{
	json_key_open(job, "variables", '[');
	for (size_t i = 0; i < job->facts->n_values; i++) {
		const struct value *v = &job->facts->values[i];
		emit_open(&job->emit, '{');
		json_key_text(job, "name", v->variable->name);
		json_key_text(job, "value", v->text);
		json_key_text(job, "from", show_origin(v->from));
		emit_close(&job->emit, '}');
	}
	emit_close(&job->emit, ']');
}

static void
directory_object(struct job *job, const struct result *r)
{
	const struct facts *facts = r->facts;

	emit_open(&job->emit, '{');
	json_key_text(job, "path", r->path);
	json_key_open(job, "profile", '{');
	json_key_text(job, "name", facts->profile ? facts->profile->name : NULL);
	json_key_text(job, "chosen_because", facts->chosen_because);
	json_key_text(job, "dialect", facts->dialect);
	json_key_text(job, "also_fits", facts->also_fits);
	emit_close(&job->emit, '}');
	json_key_text(job, "config", facts->settings ? facts->settings->config : NULL);
	variables(job);
	json_key_open(job, "run_as", '{');
	json_key_number(job, "uid", true, facts->run_as.uid);
	json_key_number(job, "gid", true, facts->run_as.gid);
	json_key_text(job, "from", show_origin(facts->run_as_from));
	emit_close(&job->emit, '}');
	json_key_list(job, "unjudged", &facts->unjudged);
	json_key_open(job, "files", '[');
	for (size_t i = 0; i < facts->n_files; i++)
		json_file(job, &facts->files[i]);
	emit_close(&job->emit, ']');
	outcome_object(job, "start", &facts->start);
	outcome_object(job, "reload", &facts->reload);
	json_key_open(job, "connections", '[');
	for (size_t i = 0; i < facts->n_connections; i++)
		connection_object(job, &facts->connections[i]);
	emit_close(&job->emit, ']');
	json_key_open(job, "findings", '[');
	for (size_t i = 0; i < r->findings->n; i++)
		finding_object(job, r->findings->list[i]);
	emit_close(&job->emit, ']');
	emit_close(&job->emit, '}');
}

static void
json_front(struct report *report)
{
	fputs(report->directories > 0 ? ",\n" : "\n", report->out);
}

static void
json_directory(struct report *report, const struct result *r)
{
	struct job job;

	job.emit.out = report->out;
	job.emit.n = 0;
	job.emit.comma = false;
	job.arena = r->facts->arena;
	job.facts = r->facts;
	job.blame = blame_new(job.arena, r->facts, r->findings);
	job.effort = EFFORT;
	job.spki = (struct slice){NULL, 0};
	directory_object(&job, r);
	emit_flush(&job.emit);
}

static void
json_begin(struct report *report)
{
	struct arena *arena = arena_new();

	fprintf(report->out,
	    "{\"schema_version\":%d,\"tool\":{\"name\":\"crtlint\",\"version\":\"%s\"},\"at\":\"%s\",\"directories\":[",
	    SCHEMA_VERSION, report->version, when_format(arena, report->at));
	arena_free(arena);
}

static void
json_end(struct report *report, const struct summary *s)
{
	fprintf(report->out,
	    "\n],\"summary\":{\"directories\":%zu,\"connections\":%zu,\"failed\":%zu,\"errors\":%zu,\"warnings\":%zu,"
	    "\"notes\":%zu,\"suppressed\":%zu,\"files\":%zu}}\n",
	    s->directories, s->connections, s->failed, s->errors, s->warnings, s->notes, s->suppressed, s->files);
}

const struct format report_json = {
    .name = "json",
    .help = "one JSON document (docs/report.schema.json)",
    .begin = json_begin,
    .front = json_front,
    .directory = json_directory,
    .end = json_end,
    .cluster = json_cluster,
    .members = true,
};
