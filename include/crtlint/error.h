/*
 * error: what is wrong with crtlint's own input (options, profiles), as opposed to findings about certificates.
 *
 * Errors are gathered, not thrown, so that one run shows all of them; cli/ prints them as `path:line:column: error: text`.
 */
#ifndef CRTLINT_ERROR_H
#define CRTLINT_ERROR_H

#include <stddef.h>

#include "crtlint/arena.h"

struct loc {
	unsigned line;   /* from 1; 0: no place */
	unsigned column; /* from 1 */
};

struct error {
	const char *path; /* safe text, NULL: none */
	struct loc loc;
	const char *text; /* what is wrong and what to do; safe */
};

struct errors {
	struct arena *arena;
	struct error *list;
	size_t n, capacity;
};

/* error_add(errors, path, loc, format, ...): append one. */
void error_add(struct errors *, const char *, struct loc, const char *, ...) __attribute__((format(printf, 4, 5)));

/* error_sort(errors, from): those from that one on by line and column, so that they read from the top; those without a place first. */
void error_sort(struct errors *, size_t);

#endif
