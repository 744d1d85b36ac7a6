/*
 * side: one end of a connection, its files as its stack takes them. Private to src/model.
 */
#ifndef CRTLINT_SIDE_H
#define CRTLINT_SIDE_H

#include "model.h"

struct side { /* one end's files, as its stack took them */
	struct peer cells;         /* the peer's row with the connection's own cells over it */
	struct tls_end end;
	const struct file *file;   /* what it presents */
	const struct file *trust;  /* the first CA file it trusts */
	bool pair_fits;            /* its certificate and key are a pair to its stack */
	bool trusts_anything;      /* it verifies nothing */
	bool trusts_every;         /* all CAs that are here, since none is known to be meant */
	bool elsewhere;            /* what it presents lies elsewhere */
	bool trust_open;           /* its trust lies elsewhere, or could not be read */
	const char *note;          /* why something of it was not judged */
	struct failure failure;
	struct failure more[2 * FAILURES_MAX]; /* what would fail next */
	size_t n_more;
};

/* side_listener(scope, row, side): the end that scope->to is, its own start included. side_dialer(): the end that scope->from is, with
 * what it asks of its files before it dials; the scope keeps its row for the steps. */
void side_listener(struct scope *, const struct connection_row *, struct side *);
void side_dialer(struct scope *, const struct connection_row *, struct side *);

/* side_is_openssl(stack): whether that library is another than Go's. */
bool side_is_openssl(const struct stack *);

/* side_capture(cell, name): the name where it stands for a capture of that cell, NULL where it is a peer of its own. */
const char *side_capture(const struct words *, const char *);

/* side_has_rows(steps, peer, kind): whether some row is for this peer, or for this kind of connection. */
bool side_has_rows(const struct steps *, const char *, const char *);

#endif
