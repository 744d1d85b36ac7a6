/* Private keys: their files, whether they can be used, and whose they are. */
#include "explain.h"

#include <string.h>

static const struct key *
key_of(struct findings *fs, const struct file *file)
{
	return file->object ? object_key(fs->arena, file->object) : NULL;
}

static const char *
key_kind(struct findings *fs, const struct key *k)
{
	struct spki public = {.type = k->type, .curve = k->curve, .bits = k->bits};

	return k->type == KEY_UNKNOWN ? NULL : spki_text(fs->arena, &public);
}

/* A file that no row asks for and that holds the key of this certificate: it lies here under another name. */
static const char *
key_elsewhere(struct findings *fs, const struct file *file, size_t *tries)
{
	const struct facts *f = fs->facts;
	const struct cert *c = file->object && file->object->n_certs > 0 ? file->object->certs[0] : NULL;

	for (size_t i = 0; c && c->usable && i<f->n_files && * tries> 0; i++) {
		const struct file *other = &f->files[i];
		if (other->certificate || !other->object || !object_holds_key(other->object))
			continue;
		--*tries;
		if (key_of(fs, other)->flaw == KEY_SOUND && key_match(key_of(fs, other), &c->spki) == KEY_MATCHES)
			return other->name;
	}
	return NULL;
}

static struct finding *
add_missing(struct findings *fs, const struct file *file, size_t *tries)
{
	struct finding *x = look_add_file(fs, RULE_key_missing, file);

	finding_value(fs, x, "expected", file->key_name ? file->key_name : "its key file");
	finding_value(fs, x, "instead", key_elsewhere(fs, file, tries));
	look_mend(fs, x, file->name);
	return x;
}

void
check_key_missing(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;
	size_t tries = 2000; /* a match costs a point multiplication */

	for (size_t i = 0; i < f->n_files; i++) {
		if (look_is_leaf(&f->files[i]) && f->files[i].entry->type == ENTRY_FILE && f->files[i].key_name &&
		    !f->files[i].key)
			add_missing(fs, &f->files[i], &tries);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_key_missing, &i)) != NULL;) {
		const struct file *file = o->failure.file ? culprit_pair(&o->failure).file : culprit_file(fs, o).file;
		struct finding *x = file ? add_missing(fs, file, &tries)
		                         : finding_add(fs, RULE_key_missing, o->failure.name, NULL);
		culprit_on(fs, x, o);
	}
}

void
check_key_unreadable(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_key(file) && file->certificate && file->used && file->entry->type == ENTRY_FILE && !file->readable &&
		    !look_closed(f))
			look_permissions(fs, look_add_file(fs, RULE_key_unreadable, file), file);
	}
	culprit_files(fs, RULE_key_unreadable, look_permissions);
}

/* chmod, if the path can be written down as it is. */
static void
add_chmod(struct findings *fs, struct finding *x, const struct file *file)
{
	if (x->commands.n > 0 || strcmp(file->name, (const char *)file->entry->raw.p) != 0)
		return;

	struct command *c = arena_alloc(fs->arena, sizeof *c);
	c->argv.list = arena_array(fs->arena, 3, sizeof *c->argv.list);
	c->argv.list[c->argv.n++] = "chmod";
	c->argv.list[c->argv.n++] = "0600";
	c->argv.list[c->argv.n++] = entry_path(fs->arena, fs->facts->listing->path, file->name);
	x->commands = (struct commands){c, 1};
}

/* "-rwxr-----" as octal digits, to stand beside the mode that was found. */
static const char *
octal(struct findings *fs, const char *words)
{
	uint32_t mode = 0;

	if (!words || strlen(words) != 10)
		return words;
	for (size_t i = 1; i < 10; i++)
		mode = mode << 1 | (words[i] != '-');
	return look_mode(fs, mode);
}

static void
fill_failed_mode(struct findings *fs, enum rule_id rule, const struct outcome *o, const struct failure *failure)
{
	struct culprit b = culprit_key(failure);
	struct finding *x = b.file ? look_add_file(fs, rule, b.file) : finding_add(fs, rule, b.name, NULL);

	if (b.file) {
		look_permissions(fs, x, b.file);
		if (rule == RULE_key_mode) {
			finding_value(fs, x, "allowed", octal(fs, failure->detail));
			add_chmod(fs, x, b.file);
		}
	}
	if (o)
		culprit_on(fs, x, o);
}

