/* PEM: what stands in the files besides, or instead of, certificates. */
#include "explain.h"

static void
add_flaw(struct findings *fs, struct finding *x, const struct file *file)
{
	const struct pem *pem = file->object ? &file->object->pem : NULL;

	finding_value(
	    fs, x, "flaw", pem && pem->flaw != PEM_SOUND ? pem_flaw_text(pem->flaw) : "no block in it is a certificate");
	if (pem && pem->flaw_line > 0)
		x->line = pem->flaw_line;
}

void
check_pem_none(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		if (look_is_judged(&f->files[i]) && o->data.n > 0 && o->n_certs == 0 && o->n_foreign == 0)
			add_flaw(fs, look_add_file(fs, RULE_pem_none, &f->files[i]), &f->files[i]);
	}
	culprit_files(fs, RULE_pem_none, add_flaw);
}

static void
add_blocks(struct findings *fs, struct finding *x, const struct file *file, bool keys)
{
	const struct object *o = file->object;

	for (size_t i = 0; o && i < o->pem.n; i++) {
		const struct pem_block *b = &o->pem.blocks[i];
		if (slice_is(b->label, "CERTIFICATE") || look_is_key_label(b->label) != keys)
			continue;
		finding_value(fs, x, "label", look_value(fs, b->label));
		if (x->line == 0)
			x->line = b->line;
	}
}

static void
add_foreign(struct findings *fs, struct finding *x, const struct file *file)
{
	add_blocks(fs, x, file, false);
}

static void
add_keys(struct findings *fs, struct finding *x, const struct file *file)
{
	add_blocks(fs, x, file, true);
}

/* A combined file has its key in it by the system's own rule. */
static bool
is_combined(const struct file *file)
{
	return file->key == file || (file->key_row && file->key_row == file->row);
}

void
check_pem_foreign_block(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_judged(file) && file->object->n_foreign > 0 && !object_holds_key(file->object) && !is_combined(file))
			add_foreign(fs, look_add_file(fs, RULE_pem_foreign_block, file), file);
	}
	culprit_files(fs, RULE_pem_foreign_block, add_foreign);
}

void
check_pem_private_key_inside(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_judged(file) && object_holds_key(file->object) && !is_combined(file))
			add_keys(fs, look_add_file(fs, RULE_pem_private_key_inside, file), file);
	}
	culprit_files(fs, RULE_pem_private_key_inside, add_keys);
}

/* What is refused because an authority is lost from the file that should have held it. */
static void
break_lost(struct findings *fs, enum rule_id rule, void (*fill)(struct findings *, struct finding *, const struct file *))
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		const struct file *file = o->failure.trust ? o->failure.trust : culprit_file(fs, o).file;
		struct finding *x = file ? look_add_file(fs, rule, file) : finding_add(fs, rule, o->failure.name, NULL);
		if (file && fill)
			fill(fs, x, file);
		culprit_on(fs, x, o);
	}
}

void
check_pem_headers(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		for (size_t k = 0; look_is_judged(file) && k < file->object->n_certs; k++) {
			if (file->object->cert_blocks[k]->headers > 0) {
				look_add_file(fs, RULE_pem_headers, file)->line = file->object->cert_blocks[k]->line;
				break;
			}
		}
	}
	break_lost(fs, RULE_pem_headers, NULL);
}

void
check_pem_block_ignored(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_judged(file) && file->object->pem.skipped > 0 && file->object->n_certs > 0)
			add_flaw(fs, look_add_file(fs, RULE_pem_block_ignored, file), file);
	}
	break_lost(fs, RULE_pem_block_ignored, add_flaw);
}
