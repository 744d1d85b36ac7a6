/*
 * side: one end of a connection, its files as its stack took them. Prepared from one directory; the other end may be another's.
 */
#ifndef MODEL_SIDE_H
#define MODEL_SIDE_H

#include "model.h"

struct side { /* one end's files, as its stack took them */
	struct peer cells; /* the peer's row with the connection's own cells over it */
	struct tls_end end;
	const struct file *file; /* what it presents */
	const struct file *trust; /* the first CA file it trusts */
	bool trust_open; /* its trust lies elsewhere, or could not be read */
	const char *note; /* why something of it was not judged */
	struct failure failure;
};

/* side_listener(scope, row, side), side_dialer(): the end that the scope names as `to` or `from`. The dialer becomes the scope's. */
void side_listener(struct scope *, const struct connection_row *, struct side *);
void side_dialer(struct scope *, const struct connection_row *, struct side *);

/* side_asks_first(profile, kind): the client looks at its files before it dials, so that its failure comes first. */
bool side_asks_first(const struct profile *, const char *);

/* side_ask(model, dialer, listener, host): the handshake between two sound ends. */
struct handshake_ask side_ask(const struct model *, const struct side *, const struct side *, const char *);

/* side_about_trust(cause): what hangs on the authorities that the other end trusts. */
bool side_about_trust(enum cause);

/* side_is_openssl(side): its library is not Go's. */
bool side_is_openssl(const struct side *);

/* connect.c: the users that a cell of a connection stands for, the hosts that a row dials, and a scope for two ends. */
struct words connect_ends(struct model *, const struct connection_row *, const struct words *);
struct words connect_hosts(struct scope *, const struct connection_row *);
void connect_scope(struct scope *, const struct connection_row *, const char *, const char *);
void connect_note(struct arena *, struct connection *, const char *);

#endif
