/*
 * stack: what a TLS library does with files and with a peer's certificates: one vtable each for Go's crypto/tls and
 * crypto/x509, OpenSSL 3, gRPC core over OpenSSL, libpq, and GnuTLS. Every text that a library itself prints is made here and nowhere else;
 * no product is known here.
 *
 * The functions are pure: files as objects, the time, the host and the Go release come in; a refusal goes out.
 */
#ifndef CRTLINT_STACK_H
#define CRTLINT_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/cause.h"
#include "crtlint/object.h"
#include "crtlint/trace.h"

struct certs { /* a list of certificates: a chain, leaf first, or a pool in file order */
	const struct cert **list;
	size_t n;
};

struct refusal {
	enum cause cause;          /* CAUSE_NONE: not refused */
	const char *error;         /* the library's words, as its program logs them; safe; NULL when not refused */
	const struct cert *cert;   /* the certificate that is refused; NULL: none in particular */
	const struct cert *parent; /* the candidate issuer that was tried, where there was one */
	const char *detail;        /* a value that the text holds and a finding may want (a name, an OID); NULL: none */
};

/* The outcomes of signature checks, remembered: one check costs more than all the rest, and a CA signs many. */
struct signatures;

/* signatures_new(arena): an empty memory. */
struct signatures *signatures_new(struct arena *);

/* The keys of issuers as GnuTLS holds them, so that a CA of many directories is imported once: a bounded number, of one thread.
 * signers_new(): NULL: no memory. */
struct signers;
struct signers *signers_new(void);
void signers_free(struct signers *);

/* signatures_with(arena, signers): an empty memory that uses these keys; NULL: it keeps none. */
struct signatures *signatures_with(struct arena *, struct signers *);

/* signatures_made(memory): how many signatures were computed so far. */
size_t signatures_made(const struct signatures *);

enum usage { USAGE_SERVER, USAGE_CLIENT };

struct verify_ask {
	struct arena *arena;
	struct signatures *signatures;
	const struct certs *chain; /* as it arrives from the peer, leaf first; at least one */
	const struct certs *pool;  /* what the verifier trusts */
	const char *host;          /* the name dialed, NULL: no name is compared; an IP literal may stand in brackets */
	enum usage usage;          /* what the chain must be good for */
	int64_t now;
	bool part;                 /* a part of a second more than now has passed: Go compares that too, the others whole seconds */
	unsigned go;               /* Go release, where the stack is Go */
	bool host_with_cn;         /* compare the CN too where a stack can (peers: checks-host: with-CN) */
	bool skip_trust;           /* what the verifier trusts is not known: judge all but who signed; the pool is not looked at */
	struct trace *trace;       /* NULL: nothing is recorded */
};

enum alert { /* RFC 8446 section 6, and the end without one */
	ALERT_NONE, ALERT_HANDSHAKE_FAILURE, ALERT_BAD_CERTIFICATE, ALERT_UNSUPPORTED_CERTIFICATE, ALERT_EXPIRED_CERTIFICATE,
	ALERT_UNKNOWN_CERTIFICATE, ALERT_UNKNOWN_CA, ALERT_CERTIFICATE_REQUIRED, ALERT_ILLEGAL_PARAMETER, ALERT_INTERNAL_ERROR,
	ALERT_DECODE_ERROR, ALERT_DECRYPT_ERROR,
	ALERT_CLOSED, /* the connection just ends */
	ALERT_UNENCRYPTED, /* an alert sent in the clear where the other end expects an encrypted one */
};

struct stack {
	const char *name; /* as profiles write it */

	/* A certificate file and its key file as a key pair: fills chain (leaf first). key NULL: there is no key file. */
	struct refusal (*pair)(struct arena *, struct object *, struct object *, unsigned, struct certs *);

	/* A CA file as trust anchors, appended to the pool. CAUSE_POOL_EMPTY: nothing was added. */
	struct refusal (*pool)(struct arena *, struct object *, unsigned, struct certs *);

	/* A peer's chain. The error carries the stack's own prefix ("tls: failed to verify certificate: " of Go 1.20) for the end that
	 * verifies: a client that verifies a server (USAGE_SERVER) or the reverse. */
	struct refusal (*verify)(const struct verify_ask *);

