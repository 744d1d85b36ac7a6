/*
 * Peers: which row of the profile speaks for a named peer, whether it takes part here, and what its stack makes of its files.
 */
#include "model.h"

#include <errno.h>
#include <string.h>

/* Whether a cell names this peer; "<user>" names every user, and a user may be called like a peer. */
bool
peer_named(const struct scope *s, const struct words *names, const char *who)
{
	if (!who)
		return false;
	bool user = s->user && strcmp(s->user, who) == 0;
	for (size_t i = 0; i < names->n; i++)
		if (user ? names->list[i][0] == '<' : same_name(names->list[i], who))
			return true;
	return false;
}

/* The first row that names this peer and whose gate is open. */
const struct peer *
peer_row(const struct scope *s, const char *who)
{
	const struct profile *p = s->m->profile;
	for (size_t i = 0; i < p->n_peers; i++) {
		const struct peer *row = &p->peers[i];
		if (peer_named(s, &row->names, who) && gate_open(s, &row->gate))
			return row;
	}
	return NULL;
}

/* Half of a pair is meant to be one: the key of the file that is looked for is here without it. */
bool
key_alone(const struct facts *f, const struct found *found)
{
	for (size_t i = 0; found->row && found->expected && i < f->n_files; i++) {
		const struct file *key = &f->files[i];
		struct binds binds = {.n = 0};
		if (key->row || key->certificate || key->key_row != found->row ||
		    !pattern_match(f->profile, found->row->patterns.list[0], slice_of(found->expected), &binds) ||
		    binds.n != key->binds.n)
			continue;
		if (!binds.n || slice_eq(binds.list[0].value, key->binds.list[0].value))
			return true;
	}
	return false;
}

static bool
list_takes_part(const struct scope *s, const struct words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const char *word = w->list[i];
		if (same_name(word, "none") || same_name(word, "system") || same_name(word, "elsewhere") ||
		    same_name(word, "anything"))
			return true;
		struct found found;
		found_none(&found);
		resolve_ref(s, word + (*word == '+'), &found);
		if (found.n || (found.row && found.row->required) || key_alone(s->m->facts, &found))
			return true;
	}
	return false;
}

/* A peer takes part when a file of its own is here or must be, when it needs none, or when a variable names it. */
bool
peer_takes_part(struct scope *s, const char *who)
{
	const struct facts *f = s->m->facts;
	struct scope own = *s;
	own.peer = who;
	for (size_t i = 0; i < f->n_values; i++)
		if (f->values[i].variable->type == VAR_PEERS && words_have(&f->values[i].words, who))
			return true;
	if (s->user && strcmp(s->user, who) == 0)
		return words_have(&s->m->users, who);
	const struct peer *row = peer_row(&own, who);
	if (!row)
		return false;
	if (!row->serves.n && !row->dials_with.n)
		return true;
	return list_takes_part(&own, row->serves.n ? &row->serves : &row->dials_with);
}

const struct stack *
peer_stack(const struct scope *s, const struct peer *row)
{
	const char *name = row->stack;
	const struct stack *stack = NULL;
	if (name && scope_fill(s, name, &name))
		stack = stack_find(name);
	return stack ? stack : stack_find("go");
}

/* Go puts the path in front of the reason. */
static const char *
cannot_open(struct model *m, const struct stack *stack, const char *name, int e)
{
	if (strcmp(stack->name, "go"))
		return errno_of(stack, e);
	return arena_printf(m->arena, "open %s: %s", file_path(m, name), errno_words(e));
}

/* A certificate file and its key as a stack takes them, asked once. Absence and readability come before the stack's own words. */
const struct pair *
pair_of(struct model *m, const struct file *f, const struct stack *stack)
{
	for (size_t i = 0; i < m->n_pairs; i++)
		if (m->pairs[i].file == f && m->pairs[i].stack == stack)
			return &m->pairs[i];
	m->pairs = arena_grow(m->arena, m->pairs, m->n_pairs, &m->pairs_capacity, sizeof(*m->pairs));
	struct pair *out = &m->pairs[m->n_pairs++];
	*out = (struct pair){.file = f, .stack = stack};
	struct refusal *r = &out->refusal;
	const struct file *key = f->key;
	((struct file *)f)->used = true;
	if (!f->object || !f->readable) {
		bool ours = f->readable && f->entry->type == ENTRY_FILE;
		r->cause = ours ? CAUSE_UNJUDGED : CAUSE_UNREADABLE;
		r->error = strcmp(stack->name, "go") == 0
		               ? read_error(m, f)
		               : cannot_open(m, stack, f->name, f->entry->type == ENTRY_NOTHING ? ENOENT : EACCES);
	} else if (f->key_name && !key) {
		r->cause = CAUSE_KEY_MISSING;
		r->error = cannot_open(m, stack, f->key_name, ENOENT);
	} else if (key && !key->readable) {
		r->cause = CAUSE_KEY_UNREADABLE;
		r->error = strcmp(stack->name, "go") == 0
		               ? read_error(m, key)
		               : cannot_open(m, stack, key->name, key->entry->type == ENTRY_NOTHING ? ENOENT : EACCES);
	} else if (key && key->entry->type != ENTRY_FILE) {
		r->cause = CAUSE_KEY_NOT_REGULAR;
		r->error = key->entry->type == ENTRY_DIRECTORY
		               ? arena_printf(m->arena, "read %s: is a directory", file_path(m, key->name))
		               : arena_printf(m->arena,
		                     key->entry->type == ENTRY_FIFO ? "%s is a FIFO: opening it never returns"
		                                                    : "%s cannot be read as a file",
		                     key->name);
	} else if (key && !key->object) {
		/* the key is not ours to read: take the chain, claim nothing of the pair */
		r->cause = CAUSE_UNJUDGED;
		stack->pool(m->arena, f->object, m->facts->go, &out->chain);
	} else {
		if (key)
			((struct file *)key)->used = true;
		*r = stack->pair(m->arena, f->object, key ? key->object : NULL, m->facts->go, &out->chain);
	}
	return out;
}
