/*
 * Files: which entry fills which row of the profile, which key belongs to which certificate, and as whom the system runs.
 * The only place where names and rows meet.
 */
#include "model.h"

#include <string.h>

#include "crtlint/limits.h"

static bool
row_counts(const struct model *m, const struct file_row *row)
{
	if (row->dialect && (!m->facts->dialect || strcmp(row->dialect, m->facts->dialect)))
		return false;
	if (!row->gate.n_when)
		return version_in(&m->facts->server_version, &row->gate.since, &row->gate.until);
	struct scope s = scope_new((struct model *)m);
	return gate_open(&s, &row->gate);
}

/* "<stem>" in a key's name: the file's name without its last extension. */
const char *
name_stem(struct arena *a, const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name ? arena_strndup(a, name, (size_t)(dot - name)) : name;
}

/* The raw name that a row's key has for this file, or NULL when the row has none. */
static const char *
key_name(struct model *m, const struct file_row *row, const struct binds *binds, const char *name)
{
	if (!row->key || !*row->key)
		return NULL;
	struct scope s = scope_new(m);
	for (size_t i = 0; i < binds->n; i++) {
		struct slice v = binds->list[i].value;
		scope_give(&s, binds->list[i].name, arena_strndup(m->arena, (const char *)v.p, v.n));
	}
	scope_give(&s, "stem", name_stem(m->arena, name));
	const char *key;
	return scope_fill(&s, row->key, &key) ? key : NULL;
}

static const struct file_row *
row_of(struct model *m, struct slice name, struct binds *binds)
{
	for (size_t i = 0; i < m->profile->n_files; i++) {
		const struct file_row *row = &m->profile->files[i];
		bool counts = false;
		for (size_t k = 0; k < row->patterns.n; k++) {
			const char *pattern;
			if (!pattern_may_match(row->patterns.list[k], name))
				continue;
			if (!counts && !(counts = row_counts(m, row)))
				break;
			struct scope s = scope_new(m);
			if (!scope_fill(&s, row->patterns.list[k], &pattern))
				pattern = row->patterns.list[k]; /* its captures stay open: that is what is matched */
			if (pattern_match(m->profile, pattern, name, binds))
				return row;
		}
	}
	return NULL;
}

/* How much of the directory a dialect explains: its rows' files and their keys, a required one counting double. */
static unsigned
dialect_score(struct model *m, const char *dialect)
{
	const struct listing *l = m->facts->listing;
	m->facts->dialect = dialect;
	unsigned score = placed_score(m);
	for (size_t i = 0; i < l->n; i++) {
		struct binds binds = {.n = 0};
		const struct file_row *row = row_of(m, l->entries[i].raw, &binds);
		if (!row || row->is == IS_IGNORED || row->is == IS_OTHER)
			continue;
		score += row->required ? 2 : 1;
		const char *key = key_name(m, row, &binds, (const char *)l->entries[i].raw.p);
		if (key && listing_find(l, key))
			score += 2;
	}
	return score;
}

/* Files that the dialect requires and that are not here. */
static unsigned
dialect_lacks(struct model *m, const char *dialect)
{
	unsigned lacks = 0;
	m->facts->dialect = dialect;
	for (size_t i = 0; i < m->profile->n_files; i++) {
		const struct file_row *row = &m->profile->files[i];
		bool here = !row->required || !row_counts(m, row);
		for (size_t k = 0; k < row->patterns.n && !here; k++)
			here = strchr(row->patterns.list[k], '<') || listing_find(m->facts->listing, row->patterns.list[k]);
		if (!here && row->key && *row->key) /* its key says that it was meant to be here */
			here = listing_find(m->facts->listing, row->key) != NULL;
		lacks += !here;
	}
	return lacks;
}

/* The one that explains more; of two that explain as much, the one that lacks less. */
static void
choose_dialect(struct model *m)
{
	const char *best = NULL;
	unsigned most = 0;
	for (size_t i = 0; i < m->profile->dialects.n; i++) {
		unsigned score = dialect_score(m, m->profile->dialects.list[i]);
		if (!best || score > most ||
		    (score == most && dialect_lacks(m, m->profile->dialects.list[i]) < dialect_lacks(m, best))) {
			best = m->profile->dialects.list[i];
			most = score;
		}
	}
	m->facts->dialect = best;
}

static struct file *
file_named(struct facts *f, const char *raw)
{
	return (struct file *)facts_file(f, raw);
}

