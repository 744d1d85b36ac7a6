/*
 * crowd: a cluster at work. Private to cluster.c and its parts; the outcome is struct cluster.
 */
#ifndef MODEL_CROWD_H
#define MODEL_CROWD_H

#include "crtlint/cluster.h"
#include "intern.h"
#include "side.h"

struct party { /* what stands behind one end */
	struct side side; /* its lists of certificates are the interned ones */
	struct certs chain, pool; /* as its own files hold them */
	struct scope *scope;
	uint32_t ending; /* + 1: it cannot take part; 0: it can */
	uint32_t *hosts; /* of a listener: places in the cluster's hosts */
	size_t n_hosts;
};

struct half { /* one half of a handshake, or the admission after it */
	uint32_t ending;
	bool ok, sent, withheld;
};

struct crowd {
	struct cluster *c;
	struct arena *arena;
	struct interned *lists;
	struct texts *texts;
	struct arena *scratch; /* of handshakes, most of whose work nobody wants to keep */
	size_t asked;
	struct table *hosts; /* a host's text (interned by content below) to its place + 1 */
	struct table *servers, *clients, *admitted; /* to halves, + 1 */
	struct table *lents;
	struct table *issuers; /* of a chain, its place + 1 in found_issuers */
	const struct cert **found_issuers;
	size_t n_issuers, issuers_capacity;
	size_t *connections_capacity; /* of each member's facts, for what is lent */
	struct half *halves;
	size_t n_halves, halves_capacity;
	struct party *parties; /* one for each end */
	size_t ends_capacity, parties_capacity, endings_capacity, edges_capacity, lents_capacity;
	bool admission_by_pair; /* some row of admission looks at the listener */
};

/* crowd_ending(crowd, ending): its place. crowd_shake(crowd, dialer, listener, host): how these two ends end. */
uint32_t crowd_ending(struct crowd *, struct ending);
uint32_t crowd_shake(struct crowd *, uint32_t, uint32_t, const char *);

/* crowd_lend(crowd): failures that lie in one member become connections of its own facts. */
void crowd_lend(struct crowd *);

#endif
