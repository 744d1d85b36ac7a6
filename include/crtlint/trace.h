/*
 * trace: what was tried on the way to a verdict, and why each candidate was refused: what no log shows. It is recorded only for the
 * connections that were asked for; everywhere else the recorder is NULL and the functions return at once.
 *
 * verify/ and model/ add steps in the order in which the program they predict takes them. Certificates stay pointers: only who reports
 * knows in which file one lies.
 */
#ifndef CRTLINT_TRACE_H
#define CRTLINT_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"

struct cert;

enum trace_verdict {
	TRACE_SAYS,    /* what is looked at, what is there */
	TRACE_TAKEN,   /* looked at, and good */
	TRACE_REFUSED, /* looked at, and this does not do */
};

struct trace_step {
	unsigned depth; /* steps below another belong to it */
	enum trace_verdict verdict;
	const char *what;        /* what is done: "candidate from the pool", "signature"; safe */
	const struct cert *cert; /* with which certificate; NULL: none */
	const char *why;         /* an explanation, or the refusing stack's words; safe; NULL: none */
};

struct trace {
	struct arena *arena;
	struct trace_step *list;
	size_t n, capacity;
	unsigned depth; /* of the next step */
	bool cut;       /* LIMIT_TRACE was met; the rest is missing */
};

/* trace_new(arena): an empty recorder. */
struct trace *trace_new(struct arena *);

/* trace_add(trace, verdict, what, certificate, why): append a step. */
void trace_add(struct trace *, enum trace_verdict, const char *, const struct cert *, const char *);

/* trace_in(trace), trace_out(trace): what follows lies below the last step; no longer. */
void trace_in(struct trace *);
void trace_out(struct trace *);

#endif
