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

/* side_ask(model, dialer, listener, host): the handshake between two ends whose files load; without a trace. */
struct handshake_ask side_ask(const struct model *, const struct side *, const struct side *, const char *);

/* side_assumes(row, dialer, answer): the dialer refused for want of an issuer, which the row says is no refusal. */
bool side_assumes(const struct connection_row *, const struct side *, const struct handshake_answer *);

/* side_asks_first(model, scope, dialer): who dials for somebody, or with a certificate, looks at its own files before it dials. */
bool side_asks_first(const struct scope *, const struct side *);

/* side_about_trust(cause): what hangs on the authorities that the other end trusts. */
bool side_about_trust(enum cause);

/* connect.c: the peers that a cell of a connection stands for, the hosts that a row dials, a scope for two ends (NULL: an end that is
 * not known yet), and a sentence of what was not checked. */
struct words connect_ends(struct model *, const struct connection_row *, const struct words *);
struct words connect_hosts(struct scope *, const struct connection_row *);
void connect_scope(struct scope *, const struct connection_row *, const char *, const char *);
void connect_note(struct arena *, struct connection *, const char *);

#endif
