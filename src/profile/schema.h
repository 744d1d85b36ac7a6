/*
 * schema: tables that say what the keys of a row are, and the functions that read their values. The configuration is read by it too.
 */
#ifndef CRTLINT_PROFILE_SCHEMA_H
#define CRTLINT_PROFILE_SCHEMA_H

#include "bind.h"

struct choice { /* a word and what it stands for */
	const char *word;
	unsigned value;
};

struct choices {
	const char *what; /* "check" */
	const struct choice *list;
	size_t n;
};

struct field {
	const char *name;
	void (*read)(struct binder *, const struct field *, const struct node *, void *); /* into row + offset */
	size_t offset;
	const struct choices *choices;
	enum use_kind use;
	bool required;
};

struct shape { /* one kind of row */
	const char *what; /* "a row of files" */
	const struct field *fields;
	size_t n;
	size_t size;
	size_t loc; /* offset of its struct loc, NO_LOC: none */
	const void *initial; /* a row to begin with; NULL: zeroes */
};

#define NO_LOC   ((size_t)-1)
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* schema_rows(binder, shape, node, rows, &n): a list of rows, appended to the n rows there are. */
void schema_rows(struct binder *, const struct shape *, const struct node *, void **, size_t *);

/* schema_row(binder, shape, node, row): one row. */
void schema_row(struct binder *, const struct shape *, const struct node *, void *);

/* schema_choose(binder, choices, node, &value): the word's value; a word that is none of them is an error with a suggestion. */
bool schema_choose(struct binder *, const struct choices *, const struct node *, unsigned *);

/* value_text(binder, node): the text of a scalar; NULL, and an error, when it is a list or a map. */
const char *value_text(struct binder *, const struct node *);

/* The readers of values. quoted: a text that somebody prints, which must be quoted. list: one text or a list of them. */
void value_word(struct binder *, const struct field *, const struct node *, void *);
void value_quoted(struct binder *, const struct field *, const struct node *, void *);
void value_list(struct binder *, const struct field *, const struct node *, void *);
void value_quoted_list(struct binder *, const struct field *, const struct node *, void *);
void value_true(struct binder *, const struct field *, const struct node *, void *);
void value_choice(struct binder *, const struct field *, const struct node *, void *);
void value_flag(struct binder *, const struct field *, const struct node *, void *);
void value_mode(struct binder *, const struct field *, const struct node *, void *);
void value_version(struct binder *, const struct field *, const struct node *, void *);
void value_when(struct binder *, const struct field *, const struct node *, void *);
void value_defaults(struct binder *, const struct field *, const struct node *, void *);

#endif
