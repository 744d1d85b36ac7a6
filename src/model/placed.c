/*
 * Placed files: a peer's CA, certificate and key that lie where its own settings say. To that peer they are what the words of its row
 * stand for, as if they lay in the directory under the names that the profile has for them; what lies there under these names is not
 * looked at by it.
 */
#include "model.h"

#include <string.h>

static bool
is_file(const char *word)
{
	static const char *const others[] = {"none", "system", "elsewhere", "anything", "every-ca"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(word, others[i]) == 0)
			return false;
	return *word != '+';
}

static const char *
first(const struct words *w, const struct words *else_of)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_file(w->list[i]))
			return w->list[i];
	for (size_t i = 0; i < else_of->n; i++)
		if (is_file(else_of->list[i]))
			return else_of->list[i];
	return NULL;
}

/* The word of the peer's row that such a file stands for. */
static const char *
word_for(const struct scope *s, enum placed_as as)
{
	const struct peer *row = peer_row(s, s->peer);
	const char *word = NULL, *filled;
	if (row && as == PLACED_CA)
		word = first(&row->trusts_servers, &row->trusts_clients);
	else if (row)
		word = first(&row->serves, &row->dials_with);
	return word && scope_fill(s, word, &filled) ? filled : NULL;
}

static struct file *
file_of(struct facts *f, const struct entry *e)
{
	for (size_t i = 0; e && i < f->n_files; i++)
		if (f->files[i].entry == e)
			return &f->files[i];
	return NULL;
}

size_t
placed_enter(struct model *m)
{
	struct facts *f = m->facts;
	f->n_files = f->listing->n;
	for (size_t i = 0; i < f->settings->n_placed; i++) {
		const struct entry *e = f->settings->placed[i].entry;
		bool here = e && (e->type != ENTRY_NOTHING || e->link != LINK_NONE);
		if (here && !file_of(f, e))
			f->files[f->n_files++].entry = e;
	}
	return f->n_files;
}

/* The file is what the row says, under the expected name; what has that name in the directory is not. */
static void
take_place(struct model *m, struct file *file, const struct stand_in *in)
{
	const struct file *hidden = facts_file(m->facts, in->expected);
	for (size_t i = 0; i < in->row->patterns.n; i++)
		if (pattern_match(m->profile, in->row->patterns.list[i], slice_of(in->expected), &file->binds))
			break;
	file->row = in->row;
	file->role = in->word;
	file->capture = file->binds.n ? text_safe(m->arena, file->binds.list[0].value, TEXT_NAME) : NULL;
	if (hidden && hidden != file && in->row->is == IS_CERTIFICATE)
		((struct file *)hidden)->row = NULL;
}

/* What settings name must be there, whatever the directory may lack. */
static const struct file_row *
required(struct model *m, const struct file_row *row)
{
	struct file_row *out = arena_alloc(m->arena, sizeof(*out));
	*out = *row;
	out->required = true;
	return out;
}

unsigned
placed_score(struct model *m)
{
	const struct settings *s = m->facts->settings;
	unsigned score = 0;
	for (size_t i = 0; i < s->n_placed; i++) {
		struct scope scope = scope_new(m);
		struct found found;
		scope.peer = s->placed[i].peer;
		const char *word = word_for(&scope, s->placed[i].as);
		found_none(&found);
		if (word)
			resolve_ref(&scope, word, &found);
		score += found.row ? 2 : 0;
	}
	return score;
}

void
placed_fill(struct model *m)
{
	const struct settings *s = m->facts->settings;
	m->stand_ins = arena_array(m->arena, s->n_placed, sizeof(*m->stand_ins));
	for (size_t i = 0; i < s->n_placed; i++) {
		const struct placed *p = &s->placed[i];
		struct scope scope = scope_new(m);
		struct found found;
		scope.peer = p->peer;
		const char *word = p->as == PLACED_KEY ? NULL : word_for(&scope, p->as);
		found_none(&found);
		if (word)
			resolve_ref(&scope, word, &found);
		if (!found.row || !found.expected)
			continue;
		struct stand_in *in = &m->stand_ins[m->n_stand_ins];
		struct file *file = file_of(m->facts, p->entry);
		*in = (struct stand_in){p->peer, word, found.expected, found.row, file, p->entry ? p->entry->name : p->path};
		if (file)
			take_place(m, file, in);
		else
			in->row = required(m, found.row);
		m->n_stand_ins++;
	}
}

static struct file *
certificate_of(struct model *m, const char *peer)
{
	struct scope s = scope_new(m);
	struct found found;
	s.peer = peer;
	const char *word = word_for(&s, PLACED_CERT);
	found_none(&found);
	if (word)
		resolve_ref(&s, word, &found);
	return found.n ? (struct file *)found.files[0] : NULL;
}

/* The key of the directory that fits the expected name, where the certificate alone was placed. */
static void
pair_here(struct model *m, const struct stand_in *in, struct file *cert)
{
	struct scope s = scope_new(m);
	const char *name;
	scope_give_binds(&s, &cert->binds);
	scope_give(&s, "stem", name_stem(m->arena, in->expected));
	if (!in->row->key || !*in->row->key || !scope_fill(&s, in->row->key, &name))
		return;
	struct file *key = (struct file *)facts_file(m->facts, name);
	cert->key_name = name;
	cert->key = key;
	if (!key)
		return;
	key->certificate = cert;
	key->key_row = in->row;
	key->role = arena_printf(m->arena, "%s key", in->word);
}

static void
pair_placed(struct model *m, const struct placed *p)
{
	struct file *cert = certificate_of(m, p->peer), *key = file_of(m->facts, p->entry);
	if (cert) {
		if (cert->key && cert->key != key)
			((struct file *)cert->key)->certificate = NULL;
		cert->key_name = p->entry ? p->entry->name : p->path;
		cert->key = key;
	}
	if (!key)
		return;
	key->certificate = cert;
	key->key_row = cert ? cert->row : NULL;
	key->role = arena_printf(m->arena, "%s key", p->peer);
}

void
placed_pair(struct model *m)
{
	const struct settings *s = m->facts->settings;
	for (size_t i = 0; i < m->n_stand_ins; i++) {
		const struct stand_in *in = &m->stand_ins[i];
		if (in->file && in->row->is == IS_CERTIFICATE)
			pair_here(m, in, (struct file *)in->file);
	}
	for (size_t i = 0; i < s->n_placed; i++)
		if (s->placed[i].as == PLACED_KEY)
			pair_placed(m, &s->placed[i]);
}

/* To its peer, and where nobody asks. */
const struct stand_in *
placed_find(const struct scope *s, const char *word)
{
	const struct model *m = s->m;
	for (size_t i = 0; i < m->n_stand_ins; i++) {
		const struct stand_in *in = &m->stand_ins[i];
		if ((!s->peer || strcmp(s->peer, in->peer) == 0) && (same_name(in->word, word) || same_name(in->expected, word)))
			return in;
	}
	return NULL;
}