static void
pair_key(struct model *m, struct file *file)
{
	const char *key = key_name(m, file->row, &file->binds, (const char *)file->entry->raw.p);
	if (!key)
		return;
	file->key_name = text_safe(m->arena, slice_of(key), TEXT_NAME);
	file->key_path = file_path(m, file->key_name);
	struct file *found = file_named(m->facts, key);
	if (!found)
		return;
	file->key = found;
	found->certificate = file;
	found->key_row = file->row;
	if (found != file && !found->row) {
		found->binds = file->binds;
		found->role = arena_printf(m->arena, "%s key", file->role);
		found->capture = file->capture;
	}
}

/* The capture that stands for users: the one that is typed lower-case. */
static const char *
user_capture(const struct profile *p)
{
	for (size_t i = 0; i < p->n_captures; i++)
		if (p->captures[i].type == CAPTURE_LOWER_CASE)
			return p->captures[i].name;
	return NULL;
}

/*
 * Who reads a file. A client's own files are read by its user, who need not be the server's: where it was only guessed who runs the server,
 * nothing is held against a client's file that its owner may read.
 */
static struct identity
reader_of(const struct model *m, const struct file *file)
{
	const char *capture = user_capture(m->profile);
	for (size_t i = 0; capture && m->facts->run_as_from == FROM_GUESS && i < file->binds.n; i++)
		if (strcmp(file->binds.list[i].name, capture) == 0)
			return (struct identity){file->entry->uid, file->entry->gid};
	return m->facts->run_as;
}

static bool
readable(const struct listing *l, const struct entry *e, struct identity who)
{
	if (e->type == ENTRY_NOTHING)
		return false;
	if (e->unknown)
		return true; /* nobody can tell: what hangs on it is unjudged, not refused */
	bool inside = l->n && e >= l->entries && e < l->entries + l->n;
	return (!inside || entry_may(l->mode, l->uid, l->gid, who, 1)) && entry_may(e->mode, e->uid, e->gid, who, 4);
}

static void
role_of(struct model *m, struct file *file)
{
	struct scope s = scope_new(m);
	scope_give_binds(&s, &file->binds);
	const char *role;
	if (file->row->is == IS_IGNORED)
		return;
	if (!scope_fill(&s, file->row->role, &role))
		role = file->row->role;
	file->role = role;
}

/* The identity is always told, wherever it comes from. */
static void
tell_run_as(struct model *m)
{
	struct value *v = (struct value *)facts_value(m->facts, "run-as");
	if (!v)
		return;
	v->text = arena_printf(m->arena, "%u:%u", m->facts->run_as.uid, m->facts->run_as.gid);
	v->from = m->facts->run_as_from;
}

/* Root, and whoever looks into an archive, looks on behalf of the server: the owner of a listener's key says who that is, else the owner
 * of the archive's directory. */
static void
guess_run_as(struct model *m)
{
	struct facts *f = m->facts;
	const struct value *v = facts_value(f, "run-as");
	if ((v && v->text) || (f->settings->caller.uid != 0 && !f->listing->archived))
		return;
	const struct file *best = NULL;
	for (size_t i = 0; i < f->n_files && (!best || !best->certificate->row->required); i++) {
		const struct file *file = &f->files[i];
		if (file->certificate && file->certificate->row->is == IS_CERTIFICATE && file->entry->type == ENTRY_FILE &&
		    (!best || file->certificate->row->required))
			best = file;
	}
	if (!best && !f->listing->archived)
		return;
	f->run_as = best ? (struct identity){best->entry->uid, best->entry->gid}
	                 : (struct identity){f->listing->uid, f->listing->gid};
	f->run_as_from = FROM_GUESS;
}

static struct object *
parse(struct model *m, const struct entry *e)
{
	struct object *o = object_parse(m->arena, e->data, m->facts->go);
	if (e->substituted) {
		struct key_stand_in *stand_in = arena_alloc(m->arena, sizeof(*stand_in));
		*stand_in = (struct key_stand_in){e->key_facts, e->content};
		o->stand_in = stand_in;
	}
	return o;
}

/* "<stem>" of a key's pattern is that of one of the row's own names, not any word. */
static bool
is_key_of(const struct model *m, const struct file_row *row, const struct entry *e, struct binds *binds)
{
	static const char word[] = "<stem>";
	const char *at = strstr(row->key, word);
	if (!at)
		return pattern_match(m->profile, row->key, e->raw, binds);
	for (size_t i = 0; i < row->patterns.n; i++) {
		const char *key = arena_printf(m->arena, "%.*s%s%s", (int)(at - row->key), row->key,
		    name_stem(m->arena, row->patterns.list[i]), at + strlen(word));
		if (pattern_match(m->profile, key, e->raw, binds))
			return true;
	}
	return false;
}

