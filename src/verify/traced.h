/*
 * traced: verdicts of a stack as steps of a trace.
 */
#ifndef CRTLINT_VERIFY_TRACED_H
#define CRTLINT_VERIFY_TRACED_H

#include "crtlint/stack.h"

/* traced(trace, what, refusal): one check and its outcome; the refusal is passed through. */
struct refusal traced(struct trace *, const char *, struct refusal);

/* traced_dates(trace, cert, refusal): the same of a certificate's dates. */
struct refusal traced_dates(struct trace *, const struct cert *, struct refusal);

/* traced_host(trace, host, refusal): the same of a name that was dialed. */
struct refusal traced_host(struct trace *, const char *, struct refusal);

/* traced_chain(trace, what, certificates): a list of certificates, each a step below the first. */
void traced_chain(struct trace *, const char *, const struct certs *);

/* traced_child(trace, cert): the search for this certificate's issuer begins; what follows lies below. */
void traced_child(struct trace *, const struct cert *);

/* traced_strangers(trace, where, cert, list, n): those of the list that the search passes over, since their subject is not the
 * certificate's issuer. OpenSSL compares names by their meaning (its function is given), Go by their bytes (NULL). */
void traced_strangers(struct trace *, const char *, const struct cert *, const struct cert *const *, size_t,
    bool (*)(struct arena *, const struct name *, const struct name *));

/* traced_usages(trace, usage, certificates): what each certificate of a chain says of that usage. */
void traced_usages(struct trace *, enum usage, const struct certs *);

/* traced_verifier(trace, usage, end, chain): that end begins to verify what the other presents; what follows lies below. */
void traced_verifier(struct trace *, enum usage, const struct tls_end *, const struct certs *);

/* traced_sends(trace, client, pool, sent): which CAs the server announces, who issued the client's certificates, and what follows. */
void traced_sends(struct trace *, const struct tls_end *, const struct certs *, bool);

/* traced_alert(trace, who refuses, what it says, what the other end hears). */
void traced_alert(struct trace *, enum usage, const char *, const char *);

#endif