/* A failure may hide the key's own behind "its file could not be loaded". */
static const struct failure *
behind(struct findings *fs, const struct outcome *o, enum cause cause)
{
	const struct file *file = o->failure.cause == cause ? NULL : culprit_file(fs, o).file;

	return file && file->load.cause == cause ? &file->load : &o->failure;
}

static void
check_modes(const struct facts *f, struct findings *fs, enum rule_id rule, enum cause cause)
{
	const struct outcome *o;

	for (size_t i = 0; i < f->n_files; i++) {
		if (f->files[i].load.cause == cause)
			fill_failed_mode(fs, rule, NULL, &f->files[i].load);
	}
	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;)
		fill_failed_mode(fs, rule, o, behind(fs, o, cause));
}

void
check_key_mode(const struct facts *f, struct findings *fs)
{
	check_modes(f, fs, RULE_key_mode, CAUSE_KEY_MODE);
}

void
check_key_owner(const struct facts *f, struct findings *fs)
{
	check_modes(f, fs, RULE_key_owner, CAUSE_KEY_OWNER);
}

static bool
is_ca_key(const struct file *file)
{
	return file->key_row && file->key_row->is == IS_CA && file->key_row != file->row && file->object &&
	       object_holds_key(file->object);
}

void
check_key_exposed(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		bool ca = is_ca_key(file);
		bool refused = file->certificate && file->certificate->load.cause == CAUSE_KEY_MODE; /* key-mode says it */
		if (!ca && (refused || !look_is_key(file)))
			continue;
		if (file->entry->type != ENTRY_FILE || !(file->entry->mode & 04) ||
		    (file->object && !object_holds_key(file->object)))
			continue;
		struct finding *x = look_add_file(fs, RULE_key_exposed, file);
		finding_value(fs, x, "kind", ca ? "the private key of a CA" : "a private key");
		look_permissions(fs, x, file);
		add_chmod(fs, x, file);
		x->grave = ca;
	}
}

static void
add_key_flaw(struct findings *fs, struct finding *x, const struct file *file)
{
	const struct key *k = key_of(fs, file);

	if (!k)
		return;
	if (k->line > 0)
		x->line = k->line;
	finding_value(fs, x, "type", key_kind(fs, k));
	if (k->flaw == KEY_CERTIFICATE)
		finding_value(fs, x, "flaw", "it holds a certificate");
	else if (file->object->data.n == 0)
		finding_value(fs, x, "flaw", "it is empty");
	else if (k->flaw == KEY_OTHER_BLOCKS && file->object->pem.n > 0)
		finding_value(fs, x, "flaw",
		    arena_printf(
		        fs->arena, "it holds a block of the kind %s", look_value(fs, file->object->pem.blocks[0].label)));
	else if (k->flaw == KEY_NOT_PEM)
		finding_value(fs, x, "flaw", pem_flaw_text(file->object->pem.flaw));
	finding_value(fs, x, "error", k->go_error);
}

static bool
is_flaw_of(enum key_flaw flaw, enum rule_id rule)
{
	switch (flaw) {
	case KEY_SOUND:
		return false;
	case KEY_NOT_PEM:
	case KEY_CERTIFICATE:
	case KEY_OTHER_BLOCKS:
		return rule == RULE_key_not_pem;
	case KEY_ENCRYPTED:
		return rule == RULE_key_encrypted;
	case KEY_UNSUPPORTED:
		return rule == RULE_key_unsupported;
	case KEY_DAMAGED:
		return rule == RULE_key_damaged;
	}
	return false;
}

static void
check_flaw(const struct facts *f, struct findings *fs, enum rule_id rule)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_key(file) && file->object && is_flaw_of(key_of(fs, file)->flaw, rule))
			add_key_flaw(fs, look_add_file(fs, rule, file), file);
	}
	culprit_files(fs, rule, add_key_flaw);
}

void
check_key_encrypted(const struct facts *f, struct findings *fs)
{
	check_flaw(f, fs, RULE_key_encrypted);
}

void
check_key_not_pem(const struct facts *f, struct findings *fs)
{
	check_flaw(f, fs, RULE_key_not_pem);
}

