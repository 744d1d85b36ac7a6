/*
 * JSON, one jansson object for each directory: it is written and released before the next, as one document for a fleet would
 * not fit into memory. docs/report.schema.json describes every field.
 */
#include "crtlint/report.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "crtlint/digest.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

#include "blame.h"
#include "formats.h"
#include "show.h"

enum { SCHEMA_VERSION = 1, EFFORT = 4 << 20 /* of show_owner(), a directory */ };

struct job {
	struct arena *arena;
	const struct facts *facts;
	const struct blame *blame;
	size_t effort; /* left for show_owner() */
};

/* Texts have passed the gate, so that jansson refuses nothing: it fails only for want of memory, which the arena knows how
 * to say. A part that could not be made makes the whole that is packed of it NULL. */
static json_t *
made(const struct job *job, json_t *value)
{
	if (!value)
		arena_alloc(job->arena, SIZE_MAX);
	return value;
}

static void
append(const struct job *job, json_t *array, json_t *value)
{
	json_array_append_new(array, made(job, value));
}

static json_t *
new_array(const struct job *job)
{
	return made(job, json_array());
}

static json_t *
number_or_null(bool there, json_int_t number)
{
	return there ? json_integer(number) : json_null();
}

static json_t *
texts(const struct job *job, const struct words *words)
{
	json_t *array = new_array(job);

	for (size_t i = 0; i < words->n; i++)
		append(job, array, json_string(words->list[i]));
	return array;
}

static json_t *
key_kind(const struct job *job, const struct spki *spki)
{
	return made(job, json_pack("{s:s?, s:o, s:s?}", "type", show_key_type(spki->type), "bits",
	                     number_or_null(spki->bits > 0, spki->bits), "curve", show_curve(spki->curve)));
}

static json_t *
names(const struct job *job, const struct cert *cert, enum san_kind kind)
{
	json_t *array = new_array(job);

	for (size_t i = 0; i < cert->n_sans; i++) {
		struct slice value = cert->sans[i].value;
		if (cert->sans[i].kind == kind)
			append(job, array,
			    json_string(kind == SAN_IP ? ip_text(job->arena, value) : text_safe(job->arena, value, TEXT_VALUE)));
	}
	return array;
}

static json_t *
usages(const struct job *job, const struct cert *cert)
{
	json_t *array = new_array(job);

	for (size_t i = 0; i < cert->n_eku; i++)
		append(job, array, json_string(show_eku(job->arena, cert->eku[i])));
	return array;
}

/* A certificate whose structure could not be read has only its place, its bytes and an error. */
static json_t *
certificate(const struct job *job, const struct object *object, size_t index)
{
	const struct cert *c = object->certs[index];
	struct arena *a = job->arena;
	const struct pem_block *block = object->cert_blocks ? object->cert_blocks[index] : NULL;
	struct slice raw = c->usable || !block ? c->raw : block->der;
	bool ok = c->usable;

	return made(job,
	    json_pack("{s:i, s:s?, s:s?, s:s?, s:s?, s:s?, s:s, s:s?, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s?}", "index",
	        (int)index, "subject", ok ? name_text(a, &c->subject) : NULL, "issuer", ok ? name_text(a, &c->issuer) : NULL,
	        "serial", ok ? show_serial(a, c->serial) : NULL, "not_before", ok ? when_format(a, c->not_before) : NULL,
	        "not_after", ok ? when_format(a, c->not_after) : NULL, "sha256", digest_hex(a, raw), "spki_sha256",
	        ok ? digest_hex(a, c->spki.raw) : NULL, "key", ok ? key_kind(job, &c->spki) : json_null(), "dns",
	        names(job, c, SAN_DNS), "ip", names(job, c, SAN_IP), "uri", names(job, c, SAN_URI), "is_ca", (int)c->is_ca, "eku",
	        usages(job, c), "line", number_or_null(block != NULL, block ? block->line : 0), "error", c->go_error));
}

