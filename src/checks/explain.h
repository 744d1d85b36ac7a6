/*
 * explain: from a failure to the one rule that owns it. The refinements exclude each other, so that no failure has two findings, and
 * end in a rule for every cause, so that none has no finding.
 */
#ifndef CHECKS_EXPLAIN_H
#define CHECKS_EXPLAIN_H

#include "look.h"

/* The rule that owns this failure of the outcome: the outcome's own, or one that lies behind it. */
enum rule_id explain_failure(struct findings *, const struct outcome *, const struct failure *);

/* The parts of it: a file that is not there, a host, an issuer that is unknown or of another key, a certificate that is not sent. */
enum rule_id explain_missing(struct findings *, const char *);
enum rule_id explain_host(const struct failure *);
enum rule_id explain_content(struct findings *, const struct failure *);
enum rule_id explain_key_id(struct findings *, const struct failure *, const struct connection *);
enum rule_id explain_authority(struct findings *, const struct outcome *, const struct failure *);
enum rule_id explain_other_key(struct findings *, const struct failure *, const struct connection *);
enum rule_id explain_withheld(struct findings *, const struct failure *, const struct connection *);

/* Where the sent chain stops: the last certificate that the file holds on the way up from this one. */
const struct cert *explain_top(const struct file *, const struct cert *);

/* A certificate elsewhere in the directory that is the missing issuer by name and no root; NULL: none. */
const struct seat *explain_intermediate(struct findings *, const struct cert *, const struct file *);

/* The trusted certificate whose name reads like the issuer's; NULL: none. */
const struct cert *explain_twin(struct findings *, const struct file *, const struct cert *);

/* The name in the certificate that was meant for the host: an address as a DNS name, a star in the wrong place, a name with something
 * around it. */
bool explain_address(const struct cert *, const char *, struct slice *);
bool explain_star(const struct cert *, const char *, struct slice *);
bool explain_unusable(const struct cert *, const char *, struct slice *);

/* culprit.c: the place that a failure points to. */
struct culprit {
	const struct file *file; /* NULL: it is not there */
	const char *name; /* its name; NULL: the directory */
	const struct cert *cert; /* NULL: the file as a whole */
	size_t index; /* of the certificate in the file */
};
struct culprit culprit_cert(struct findings *, const struct failure *);
struct culprit culprit_key(const struct failure *); /* the key file */
struct culprit culprit_pair(const struct failure *); /* the certificate file of the key */
struct culprit culprit_file(struct findings *, const struct outcome *);

/* The name of the file that is missing: the failure's, that of the file which the dialer would have to have, or that of the CA which
 * nobody can do without. NULL: none is. */
const char *culprit_missing(struct findings *, const struct outcome *);

/* culprit_next(findings, rule, &cursor): the failures that this rule owns, one after the other, NULL at the end; cursor begins at 0. */
const struct outcome *culprit_next(struct findings *, enum rule_id, size_t *);

/* culprit_on(findings, finding, outcome): the finding explains this outcome: it breaks it, or would on other versions. */
void culprit_on(struct findings *, struct finding *, const struct outcome *);

/* For rules whose finding is about one certificate, or about a file: what most checks do with the failures they own. fill adds the
 * evidence. */
void culprit_certs(struct findings *, enum rule_id,
    void (*)(struct findings *, struct finding *, const struct culprit *, const struct outcome *));
void culprit_files(struct findings *, enum rule_id, void (*)(struct findings *, struct finding *, const struct file *));

#endif
