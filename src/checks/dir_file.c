/* The directory and its files before their contents count. */
#include "explain.h"

#include <string.h>

static void
breaks_directory(struct findings *fs, enum rule_id rule)
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		struct finding *x = finding_add(fs, rule, NULL, NULL);
		if (rule == RULE_dir_unreadable)
			finding_value(fs, x, "reason", o->failure.cause == CAUSE_DIRECTORY ? o->failure.error : NULL);
		culprit_on(fs, x, o);
	}
}

void
check_dir_unreadable(const struct facts *f, struct findings *fs)
{
	breaks_directory(fs, RULE_dir_unreadable);
	if (f->listing->error || (f->profile && look_closed(f)))
		finding_add(fs, RULE_dir_unreadable, NULL, NULL);
}

/* A row that is there whatever files are here: its conditions, if any, are about variables. */
static bool
is_general(const struct facts *f, const struct file_row *row)
{
	for (size_t i = 0; i < row->gate.n_when; i++) {
		const struct cond *c = &row->gate.when[i];
		const struct value *v = facts_value(f, c->subject);
		bool set = v && v->text && *v->text;
		if (c->kind != (set ? COND_SET : COND_UNSET))
			return false;
	}
	return true;
}

/* The names that must be here; where no certificate must, all that may. */
static void
add_expected(struct findings *fs, struct finding *x)
{
	const struct profile *p = fs->facts->profile;
	bool definite = false;

	for (size_t i = 0; p && i < p->n_files; i++)
		definite = definite ||
		           (p->files[i].is == IS_CERTIFICATE && p->files[i].required && is_general(fs->facts, &p->files[i]));
	for (size_t i = 0; p && i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		bool wanted = is_general(fs->facts, row) && (row->required || (row->is == IS_CERTIFICATE && !definite));
		if ((row->is == IS_CERTIFICATE || row->is == IS_CA) && wanted && row->patterns.n > 0 &&
		    look_row_counts(fs->facts, row))
			finding_values(fs, x, "expected", row->patterns.list[0]);
	}
}

void
check_dir_empty(const struct facts *f, struct findings *fs)
{
	bool found = f->listing->error != 0 || f->listing->too_many;
	/* Authorities alone make a directory only where something that misses a certificate says so: else nothing was judged. */
	bool silent = f->profile && f->start.ok && f->n_connections == 0;

	breaks_directory(fs, RULE_dir_empty);
	for (size_t i = 0; i < f->n_files && !found; i++)
		found = look_is_leaf(&f->files[i]) || (look_is_ca(&f->files[i]) && !silent);
	if (!found)
		finding_add(fs, RULE_dir_empty, NULL, NULL);
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *x = fs->list[i];
		if (x->rule->number != RULE_dir_empty)
			continue;
		add_expected(fs, x);
		for (size_t k = 0; k < f->n_files; k++) {
			if (look_is_ca(&f->files[k]))
				finding_values(fs, x, "beside", f->files[k].name);
			if (look_near(fs, &f->files[k])->expected)
				finding_values(fs, x, "similar", f->files[k].name);
		}
	}
}

void
check_dir_ambiguous(const struct facts *f, struct findings *fs)
{
	if (!f->also_fits || !f->profile)
		return;

	struct finding *x = finding_add(fs, RULE_dir_ambiguous, NULL, NULL);
	finding_value(fs, x, "profile", f->profile->name);
	finding_value(fs, x, "other", f->also_fits);
}

static bool
has_role(const struct file *file)
{
	return look_is_leaf(file) || look_is_ca(file) || look_is_key(file);
}

void
check_dir_limit(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	if (f->listing->too_many)
		finding_values(fs, finding_add(fs, RULE_dir_limit, NULL, NULL), "limit", "it has more entries than are read");
	if (f->too_many)
		finding_values(fs, finding_add(fs, RULE_dir_limit, NULL, NULL), "limit",
		    "there are more users or connections than are judged");
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!has_role(file))
			continue;
		if (file->entry->too_large)
			finding_values(fs, look_add_file(fs, RULE_dir_limit, file), "limit",
			    "the file, or all files together, are too large");
		if (file->object && file->object->pem.too_many)
			finding_values(fs, look_add_file(fs, RULE_dir_limit, file), "limit", "the file has too many PEM blocks");
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_dir_limit, &i)) != NULL;) {
		struct culprit b = culprit_file(fs, o);
		struct finding *x = b.file ? look_add_file(fs, RULE_dir_limit, b.file)
		                           : finding_add(fs, RULE_dir_limit, b.name, NULL);
		finding_values(fs, x, "limit", "the file was not read");
		culprit_on(fs, x, o);
	}
}

