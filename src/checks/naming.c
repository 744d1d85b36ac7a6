/* File names: what is skipped, never found, or refused because of its name. */
#include "explain.h"

#include <string.h>

static bool
is_stranger(const struct file *file)
{
	return (!file->row || file->row->is == IS_IGNORED) && !file->key_row;
}

static bool
ends_in(const struct file *file, const char *end)
{
	size_t n = strlen(end);
	struct slice raw = file->entry->raw;

	return raw.n >= n && memcmp(raw.p + raw.n - n, end, n) == 0;
}

static struct finding *
add_near(struct findings *fs, const struct file *file)
{
	struct finding *x = look_add_file(fs, RULE_name_near_miss, file);

	finding_value(fs, x, "expected", look_near(fs, file)->expected);
	return x;
}

/* Whether some row's name for certificates has this name's plain parts and a capture of that type between them; the value goes to
 * value. */
static const char *
typed_pattern(const struct facts *f, const struct file *file, enum capture_type type, struct slice *value)
{
	for (size_t i = 0; f->profile && i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		if (row->is != IS_CERTIFICATE || !look_row_counts(f, row))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			const char *p = row->patterns.list[k];
			if (look_capture_type(f, p) == type && look_capture(p, file->entry->raw, value))
				return p;
		}
	}
	return NULL;
}

/* client.crt and client..crt where client.<user>.crt is meant. */
static const char *
pattern_without_capture(const struct facts *f, const struct file *file)
{
	for (size_t i = 0; f->profile && i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		if (row->is != IS_CERTIFICATE || !look_row_counts(f, row))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			const char *p = row->patterns.list[k], *open = strchr(p, '<'), *close = open ? strchr(open, '>') : NULL;
			struct slice raw = file->entry->raw;
			if (!close || open - p < 2 || open[-1] != '.')
				continue;
			size_t head = (size_t)(open - p), tail = strlen(close + 1);
			bool empty = raw.n == head + tail && memcmp(raw.p, p, head) == 0 &&
			             memcmp(raw.p + head, close + 1, tail) == 0;
			head--;
			bool left_out = raw.n == head + tail && memcmp(raw.p, p, head) == 0 &&
			                memcmp(raw.p + head, close + 1, tail) == 0;
			if (empty || left_out)
				return p;
		}
	}
	return NULL;
}

void
check_name_client_without_user(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const char *pattern = is_stranger(&f->files[i]) ? pattern_without_capture(f, &f->files[i]) : NULL;
		if (pattern)
			finding_value(fs, look_add_file(fs, RULE_name_client_without_user, &f->files[i]), "pattern", pattern);
	}
}

/* A name that must not be there because of what it has where a number is wanted. */
static bool
wants_number(const struct facts *f, const struct file *file, struct slice *value)
{
	struct slice rest;

	if (!file->row || file->row->is != IS_IGNORED || !typed_pattern(f, file, CAPTURE_NUMBER, value))
		return false;
	/* The row that ignores it must be the counterpart of that pattern, not one for every name. */
	for (size_t k = 0; k < file->row->patterns.n; k++) {
		if (look_capture(file->row->patterns.list[k], file->entry->raw, &rest) && slice_eq(rest, *value) && value->n > 0)
			return true;
	}
	return false;
}

void
check_name_near_miss(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;
	struct slice value;

	for (size_t i = 0; i < f->n_files; i++) {
		if (look_near(fs, &f->files[i])->expected && !wants_number(f, &f->files[i], &value))
			add_near(fs, &f->files[i]);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_name_near_miss, &i)) != NULL;)
		culprit_on(fs, add_near(fs, look_near_of(fs, culprit_missing(fs, o))), o);
}

void
check_name_tenant_id(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;
	struct slice value;

	for (size_t i = 0; i < f->n_files; i++) {
		if (wants_number(f, &f->files[i], &value))
			finding_value(fs, look_add_file(fs, RULE_name_tenant_id, &f->files[i]), "value", look_value(fs, value));
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_name_tenant_id, &i)) != NULL;) {
		struct culprit b = culprit_file(fs, o);
		struct finding *x = b.file ? look_add_file(fs, RULE_name_tenant_id, b.file)
		                           : finding_add(fs, RULE_name_tenant_id, b.name, NULL);
		if (b.file)
			finding_value(fs, x, "value", wants_number(f, b.file, &value) ? look_value(fs, value) : b.file->name);
		culprit_on(fs, x, o);
	}
}

static struct finding *
add_folded(struct findings *fs, const struct file *file)
{
	struct finding *x = look_add_file(fs, RULE_name_user_case, file);

	finding_value(fs, x, "user", look_near(fs, file)->user);
	finding_value(fs, x, "expected", look_near(fs, file)->folded);
	return x;
}

