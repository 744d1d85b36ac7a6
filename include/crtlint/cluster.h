/*
 * cluster: several directories of one system, and every connection between them. Each is judged by itself first (facts.h); then the
 * dialing side of each member meets the listening side of each other one, at the hosts of that other.
 *
 * A cluster of 1,000 members has a million connections, and few ways in which they end. An edge is therefore a few numbers; how it
 * ends is kept once for all that end alike, and cluster_connection() puts a struct connection together when one is wanted.
 */
#ifndef CRTLINT_CLUSTER_H
#define CRTLINT_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/facts.h"

struct findings;

struct member {
	const char *name; /* safe, of its own in the cluster */
	const char *path; /* as given, safe */
	struct words hosts; /* at which it is dialed; n 0: no name is compared */
	bool listens; /* a node; else there are only clients here */
	struct facts *facts;
	struct findings *findings; /* of its own directory, before the cluster's are looked for */
	uint32_t origin; /* equal: the same member at two times, which does not dial itself */
	bool old; /* of a roll-out: the files before it; old and new ones meet, alike ones do not */
};

enum fault { /* where the reason lies that a connection fails */
	FAULT_NONE, /* it does not fail */
	FAULT_DIALER, /* in the dialing member alone */
	FAULT_LISTENER, /* in the listening member alone */
	FAULT_TRUST, /* between them: one has the certificate of an authority that the other does not trust */
};

struct cluster_end { /* one peer of one member, as one row of connections has it */
	uint32_t member;
	const struct connection_row *row;
	const char *peer;
	const struct file *file; /* what it presents; NULL: nothing */
	const struct file *trust; /* the first file that it trusts */
	const struct certs *chain; /* what it sends; equal lists are one list */
	const struct certs *pool; /* what it trusts; likewise */
	bool fits; /* certificate and key are a pair to its stack */
	bool openssl;
	const char *note; /* why something of it was not judged */
};

struct ending { /* of all connections that end alike */
	enum stage stage; /* STAGE_NONE: it stands */
	enum fault fault;
	struct failure failure; /* file, trust and certificates are those of one of the connections */
	bool by_dialer; /* the dialing end refuses */
	bool sent;
	const char *client_error, *server_error;
	struct words unchecked;
	const struct cert *issuer; /* of FAULT_TRUST: the authority that the refusing end lacks */
};

#define HOST_NONE UINT32_MAX

struct edge { /* one directed connection */
	uint32_t from, to; /* ends */
	uint32_t host; /* of hosts; HOST_NONE */
	uint32_t ending;
	uint32_t lent; /* place + 1 among lents; 0: no member alone is at fault */
	uint32_t finding; /* the id of the cluster's finding that explains it; 0: it stands, or nobody asked yet */
};

struct lent { /* a failing connection that its culprit's own rules explain: one of the connections of that member's facts */
	uint32_t member;
	size_t connection; /* its place there */
};

struct cluster {
	struct arena *arena;
	const char *name; /* "cluster", "roll-out" */
	bool rollout; /* the members are old and new files of one directory */
	struct member *members;
	size_t n_members;
	const struct profile *profile;
	struct facts *facts; /* stand for the cluster where findings are made */
	struct findings *findings;
	struct cluster_end *ends;
	size_t n_ends;
	struct words hosts;
	struct ending *endings; /* the first: all is well */
	size_t n_endings;
	struct edge *edges;
	size_t n_edges, n_failed;
	struct lent *lents;
	size_t n_lents;
	struct words unjudged;
	bool limited;          /* LIMIT_EDGES was met: the rest was not judged */
	struct { uint32_t member; const struct file *file; int64_t at; } first; /* the certificate in use that ends first; file NULL: none */
	struct words members_named; /* the members' names, in order */
};

/* cluster_judge(arena, members, count, rollout): all connections between members. Members' facts were built in the same arena. To the
 * facts of a member that alone is at fault connections are added, one for each way in which it fails others, so that its own rules
 * explain them: findings_run() over a member comes after this. */
struct cluster *cluster_judge(struct arena *, struct member *, size_t, bool);

/* cluster_connection(cluster, edge): the edge as a connection, with the id "kind:from-member/peer>to-member/peer@host". */
struct connection cluster_connection(const struct cluster *, const struct edge *);

/* cluster_issuer(cluster, chain): the authority among all members' CA files that issued the chain's last certificate, or is that
 * certificate; NULL: nobody here trusts it. */
const struct cert *cluster_issuer(const struct cluster *, const struct certs *);

/* cluster_has(pool, cert): the pool holds that authority, by subject and key. */
bool cluster_has(const struct certs *, const struct cert *);

#endif