static void
add_first_block(struct findings *fs, struct finding *x, const struct file *file)
{
	if (!file->object || file->object->pem.n == 0)
		return;
	x->line = file->object->pem.blocks[0].line;
	finding_value(fs, x, "block", look_value(fs, file->object->pem.blocks[0].label));
}

void
check_key_not_first(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_files(fs, RULE_key_not_first, add_first_block);
}

static void
add_label(struct findings *fs, struct finding *x, const struct file *file)
{
	static const char *const labels[] = {NULL, "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"};
	const struct key *k = key_of(fs, file);

	if (!k)
		return;
	x->line = k->line;
	finding_value(fs, x, "label", labels[k->form]);
}

void
check_key_label(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_files(fs, RULE_key_label, add_label);
}

void
check_key_unsupported(const struct facts *f, struct findings *fs)
{
	check_flaw(f, fs, RULE_key_unsupported);
}

void
check_key_damaged(const struct facts *f, struct findings *fs)
{
	check_flaw(f, fs, RULE_key_damaged);
}

/* The certificate elsewhere in the directory to which the key belongs. */
static void
add_owner(struct findings *fs, struct finding *x, const struct file *key_file, const struct file *own)
{
	const struct key *k = key_of(fs, key_file);
	struct slice public = k && k->flaw == KEY_SOUND ? key_spki(fs->arena, k) : (struct slice){0};
	struct seats s = public.n > 0 ? look_spki(look_at(fs), public) : (struct seats){0};

	for (size_t i = 0; i < s.n; i++) {
		if (s.list[i]->file != own && key_match(k, &s.list[i]->cert->spki) == KEY_MATCHES) {
			finding_value(fs, x, "belongs_to", s.list[i]->file->name);
			return;
		}
	}
}

static struct finding *
add_mismatch(struct findings *fs, const struct file *key_file, const struct file *own)
{
	struct finding *x = look_add_file(fs, RULE_key_mismatch, key_file);
	const struct cert *c = own && own->object && own->object->n_certs > 0 ? own->object->certs[0] : NULL;
	const struct key *k = key_of(fs, key_file);

	finding_value(fs, x, "certificate", own ? own->name : "its certificate");
	add_owner(fs, x, key_file, own);
	look_mend(fs, x, own ? own->name : NULL);
	if (c && c->usable && k && k->type != c->spki.type && k->flaw == KEY_SOUND && key_kind(fs, k))
		finding_value(fs, x, "reason",
		    arena_printf(
		        fs->arena, "the certificate has %s, the key is %s", spki_text(fs->arena, &c->spki), key_kind(fs, k)));
	return x;
}

void
check_key_mismatch(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_leaf(file) && file->key && look_place(fs, file) == PLACE_NONE)
			add_mismatch(fs, file->key, file);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_key_mismatch, &i)) != NULL;) {
		struct culprit key = culprit_key(&o->failure), own = culprit_pair(&o->failure);
		struct finding *x = key.file ? add_mismatch(fs, key.file, own.file)
		                             : finding_add(fs, RULE_key_mismatch, key.name, NULL);
		culprit_on(fs, x, o);
	}
}

void
check_key_several(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct key *k = look_is_key(&f->files[i]) ? key_of(fs, &f->files[i]) : NULL;
		if (k && k->blocks > 1)
			finding_value(
			    fs, look_add_file(fs, RULE_key_several, &f->files[i]), "blocks", look_number(fs, k->blocks));
	}
}

static bool
is_of(struct findings *fs, const struct file *key_file, const struct file *file)
{
	const struct object *o = file ? file->object : NULL;
	const struct key *k = key_of(fs, key_file);

	for (size_t i = 0; o && k->flaw == KEY_SOUND && i < o->n_certs; i++) {
		if (o->certs[i]->usable && key_match(k, &o->certs[i]->spki) == KEY_MATCHES)
			return true;
	}
	return false;
}

void
check_key_ca_present(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!is_ca_key(file))
			continue;
		struct finding *x = look_add_file(fs, RULE_key_ca_present, file);
		if (is_of(fs, file, file->certificate))
			finding_value(fs, x, "certificate", file->certificate->name);
		else
			finding_value(
			    fs, x, "named", file->certificate ? file->certificate->name : file->key_row->patterns.list[0]);
	}
}
