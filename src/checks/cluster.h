/*
 * cluster: what the checks across directories share.
 */
#ifndef CHECKS_CLUSTER_H
#define CHECKS_CLUSTER_H

#include "crtlint/cluster.h"
#include "crtlint/finding.h"

/* between_certs(file): the certificates of a file as a list. */
struct certs between_certs(const struct file *);

/* between_members(findings, cluster, flags): the names of the members whose flag is set. */
struct words between_members(struct findings *, const struct cluster *, const bool *);

/* between_ca(findings, cert): an authority as people tell two of one name apart, "CN=CA (since 2026-01-01)". */
const char *between_ca(struct findings *, const struct cert *);

struct authority { /* one CA under one file name */
	const struct cert *cert;
	const char *slot;
	bool *holds; /* by member */
	bool counted; /* relatives is worked out */
	size_t relatives; /* others that may take its place, or it theirs */
	const char **issued; /* names of files that it issued */
	size_t n_issued;
};

struct gap { /* one cause */
	struct finding *finding;
	const char *slot;
	const struct cert *old, *new; /* a rotation; else new is the authority that some lack, old NULL */
	const struct authority *authority; /* new as an authority; NULL: it is not in that file anywhere */
	bool *lacks, *refused; /* by member */
};

struct gaps {
	struct findings *fs;
	const struct cluster *c;
	struct authority *list;
	size_t n;
	const struct cert **issuers; /* of each end's chain; NULL: not asked yet, or nobody's */
	struct gap *gaps;
	size_t n_gaps, capacity;
};

/* cluster_authority.c. authority_same(a, b): by subject and key. */
bool authority_same(const struct cert *, const struct cert *);

/* authority_find(gaps, cert, file name): that authority under that name; NULL: no member has it, or there are too many. */
struct authority *authority_find(struct gaps *, const struct cert *, const char *);

/* authority_take(gaps): fill the list. authority_issuers(gaps): fill issuers, and what each issued. */
void authority_take(struct gaps *);
void authority_issuers(struct gaps *);

/* authority_related(gaps, a, b): one takes the other's place. authority_partner(gaps, missing, member): the one that the member has in
 * place of the missing one; NULL: none. */
bool authority_related(struct gaps *, struct authority *, struct authority *);
const struct authority *authority_partner(struct gaps *, struct authority *, size_t);

#endif
