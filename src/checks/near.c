/* Near misses: files that carry almost the name that is looked for. */
#include "look.h"

#include <string.h>

/* Extensions under which certificates, or keys, are kept; the same for both where habits differ. */
static const char *const certificate_ends[] = {".crt", ".pem", ".cer", ".cert", ".der"};

enum bend { BEND_NONE, BEND_DOTS, BEND_HYPHENS, N_BENDS };

static size_t
stem_length(struct slice s)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '.')
			return i - 1;
	}
	return s.n;
}

static bool
ends_as_certificate(struct slice name)
{
	size_t stem = stem_length(name);
	struct slice end = {name.p + stem, name.n - stem};

	for (size_t i = 0; i < sizeof certificate_ends / sizeof certificate_ends[0]; i++) {
		size_t n = strlen(certificate_ends[i]);
		if (end.n != n)
			continue;
		bool same = true;
		for (size_t k = 0; k < n; k++)
			same = same && (end.p[k] | 0x20) == (certificate_ends[i][k] | 0x20);
		if (same)
			return true;
	}
	return false;
}

/* node.crt.pem and node.crt.txt as node.crt, node_crt and node-crt as node.crt, node as node.crt: one extension, after a dot. */
static struct slice
one_ended(struct arena *arena, struct slice raw)
{
	size_t stem = stem_length(raw), mark = raw.n;
	struct slice head = {raw.p, stem};

	if (stem < raw.n && ends_as_certificate(head) &&
	    (ends_as_certificate(raw) || slice_is((struct slice){raw.p + stem, raw.n - stem}, ".txt")))
		return head;
	if (ends_as_certificate(raw))
		return raw;
	while (mark > 0 && raw.p[mark - 1] != '_' && raw.p[mark - 1] != '-')
		mark--;
	if (mark == 0)
		return memchr(raw.p, '.', raw.n) ? raw
		                                 : slice_of(arena_printf(arena, "%.*s.crt", (int)raw.n, (const char *)raw.p));
	uint8_t *p = arena_alloc(arena, raw.n);
	memcpy(p, raw.p, raw.n);
	p[mark - 1] = '.';
	struct slice out = {p, raw.n};
	return ends_as_certificate(out) ? out : raw;
}

/* The name in lower case, its extension replaced by that of the pattern, separators bent to what patterns use. */
static struct slice
bent(struct arena *arena, struct slice name, const char *end, enum bend bend)
{
	size_t stem = end ? stem_length(name) : name.n, tail = end ? strlen(end) : 0;
	uint8_t *p = arena_alloc(arena, stem + tail + 1);

	for (size_t i = 0; i < stem; i++) {
		uint8_t c = name.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + ('a' - 'A'));
		if (bend == BEND_DOTS && (c == '-' || c == '_'))
			c = '.';
		else if (bend == BEND_HYPHENS && c == '_')
			c = '-';
		p[i] = c;
	}
	if (tail > 0)
		memcpy(p + stem, end, tail);
	return (struct slice){p, stem + tail};
}

static bool
content_fits(const struct file *file, enum file_is is)
{
	const struct object *o = file->object;

	if (o->n_certs == 0)
		return o->pem.flaw == PEM_IS_DER;
	if (!o->certs[0]->usable)
		return true;
	bool ca = !look_no_issuer(o->certs[0]);
	return is == IS_CA ? ca : !ca || o->certs[0]->version < 3;
}

static const char *
pattern_end(const char *pattern)
{
	struct slice s = slice_of(pattern);

	return pattern + stem_length(s);
}

static struct slice
first_part(struct slice s)
{
	const uint8_t *dot = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;

	return (struct slice){s.p, dot ? (size_t)(dot - s.p) : s.n};
}

/* Whether the name begins as names of another kind do, in some release: client-tenant.5.crt is no slip of client.tenant.5.crt. */
static bool
of_other_family(const struct facts *f, struct slice raw, struct slice wanted)
{
	struct slice own = first_part(raw);

	if (slice_eq(own, first_part(wanted)))
		return false;
	for (size_t i = 0; i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		for (size_t k = 0; !row->dialect && row->is != IS_IGNORED && k < row->patterns.n; k++) {
			if (slice_eq(own, first_part(slice_of(row->patterns.list[k]))))
				return true;
		}
	}
	return false;
}

/* The name that this pattern would want of the file; NULL: another one. */
static const char *
wanted_name(struct findings *fs, const struct file *file, const struct file_row *row, const char *pattern)
{
	struct slice raw = one_ended(fs->arena, file->entry->raw);
	const char *end = pattern_end(pattern);
	struct binds binds;

	if (!ends_as_certificate(slice_of(end)) || !ends_as_certificate(raw) || !content_fits(file, row->is))
		return NULL;
	for (enum bend b = BEND_NONE; b < N_BENDS; b++) {
		struct slice name = bent(fs->arena, raw, end, b);
		if (slice_eq(name, file->entry->raw) || !pattern_match(fs->facts->profile, pattern, name, &binds) ||
		    of_other_family(fs->facts, file->entry->raw, name))
			continue;
		const char *text = text_safe(fs->arena, name, TEXT_NAME);
		return facts_file(fs->facts, text) ? NULL : text;
	}
	return NULL;
}