void
check_name_user_case(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	for (size_t i = 0; i < f->n_files; i++) {
		if (look_near(fs, &f->files[i])->folded)
			add_folded(fs, &f->files[i]);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_name_user_case, &i)) != NULL;)
		culprit_on(fs, add_folded(fs, look_unfolded_of(fs, culprit_missing(fs, o))), o);
}

static bool
is_user_name(struct slice s)
{
	if (s.n == 0 || s.n > 63)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		bool first = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
		if (!first && (i == 0 || (c != '-' && c != '.')))
			return false;
	}
	return true;
}

void
check_name_user_invalid(const struct facts *f, struct findings *fs)
{
	struct slice user;

	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!look_is_leaf(file) || strchr(file->row->patterns.list[0], '<') == NULL)
			continue;
		if (typed_pattern(f, file, CAPTURE_LOWER_CASE, &user) && !is_user_name(user))
			finding_value(fs, look_add_file(fs, RULE_name_user_invalid, file), "user", look_value(fs, user));
	}
}

/* Whether the absence of that file is already the cause of something that fails: then its lone key is no news. */
static bool
is_said_missing(struct findings *fs, const char *name)
{
	const struct outcome *o;

	for (size_t i = 0; (o = facts_outcome(fs->facts, i)); i++) {
		if (o->judged && o->failure.cause == CAUSE_MISSING && o->failure.name && strcmp(o->failure.name, name) == 0)
			return true;
	}
	return false;
}

void
check_name_key_without_certificate(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!look_is_key(file) || file->certificate || (file->object && !object_holds_key(file->object)))
			continue;
		const char *pattern = file->key_row->patterns.list[0], *open = strchr(pattern, '<');
		const char *close = open ? strchr(open, '>') : NULL;
		const char *value = file->binds.n > 0 ? look_value(fs, file->binds.list[0].value) : file->capture;
		const char *expected = close && value
		                           ? arena_printf(fs->arena, "%.*s%s%s", (int)(open - pattern), pattern, value, close + 1)
		                           : pattern;
		if (!is_said_missing(fs, expected))
			finding_value(fs, look_add_file(fs, RULE_name_key_without_certificate, file), "expected", expected);
	}
}

/* A name that is claimed by another rule of this file. */
static bool
is_claimed(struct findings *fs, const struct file *file)
{
	struct slice value;

	return look_near(fs, file)->expected || look_near(fs, file)->folded || wants_number(fs->facts, file, &value) ||
	       pattern_without_capture(fs->facts, file);
}

void
check_name_unknown(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; f->profile && i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!is_stranger(file) || file->entry->type == ENTRY_DIRECTORY || !ends_in(file, ".crt") || is_claimed(fs, file))
			continue;
		finding_value(fs, look_add_file(fs, RULE_name_unknown, file), "log", look_says(fs, file));
	}
}

static const struct file *
chosen_ca(const struct facts *f)
{
	for (size_t i = 0; i < f->n_files; i++) {
		if (look_is_ca(&f->files[i]) && look_is_judged(&f->files[i]))
			return &f->files[i];
	}
	return NULL;
}

/* Whether a CA row of another naming scheme covers the name. */
static bool
foreign_ca(const struct facts *f, const struct file *file)
{
	struct binds binds;

	for (size_t i = 0; i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		if (row->is != IS_CA || !row->dialect || strcmp(row->dialect, f->dialect) == 0)
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			if (pattern_match(f->profile, row->patterns.list[k], file->entry->raw, &binds))
				return true;
		}
	}
	return false;
}

static bool
same_certificates(const struct object *a, const struct object *b)
{
	bool same = a->n_certs == b->n_certs;

	for (size_t i = 0; same && i < a->n_certs; i++)
		same = slice_eq(a->certs[i]->raw, b->certs[i]->raw);
	return same;
}

/* One row has two names for the CA, both are here, and they differ: who reads which is a matter of configuration. */
static const struct file *
other_name(const struct facts *f, const struct file *file)
{
	for (size_t i = 0; look_is_ca(file) && look_is_judged(file) && !file->used && i < f->n_files; i++) {
		const struct file *other = &f->files[i];
		if (other->used && other->row == file->row && look_is_judged(other) &&
		    !same_certificates(file->object, other->object))
			return other;
	}
	return NULL;
}

void
check_name_dialects_mixed(const struct facts *f, struct findings *fs)
{
	const struct file *own = f->profile && f->dialect ? chosen_ca(f) : NULL;

	for (size_t i = 0; own && i < f->n_files; i++) {
		const struct file *other = other_name(f, &f->files[i]);
		if (other)
			finding_value(fs, look_add_file(fs, RULE_name_dialects_mixed, &f->files[i]), "other", other->name);
	}

	for (size_t i = 0; own && i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!is_stranger(file) || !file->object || file->object->n_certs == 0 || !foreign_ca(f, file) ||
		    same_certificates(file->object, own->object))
			continue;
		finding_value(fs, look_add_file(fs, RULE_name_dialects_mixed, file), "other", own->name);
	}
}
