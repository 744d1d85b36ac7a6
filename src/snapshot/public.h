/*
 * public: the public halves of the private keys of a file, and what is said of them.
 */
#ifndef SNAPSHOT_PUBLIC_H
#define SNAPSHOT_PUBLIC_H

#include "crtlint/object.h"

enum { PUBLIC_DIALECTS = 4 };

struct public_key { /* the first private key block that some reader of PEM finds */
	const struct pem_block *block;
	struct slice spki; /* DER; n 0: not known */
	const char *carried;
	const struct key *inside; /* key_opened(); NULL */
	unsigned locked; /* key_locked(), of an encrypted one */
};

struct public_keys {
	struct public_key list[PUBLIC_DIALECTS];
	size_t n;
};

struct proofs { /* the certificates of the directory, one of which may show what a key without a public part cannot */
	const struct spki **list;
	size_t n, capacity;
	size_t left; /* attempts */
};

/* public_find(arena, data, proofs): the keys of a file. */
struct public_keys public_find(struct arena *, struct slice, struct proofs *);

/* public_facts(arena, key, at): its lines for the list; at as for key_facts(). */
const char *public_facts(struct arena *, const struct public_key *, long);

/* public_pem(arena, spki): as a PUBLIC KEY block (RFC 7468 section 13). */
struct slice public_pem(struct arena *, struct slice);

#endif