/* Whether the row's file is here under one of the row's other names. */
static bool
is_filled(const struct facts *f, const struct file_row *row)
{
	for (size_t k = 0; k < row->patterns.n; k++) {
		if (!strchr(row->patterns.list[k], '<') && facts_file(f, row->patterns.list[k]))
			return true;
	}
	return false;
}

/* Whether it fits a pattern of this row but for what stands in the place of a number. */
static bool
lacks_number(const struct facts *f, const struct file_row *row, const struct file *file)
{
	struct slice value;

	for (size_t k = 0; k < row->patterns.n; k++) {
		if (look_capture_type(f, row->patterns.list[k]) == CAPTURE_NUMBER &&
		    look_capture(row->patterns.list[k], file->entry->raw, &value))
			return true;
	}
	return false;
}

static bool
may_be_near(const struct file *file)
{
	return (!file->row || file->row->is == IS_IGNORED) && !file->key_row && file->object && file->entry->type == ENTRY_FILE;
}

static const char *
near_name(struct findings *fs, const struct file *file)
{
	const struct profile *p = fs->facts->profile;

	if (!may_be_near(file))
		return NULL;
	for (size_t i = 0; i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		if ((row->is != IS_CERTIFICATE && row->is != IS_CA) || !look_row_counts(fs->facts, row))
			continue;
		if (lacks_number(fs->facts, row, file))
			return NULL;
		for (size_t k = 0; k < row->patterns.n && !is_filled(fs->facts, row); k++) {
			const char *name = wanted_name(fs, file, row, row->patterns.list[k]);
			if (name)
				return name;
		}
	}
	return NULL;
}

/* Whether the stems differ by a slip: a letter more, less, other, or swapped. Asked of names that are missing only, or else too many
 * short names would be near each other. */
static bool
slipped(const struct file *file, const char *missing)
{
	struct slice m = slice_of(missing);
	size_t stem = stem_length(m), own = stem_length(file->entry->raw);
	unsigned distance = text_distance(file->name, missing, true);

	return file->entry->raw.n - own == m.n - stem && memcmp(file->entry->raw.p + own, m.p + stem, m.n - stem) == 0 &&
	       distance > 0 && distance <= (stem > own ? stem : own) / 3 && distance <= 2;
}

static enum file_is
row_kind(const struct facts *f, const char *name, bool *found)
{
	for (size_t i = 0; f->profile && i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		for (size_t k = 0; k < row->patterns.n; k++) {
			if (look_row_counts(f, row) && strcmp(row->patterns.list[k], name) == 0) {
				*found = true;
				return row->is;
			}
		}
	}
	*found = false;
	return IS_OTHER;
}

/* Missing names that stand in a pattern without captures: a slip of the finger may be behind them. */
static void
find_slips(struct findings *fs, struct look *l, const char *missing)
{
	const struct facts *f = fs->facts;
	bool known;
	enum file_is is = row_kind(f, missing, &known);

	if (!known || (is != IS_CERTIFICATE && is != IS_CA) || facts_file(f, missing))
		return;
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (!l->nears[i].expected && !l->nears[i].folded && may_be_near(file) && slipped(file, missing) &&
		    content_fits(file, is))
			l->nears[i].expected = missing;
	}
}

void
look_find_nears(struct findings *fs, struct look *l)
{
	const struct facts *f = fs->facts;
	const struct outcome *o;
	const char *last = NULL;

	l->nears = arena_array(fs->arena, f->n_files, sizeof *l->nears);
	if (!f->profile)
		return;
	for (size_t i = 0; i < f->n_files; i++) {
		if (!look_folds(fs, &f->files[i], &l->nears[i]))
			l->nears[i].expected = near_name(fs, &f->files[i]);
	}
	for (size_t i = 0; (o = facts_outcome(f, i)) != NULL; i++) {
		const struct failure *x = &o->failure;
		if (o->ok || x->cause != CAUSE_MISSING || !x->name || (last && strcmp(last, x->name) == 0))
			continue;
		last = x->name;
		find_slips(fs, l, last);
	}
}

const struct file *
look_near_of(struct findings *fs, const char *missing)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; missing && i < fs->facts->n_files; i++) {
		if (l->nears[i].expected && strcmp(l->nears[i].expected, missing) == 0)
			return &fs->facts->files[i];
	}
	return NULL;
}

const struct file *
look_unfolded_of(struct findings *fs, const char *missing)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; missing && i < fs->facts->n_files; i++) {
		if (l->nears[i].folded && strcmp(l->nears[i].folded, missing) == 0)
			return &fs->facts->files[i];
	}
	return NULL;
}

const struct near *
look_near(struct findings *fs, const struct file *file)
{
	return &look_at(fs)->nears[file - fs->facts->files];
}