void
check_dir_unjudged(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;
	size_t resting = 0;

	for (size_t i = 0; i < f->unjudged.n; i++)
		finding_values(fs, finding_add(fs, RULE_dir_unjudged, NULL, NULL), "sentences", f->unjudged.list[i]);
	for (size_t i = 0; i < f->n_connections; i++)
		resting += f->connections[i].unchecked.n > 0;
	if (f->unjudged.n > 0 && resting > 0)
		finding_value(fs, finding_add(fs, RULE_dir_unjudged, NULL, NULL), "connections", look_number(fs, resting));
	/* A failure without a cause: nothing should come here, but nothing that fails may be left without a finding. */
	for (size_t i = 0; (o = culprit_next(fs, RULE_dir_unjudged, &i)) != NULL;) {
		struct finding *x = finding_add(fs, RULE_dir_unjudged, NULL, NULL);
		finding_values(fs, x, "sentences", o->failure.error);
		culprit_on(fs, x, o);
	}
}

void
check_file_missing(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	(void)f;
	for (size_t i = 0; (o = culprit_next(fs, RULE_file_missing, &i)) != NULL;) {
		const char *name = culprit_missing(fs, o);
		const struct connection *c = facts_connection(o);
		struct finding *x = finding_add(fs, RULE_file_missing, name, name || !c ? NULL : c->from);
		const struct file *near = name ? look_near_of(fs, name) : NULL;
		if (near) {
			finding_value(fs, x, "instead", near->name);
			finding_relate(fs, x, look_add_file(fs, RULE_name_near_miss, near));
		}
		look_mend(fs, x, name);
		culprit_on(fs, x, o);
	}
}

static bool
is_file(const struct file *file)
{
	return file->entry->type == ENTRY_FILE;
}

void
check_file_empty(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if ((look_is_leaf(file) || look_is_ca(file)) && is_file(file) && file->entry->read && file->entry->data.n == 0)
			look_mend(fs, look_add_file(fs, RULE_file_empty, file), file->name);
	}
	culprit_files(fs, RULE_file_empty, NULL);
}

void
check_file_unreadable(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if ((look_is_leaf(file) || look_is_ca(file)) && is_file(file) && !file->readable && !look_closed(f))
			look_permissions(fs, look_add_file(fs, RULE_file_unreadable, file), file);
	}
	culprit_files(fs, RULE_file_unreadable, look_permissions);
}

static void
add_kind(struct findings *fs, struct finding *x, const struct file *file)
{
	static const char *const kinds[] = {
	    [ENTRY_FILE] = "something else",
	    [ENTRY_DIRECTORY] = "a directory",
	    [ENTRY_FIFO] = "a FIFO",
	    [ENTRY_SOCKET] = "a socket",
	    [ENTRY_DEVICE] = "a device",
	    [ENTRY_NOTHING] = "a link to nothing",
	};

	finding_value(fs, x, "kind", kinds[file->entry->type]);
}

void
check_file_not_regular(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (has_role(file) && !is_file(file) && file->entry->type != ENTRY_NOTHING)
			add_kind(fs, look_add_file(fs, RULE_file_not_regular, file), file);
	}
	culprit_files(fs, RULE_file_not_regular, add_kind);
}

static void
add_target(struct findings *fs, struct finding *x, const struct file *file)
{
	finding_value(fs, x, "target", file->entry->target ? file->entry->target : "nowhere");
}

void
check_file_link_dangling(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (has_role(file) && (file->entry->link == LINK_DANGLING || file->entry->link == LINK_LOOP))
			add_target(fs, look_add_file(fs, RULE_file_link_dangling, file), file);
	}
	culprit_files(fs, RULE_file_link_dangling, add_target);
}

void
check_file_link_outside(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (has_role(file) && file->entry->link == LINK_OUTSIDE)
			add_target(fs, look_add_file(fs, RULE_file_link_outside, file), file);
	}
}

void
check_file_changed(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		if (has_role(&f->files[i]) && f->files[i].entry->changed)
			look_add_file(fs, RULE_file_changed, &f->files[i]);
	}
}
