/*
 * go: what the parts of the Go stack share. The files follow crypto/x509 (verify.go, x509.go, cert_pool.go) and crypto/tls;
 * the release decides where they differ.
 */
#ifndef CRTLINT_VERIFY_GO_H
#define CRTLINT_VERIFY_GO_H

#include "crtlint/stack.h"
#include "crtlint/version.h"

extern const struct stack go_stack;

/* go_pair, go_pool, go_verify: the entries of struct stack of the same names. */
struct refusal go_pair(struct arena *, struct object *, struct object *, unsigned, struct certs *);
struct refusal go_pool(struct arena *, struct object *, unsigned, struct certs *);
struct refusal go_verify(const struct verify_ask *);

/* go_quote(arena, bytes): Go's %q, as safe text. */
const char *go_quote(struct arena *, struct slice);

/* go_serial(arena, contents): a serial number in decimal. */
const char *go_serial(struct arena *, struct slice);

/* go_refuse(cause, error, cert): a refusal without further parts. */
struct refusal go_refuse(enum cause, const char *, const struct cert *);

/* go_knows_key(spki): Go has a public key of this kind (DSA included); go_key_type(spki): its name as %T prints it. */
bool go_knows_key(const struct spki *);
const char *go_key_type(const struct spki *);

/* go_host(arena, cert, host, release): Certificate.VerifyHostname. */
struct refusal go_host(struct arena *, const struct cert *, const char *, unsigned);

/* go_signature(ask, child, parent): child.CheckSignatureFrom(parent); the error without the hint around it. */
struct refusal go_signature(const struct verify_ask *, const struct cert *, const struct cert *);

/* A constraint comparison budget: Go counts for each certificate, since 1.26 for each chain. */
enum { GO_MAX_COMPARISONS = 250000 };

/* go_constraints(ask, ca, named, &count): the name constraints of a CA against every SAN of one certificate. */
struct refusal go_constraints(const struct verify_ask *, const struct cert *, const struct cert *, size_t *);

/* go_constraints_late(release): constraints are judged on whole chains, after their usage, and not while searching. */
static inline bool
go_constraints_late(unsigned go)
{
	return go >= GO(26, 0);
}

/* Chains that the search found, each leaf first. */
struct go_chains {
	struct certs *list;
	size_t n, capacity;
};

/* go_chain_valid(ask, kind, candidate, chain): Certificate.isValid. */
enum go_chain_kind { GO_LEAF, GO_INTERMEDIATE, GO_ROOT };
struct refusal go_chain_valid(const struct verify_ask *, enum go_chain_kind, const struct cert *, const struct certs *);

/* go_chain_build(ask, chains): buildChains for the leaf. */
struct refusal go_chain_build(const struct verify_ask *, struct go_chains *);

/* go_policies(arena, chain): policiesValid of Go 1.24 and later. */
bool go_policies(struct arena *, const struct certs *);

#endif
