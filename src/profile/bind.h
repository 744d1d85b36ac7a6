/*
 * bind: from the tree to struct profile. Each kind of row is a table of fields (sections.c); each field has a function that reads
 * its value (value.c). What a value refers to is noted as a use and resolved when everything has been read (resolve.c), so that
 * a row may refer to one further down and every mistake is reported at its own word.
 */
#ifndef CRTLINT_PROFILE_BIND_H
#define CRTLINT_PROFILE_BIND_H

#include "crtlint/profile.h"
#include "tree.h"

enum use_kind {
	USE_NONE,
	USE_FILE, /* a file of a step: a row's pattern, a role, a name that a row covers; "." and "+" too */
	USE_CELL, /* a file of a peer's list: none, system and elsewhere too */
	USE_PRESENT, /* the subject of present and absent: keys too */
	USE_PATTERN, /* a name with captures, where it is declared */
	USE_KEY, /* the name of a key: captures of its row, variables, <stem> */
	USE_ROLE,
	USE_PEER,
	USE_KIND,
	USE_TEMPLATE, /* a text: facts, captures, variables */
	USE_VALUE, /* a name to compare with: literal, capture, variable, <server-CN> */
	USE_LIKE, /* a URI pattern */
	USE_MAP, /* a variable of type map */
	USE_STACK, /* a TLS stack, or a variable with their names */
	USE_MEANS, /* a capture */
	USE_OF, /* of `log`: a list of steps, ignored, or a kind */
	USE_CONDITION,
	USE_DEFAULT, /* a variable's default: other variables */
};

struct use {
	enum use_kind kind;
	const char *text;
	struct loc loc;
};

struct binder {
	struct arena *arena;
	struct errors *errors;
	const char *path;
	unsigned complaints;
	struct profile *profile; /* NULL: it is no profile that is read; its fields have no uses */
	struct use *uses;
	size_t n_uses, uses_capacity;
	struct cond *conds; /* of USE_CONDITION, in the order of those uses */
	size_t n_conds, conds_capacity;
};

/* bind_error(binder, loc, format, ...): one mistake of the profile; beyond LIMIT_PROFILE_ERRORS they are only counted. */
void bind_error(struct binder *, struct loc, const char *, ...) __attribute__((format(printf, 3, 4)));

/* bind_hint(binder, word, candidates, count): "; did you mean 'x'?", or "". */
const char *bind_hint(struct binder *, const char *, const char *const *, size_t);

/* bind_full(binder): enough was said; searching for further mistakes is wasted. */
bool bind_full(const struct binder *);

/* bind_use(binder, kind, text, loc): to be resolved later. */
void bind_use(struct binder *, enum use_kind, const char *, struct loc);

/* bind_sections(binder, tree): all rows. */
void bind_sections(struct binder *, const struct node *);

/* resolve_uses(binder): what was noted. resolve_rows(binder): what a row alone must satisfy. */
void resolve_uses(struct binder *);
void resolve_rows(struct binder *);

/* fill_defaults(arena, profile): what profile_by_default() answers. */
void fill_defaults(struct arena *, struct profile *);

#endif