	/* What an end sends that has this chain and trusts this pool, at that time; NULL: the chain as it is. */
	struct certs (*presents)(struct arena *, const struct certs *, const struct certs *, int64_t);

	/* Whether it is ready to send this chain, being the end that shows it (USAGE_SERVER: the server); NULL: it always is. */
	struct refusal (*may_send)(struct arena *, const struct certs *, enum usage);

	/* Whether this key can sign a handshake for that end; a server that cannot refuses with this error. */
	struct refusal (*usable)(struct arena *, const struct cert *, enum usage, unsigned);

	/* Whether a client of this stack sends its chain to a server that announces these CAs. */
	bool (*sends)(const struct certs *, const struct certs *);

	/* A client of this stack that refuses a server's certificate says so before it encrypts; only ends of the same library read that. */
	bool alerts_in_clear;

	/* The alert that this stack sends with that refusal, being the end that verifies usage. */
	enum alert (*alert)(const struct refusal *, enum usage, unsigned);

	/* How this stack reports an alert that it received, being the client (USAGE_CLIENT) or the server. */
	const char *(*hears)(struct arena *, enum alert, enum usage, unsigned);

	/* A server that requires a client certificate and got none. */
	struct refusal (*wants_certificate)(struct arena *, unsigned);
};

/* stack_find(name): go, openssl, grpc, libpq, gnutls; NULL: no such stack. stack_names(&count): all of them, for messages. */
const struct stack *stack_find(const char *);
const char *const *stack_names(size_t *);

enum client_auth { CLIENT_AUTH_NONE, CLIENT_AUTH_ASKED, CLIENT_AUTH_REQUIRED };

struct tls_end {
	const struct stack *stack;
	struct certs chain; /* what it presents; empty: nothing */
	struct certs pool;  /* what it trusts */
	unsigned go;
	bool sends_always;  /* a client that hands its chain over whatever CAs are announced (Go: GetClientCertificate) */
};

struct handshake_ask {
	struct arena *arena;
	struct signatures *signatures;
	struct tls_end client, server;
	enum client_auth auth;
	const char *host;       /* NULL: the client compares no name */
	bool host_with_cn;
	bool skip_server_trust; /* the client's trust is not known: do not judge the server's chain against any pool, but all else */
	bool skip_server;       /* the client verifies nothing at all */
	int64_t now;
	bool part;              /* as in struct verify_ask */
	struct trace *trace;    /* NULL: nothing is recorded */
};

struct handshake_answer {
	bool ok;
	enum usage refused_by;    /* when not ok: USAGE_CLIENT the client end refused, USAGE_SERVER the server end */
	struct refusal refusal;   /* what the refusing end says */
	const char *client_error; /* what each end's log shows, NULL when that end notices nothing */
	const char *server_error;
	bool client_sent;         /* the client sent its certificate */
	bool client_withheld;     /* it has one and did not send it though asked */
	const char *unjudged;     /* a reason why the answer rests on something that could not be computed; else NULL */
};

/* handshake(ask): one TLS handshake between two ends, as far as certificates decide it. */
struct handshake_answer handshake(const struct handshake_ask *);

/* Its two halves, for who asks of many ends: what the client makes of the server's certificate, and, where that passes, what the
 * server makes of the client's. handshake_server() gives an answer that is ok or not; handshake_client() goes on with one that is. */
struct handshake_answer handshake_server(const struct handshake_ask *);
void handshake_client(const struct handshake_ask *, struct handshake_answer *);

/* Go's rule for names alone (crypto/x509 VerifyHostname), for advisory checks: CAUSE_NONE or CAUSE_HOST with its text. */
struct refusal go_verify_hostname(struct arena *, const struct cert *, const char *);

/* chain_signed_by(signatures, child, parent): whether the parent's key verifies the child's signature, whatever else stands in
 * either; algorithms that cannot be computed count as not. For rules that look for the true issuer. */
bool chain_signed_by(struct signatures *, const struct cert *, const struct cert *);

#endif