static json_t *
private_key(struct job *job, const struct file *file)
{
	if (!file->object || !object_holds_key(file->object))
		return json_null();
	/* The object remembers its key: it must live as long, not only for this report. */
	const struct key *key = object_key(job->facts->arena, file->object);
	struct slice spki = key->flaw == KEY_SOUND ? key_spki(job->arena, key) : (struct slice){NULL, 0};
	return made(
	    job, json_pack("{s:s?, s:o, s:s?, s:s?, s:b, s:s?, s:s?, s:s?}", "type", show_key_type(key->type), "bits",
	             number_or_null(key->bits > 0, key->bits), "curve", show_curve(key->curve), "form", show_key_form(key->form),
	             "encrypted", (int)key->encrypted, "spki_sha256", spki.n > 0 ? digest_hex(job->arena, spki) : NULL, "matches",
	             show_owner(job->facts, file, &job->effort), "error", key->go_error));
}

static const char *
file_error(const struct file *file)
{
	if (file->load.error)
		return file->load.error;
	if (file->entry->error != 0)
		return strerror(file->entry->error);
	return file->entry->too_large ? "too large, not read" : NULL;
}

static json_t *
file_object(struct job *job, const struct file *file)
{
	const struct entry *e = file->entry;
	bool there = e->type != ENTRY_NOTHING;
	json_t *certificates = new_array(job);

	for (size_t i = 0; file->object && i < file->object->n_certs; i++)
		append(job, certificates, certificate(job, file->object, i));
	return made(
	    job, json_pack("{s:s?, s:s?, s:s, s:s?, s:o, s:o, s:o, s:s?, s:s?, s:o, s:o, s:s?}", "name", file->name, "role",
	             file->role, "type", show_entry_type(e->type), "mode",
	             there ? arena_printf(job->arena, "%04o", e->mode & 07777U) : NULL, "uid", number_or_null(there, e->uid),
	             "gid", number_or_null(there, e->gid), "size", number_or_null(there, (json_int_t)e->size), "mtime",
	             there ? when_format(job->arena, e->mtime) : NULL, "target", e->target, "certificates", certificates, "key",
	             private_key(job, file), "error", file_error(file)));
}

static json_t *
explained_by(const struct job *job, const struct outcome *outcome)
{
	struct blamed blamed = blame_of(job->blame, outcome);
	json_t *array = new_array(job);

	for (size_t i = 0; i < blamed.n; i++)
		append(job, array, json_integer(blamed.list[i]->id));
	return array;
}

static json_t *
outcome_object(const struct job *job, const struct outcome *o)
{
	bool breaks = blame_reload_breaks(o);
	const struct failure *failure = !o->ok || breaks ? &o->failure : &(struct failure){0};

	return made(job, json_pack("{s:b, s:s?, s:o, s:b, s:b, s:s?, s:s?, s:s?}", "ok", (int)o->ok, "error", failure->error,
	                     "findings", explained_by(job, o), "judged", (int)o->judged, "breaks_handshakes", (int)breaks, "file",
	                     failure->name, "only", failure->only, "warning", o->warning));
}

static json_t *
connection_object(const struct job *job, const struct connection *c)
{
	const struct outcome *o = &c->outcome;
	bool fails = o->judged && !o->ok;

	return made(job, json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?, s:b, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:b, s:s?, s:s?, s:s?}",
	                     "id", o->id, "kind", c->kind, "from", c->from, "to", c->to, "host", c->host, "ok", (int)o->ok,
	                     "stage", fails ? show_stage(c->stage) : NULL, "error", fails ? o->failure.error : NULL,
	                     "client_error", c->client_error, "server_error", c->server_error, "unchecked",
	                     texts(job, &c->unchecked), "findings", explained_by(job, o), "judged", (int)o->judged, "file",
	                     fails ? o->failure.name : NULL, "only", fails ? o->failure.only : NULL, "warning", o->warning));
}