/* A certificate that is missing still has a key lying about: give the orphan its row, so that it can be named. */
static void
take_orphans(struct model *m, const struct file_row *row)
{
	for (size_t i = 0; i < m->facts->n_files; i++) {
		struct file *file = &m->facts->files[i];
		struct binds binds = {.n = 0};
		if (file->row || file->key_row || !is_key_of(m, row, file->entry, &binds))
			continue;
		file->key_row = row;
		file->binds = binds;
		struct scope s = scope_new(m);
		scope_give_binds(&s, &binds);
		const char *role;
		file->role = arena_printf(m->arena, "%s key", scope_fill(&s, row->role, &role) ? role : row->role);
	}
}

void
files_fill(struct model *m)
{
	struct facts *f = m->facts;
	choose_dialect(m);
	f->files = arena_array(m->arena, f->listing->n + f->settings->n_placed, sizeof(*f->files));
	for (size_t i = 0; i < f->listing->n; i++)
		f->files[i].entry = &f->listing->entries[i];
	f->n_files = placed_enter(m);
	for (size_t i = 0; i < f->n_files; i++) {
		struct file *file = &f->files[i];
		file->name = file->entry->name;
		file->path = file_path(m, file->name);
		file->stem = name_stem(m->arena, file->name);
		if (file->entry->read && file->entry->type == ENTRY_FILE)
			file->object = parse(m, file->entry);
		if (i < f->listing->n)
			file->row = row_of(m, file->entry->raw, &file->binds);
		if (!file->row)
			continue;
		role_of(m, file);
		if (file->binds.n)
			file->capture = text_safe(m->arena, file->binds.list[0].value, TEXT_NAME);
	}
	placed_fill(m);
	bool by_content = m->profile->n_files && m->profile->files[0].is == IS_BY_CONTENT;
	if (by_content)
		content_rows(m);
	for (size_t i = 0; i < f->n_files; i++)
		if (f->files[i].row && (f->files[i].row->is == IS_CERTIFICATE || f->files[i].row->is == IS_CA))
			pair_key(m, &f->files[i]);
	if (by_content)
		content_pairs(m);
	placed_pair(m);
	for (size_t i = 0; i < m->profile->n_files; i++)
		if (m->profile->files[i].key && *m->profile->files[i].key && row_counts(m, &m->profile->files[i]))
			take_orphans(m, &m->profile->files[i]);
	m->settled = true;
	guess_run_as(m);
	tell_run_as(m);
	for (size_t i = 0; i < f->n_files; i++)
		f->files[i].readable = readable(f->listing, f->files[i].entry, reader_of(m, &f->files[i]));
}

const char *
text_fold(struct arena *a, const char *s)
{
	return (const char *)text_lower(a, slice_of(s)).p;
}

static void
user_add(struct model *m, const char *name)
{
	if (!*name || words_have(&m->users, name))
		return;
	if (m->users.n < LIMIT_USERS)
		words_add(m->arena, &m->users, name);
	else
		m->facts->too_many = true;
}

/* Where files go by content, each that may be a server's is a peer by its name. */
static void
servers_gather(struct model *m)
{
	for (size_t i = 0; i < m->facts->n_files; i++) {
		const struct file *f = &m->facts->files[i];
		if (!f->row || f->row->is != IS_CERTIFICATE || !f->binds.n || !content_serves(f))
			continue;
		const char *name = text_safe(m->arena, f->binds.list[0].value, TEXT_NAME);
		if (slice_is(f->binds.list[0].value, name)) /* a name that is shown otherwise could not be found again */
			user_add(m, name);
	}
}

/* Users are those with a certificate of their own, also one that is never found (`means`); then those of --user. */
void
users_gather(struct model *m)
{
	const char *capture = user_capture(m->profile);
	if (m->profile->n_files && m->profile->files[0].is == IS_BY_CONTENT)
		servers_gather(m);
	if (!capture)
		return;
	for (size_t i = 0; i < m->facts->n_files; i++) {
		const struct file *f = &m->facts->files[i];
		const struct file_row *row = f->row;
		for (size_t k = 0; row && k < f->binds.n; k++) {
			bool means = row->means && strcmp(row->means, capture) == 0;
			if (means || strcmp(f->binds.list[k].name, capture) == 0)
				user_add(m, text_fold(m->arena, text_safe(m->arena, f->binds.list[k].value, TEXT_NAME)));
		}
	}
	for (size_t i = 0; i < m->facts->settings->users.n; i++)
		user_add(m, text_fold(m->arena, m->facts->settings->users.list[i]));
}
