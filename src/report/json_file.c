/* The files of a directory, with what their certificates and keys hold. */
#include <string.h>

#include "crtlint/digest.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

#include "json.h"
#include "show.h"

static void
key_kind(struct job *job, enum key_type type, unsigned bits, enum curve curve)
{
	json_key_text(job, "type", show_key_type(type));
	json_key_number(job, "bits", bits > 0, bits);
	json_key_text(job, "curve", show_curve(curve));
}

static void
names(struct job *job, const char *key, const struct cert *cert, enum san_kind kind)
{
	json_key_open(job, key, '[');
	for (size_t i = 0; i < cert->n_sans; i++) {
		struct slice value = cert->sans[i].value;
		if (cert->sans[i].kind == kind)
			emit_text(
			    &job->emit, kind == SAN_IP ? ip_text(job->arena, value) : text_safe(job->arena, value, TEXT_VALUE));
	}
	emit_close(&job->emit, ']');
}

static const char *
spki_digest(struct job *job, struct slice spki)
{
	if (job->spki.n == 0 || !slice_eq(job->spki, spki)) {
		job->spki_digest = digest_hex(job->arena, spki);
		job->spki = spki;
	}
	return job->spki_digest;
}

/* A certificate whose structure could not be read has only its place, its bytes and an error. */
static void
certificate(struct job *job, const struct object *object, size_t index)
{
	const struct cert *c = object->certs[index];
	struct arena *a = job->arena;
	const struct pem_block *block = object->cert_blocks ? object->cert_blocks[index] : NULL;
	struct slice raw = c->usable || !block ? c->raw : block->der;
	bool ok = c->usable;

	emit_open(&job->emit, '{');
	json_key_number(job, "index", true, (int64_t)index);
	json_key_text(job, "subject", ok ? name_text(a, &c->subject) : NULL);
	json_key_text(job, "issuer", ok ? name_text(a, &c->issuer) : NULL);
	json_key_text(job, "serial", ok ? show_serial(a, c->serial) : NULL);
	json_key_text(job, "not_before", ok ? when_format(a, c->not_before) : NULL);
	json_key_text(job, "not_after", ok ? when_format(a, c->not_after) : NULL);
	json_key_text(job, "sha256", digest_hex(a, raw));
	json_key_text(job, "spki_sha256", ok ? spki_digest(job, c->spki.raw) : NULL);
	emit_key(&job->emit, "key");
	if (ok) {
		emit_open(&job->emit, '{');
		key_kind(job, c->spki.type, c->spki.bits, c->spki.curve);
		emit_close(&job->emit, '}');
	} else {
		emit_null(&job->emit);
	}
	names(job, "dns", c, SAN_DNS);
	names(job, "ip", c, SAN_IP);
	names(job, "uri", c, SAN_URI);
	json_key_bool(job, "is_ca", c->is_ca);
	json_key_open(job, "eku", '[');
	for (size_t i = 0; i < c->n_eku; i++)
		emit_text(&job->emit, show_eku(a, c->eku[i]));
	emit_close(&job->emit, ']');
	json_key_number(job, "line", block != NULL, block ? block->line : 0);
	json_key_text(job, "error", c->go_error);
	emit_close(&job->emit, '}');
}

static void
private_key(struct job *job, const struct file *file)
{
	emit_key(&job->emit, "key");
	if (!file->object || !object_holds_key(file->object)) {
		emit_null(&job->emit);
		return;
	}
	const struct key *key = object_key(job->facts->arena, file->object);
	struct slice spki = key->flaw == KEY_SOUND ? key_spki(job->arena, key) : (struct slice){NULL, 0};
	emit_open(&job->emit, '{');
	key_kind(job, key->type, key->bits, key->curve);
	json_key_text(job, "form", show_key_form(key->form));
	json_key_bool(job, "encrypted", key->encrypted);
	json_key_text(job, "spki_sha256", spki.n > 0 ? spki_digest(job, spki) : NULL);
	json_key_text(job, "matches", show_owner(job->facts, file, &job->effort));
	json_key_text(job, "error", key->go_error);
	emit_close(&job->emit, '}');
}

/* As "%04o" would. */
static const char *
mode_text(struct arena *arena, uint32_t mode)
{
	char *out = arena_alloc(arena, 5);

	for (unsigned i = 0; i < 4; i++)
		out[i] = (char)('0' + (mode >> (9 - 3 * i) & 7));
	return out;
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

void
json_file(struct job *job, const struct file *file)
{
	const struct entry *e = file->entry;
	bool there = e->type != ENTRY_NOTHING;

	emit_open(&job->emit, '{');
	json_key_text(job, "name", file->name);
	json_key_text(job, "role", file->role);
	json_key_text(job, "type", show_entry_type(e->type));
	json_key_text(job, "mode", there ? mode_text(job->arena, e->mode) : NULL);
	json_key_number(job, "uid", there, e->uid);
	json_key_number(job, "gid", there, e->gid);
	json_key_number(job, "size", there, (int64_t)e->size);
	json_key_text(job, "mtime", there ? when_format(job->arena, e->mtime) : NULL);
	json_key_text(job, "target", e->target);
	json_key_open(job, "certificates", '[');
	for (size_t i = 0; file->object && i < file->object->n_certs; i++)
		certificate(job, file->object, i);
	emit_close(&job->emit, ']');
	private_key(job, file);
	json_key_text(job, "error", file_error(file));
	emit_close(&job->emit, '}');
}