static json_t *
evidence_object(const struct job *job, const struct finding *f)
{
	json_t *object = made(job, json_object());

	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct evidence *e = &f->evidence[i];
		bool alone = e->values.n == 1 && !e->list;
		json_object_set_new(object, e->name, made(job, alone ? json_string(e->values.list[0]) : texts(job, &e->values)));
	}
	return object;
}

static json_t *
finding_object(const struct job *job, const struct finding *f)
{
	json_t *breaks = new_array(job), *related = new_array(job), *commands = new_array(job);

	for (size_t i = 0; i < f->n_breaks; i++)
		append(job, breaks, json_string(f->breaks[i]->id));
	for (size_t i = 0; i < f->n_related; i++)
		append(job, related, json_integer(f->related[i]->id));
	for (size_t i = 0; i < f->commands.n; i++)
		append(job, commands, texts(job, &f->commands.list[i].argv));
	return made(job,
	    json_pack("{s:i, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:{s:o, s:o}, s:s?, s:o, s:o, s:o, s:s?, s:o, s:n}", "id", f->id,
	        "rule", f->rule->id, "severity", severity_name(f->severity), "fingerprint", f->fingerprint, "file", f->file,
	        "role", f->role, "key", f->key, "location", "line", number_or_null(f->line > 0, f->line), "certificate",
	        number_or_null(f->certificate >= 0, f->certificate), "message", f->message, "evidence", evidence_object(job, f),
	        "breaks", breaks, "related", related, "fix", f->fix, "commands", commands, "suppressed"));
}

static json_t *
variables(const struct job *job)
{
	json_t *array = new_array(job);

	for (size_t i = 0; i < job->facts->n_values; i++) {
		const struct value *v = &job->facts->values[i];
		append(job, array,
		    json_pack("{s:s, s:s?, s:s}", "name", v->variable->name, "value", v->text, "from", show_origin(v->from)));
	}
	return array;
}

static json_t *
directory_object(struct job *job, const struct result *r)
{
	const struct facts *facts = r->facts;
	json_t *files = new_array(job), *connections = new_array(job), *findings = new_array(job);

	for (size_t i = 0; i < facts->n_files; i++)
		append(job, files, file_object(job, &facts->files[i]));
	for (size_t i = 0; i < facts->n_connections; i++)
		append(job, connections, connection_object(job, &facts->connections[i]));
	for (size_t i = 0; i < r->findings->n; i++)
		append(job, findings, finding_object(job, r->findings->list[i]));
	return made(job,
	    json_pack("{s:s?, s:{s:s?, s:s?, s:s?, s:s?}, s:o, s:{s:I, s:I, s:s}, s:o, s:o, s:o, s:o, s:o, s:o}", "path", r->path,
	        "profile", "name", facts->profile ? facts->profile->name : NULL, "chosen_because", facts->chosen_because,
	        "dialect", facts->dialect, "also_fits", facts->also_fits, "variables", variables(job), "run_as", "uid",
	        (json_int_t)facts->run_as.uid, "gid", (json_int_t)facts->run_as.gid, "from", show_origin(facts->run_as_from),
	        "unjudged", texts(job, &facts->unjudged), "files", files, "start", outcome_object(job, &facts->start), "reload",
	        outcome_object(job, &facts->reload), "connections", connections, "findings", findings));
}

static void
json_directory(struct report *report, const struct result *r)
{
	struct arena *arena = arena_new();
	struct job job = {.arena = arena, .facts = r->facts, .blame = blame_new(arena, r->facts, r->findings), .effort = EFFORT};
	json_t *object = directory_object(&job, r);

	fputs(report->directories > 0 ? ",\n" : "\n", report->out);
	json_dumpf(object, report->out, JSON_COMPACT);
	json_decref(object);
	arena_free(arena);
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
    .directory = json_directory,
    .end = json_end,
    .cluster = json_cluster,
    .members = true,
};
