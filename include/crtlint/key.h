/*
 * key: a private key as far as checks need it. Its secret numbers stay in the arena's memory, are never printed and are
 * wiped with it.
 */
#ifndef CRTLINT_KEY_H
#define CRTLINT_KEY_H

#include <stdbool.h>

#include "crtlint/cert.h"
#include "crtlint/pem.h"

enum key_form { KEY_FORM_NONE, KEY_FORM_PKCS1, KEY_FORM_PKCS8, KEY_FORM_SEC1 };

enum key_flaw { /* why a file yields no usable key; the first that fits */
	KEY_SOUND,
	KEY_NOT_PEM,       /* no PEM block at all; struct pem says why */
	KEY_CERTIFICATE,   /* blocks, but the only ones are certificates */
	KEY_OTHER_BLOCKS,  /* blocks, none of them a private key (public key, CSR, OpenSSH format is a private key block) */
	KEY_ENCRYPTED,     /* traditional encryption or PKCS#8 EncryptedPrivateKeyInfo */
	KEY_UNSUPPORTED,   /* a key of a kind that the stacks here do not take: DSA, Ed448, RSA-PSS, other curves, OpenSSH */
	KEY_DAMAGED,       /* does not parse, or its numbers contradict each other */
};

struct key_proof; /* of key_match.c */

struct key {
	enum key_flaw flaw;
	const char *go_error;  /* what Go's tls.X509KeyPair says of the file, "tls: ..."; NULL: Go takes it */
	enum key_form form;
	enum key_type type;
	enum curve curve;
	unsigned bits;
	bool encrypted;
	unsigned locked;       /* encrypted and out of a snapshot: what key_locked() said of the file */
	unsigned blocks;       /* private key blocks in the file: the first counts */
	unsigned line;         /* of the block taken */
	struct slice label;    /* its label */
	struct slice modulus, exponent; /* RSA, magnitudes; for the match and for spki_sha256 */
	struct slice scalar;   /* EC: d, as stored; Ed25519: the 32-byte seed. Secret */
	struct slice point;    /* EC: the carried public point, uncompressed, unproved; n 0: none */
	bool lax;              /* sound for Go, which passes over what its form does not have: others refuse it */
	bool inside;           /* it was encrypted: key_opened() */
	bool substituted;      /* out of a snapshot: there is no scalar, and proved stands for it */
	struct slice proved;   /* then, EC and Ed25519: the public half; n 0: unknown, and on no certificate that lay beside it */
	struct key_proof *proof; /* what key_match() computed last, so that it is not computed again; NULL: it does not remember */
};

/* What a snapshot has in place of a file's private keys. */
struct key_stand_in {
	struct slice facts;   /* lines made by key_facts() */
	struct slice content; /* holds PUBLIC KEY blocks at the offsets that the facts name */
};

/* key_parse(arena, pem, go): the first private key among the blocks (PEM_GO scan), as Go's X509KeyPair takes it: a block whose label
 * is PRIVATE KEY or ends in " PRIVATE KEY"; PKCS#1, then PKCS#8, then SEC1, whatever the label says. Never NULL. */
struct key *key_parse(struct arena *, const struct pem *, unsigned);

/* key_parse_stand_in(arena, pem, go, stand-in): the same, where the blocks' contents are blank and the stand-in tells what was in them. */
struct key *key_parse_stand_in(struct arena *, const struct pem *, unsigned, const struct key_stand_in *);

/*
 * key_facts(arena, key, block, first, carried, at): a line that says what the rules judge and the public half cannot show, for Go from that
 * release on: form, kind, encryption, flaw, position. No word of the label, no number but the public ones. carried: the hexadecimal
 * point where the key carries another one than its own (struct key, point), "own" or "none". at: where the PUBLIC KEY block starts in
 * the content, or KEY_NO_PUBLIC. A key that is inside another gets a line of its own. key_block(arena, block, go) is the key of one block.
 */
enum { KEY_NO_PUBLIC = -1 };
const char *key_facts(struct arena *, const struct key *, const struct pem_block *, unsigned, const char *, long);
struct key *key_block(struct arena *, const struct pem_block *, unsigned);

/* key_opened(arena, block, go): the sound key in an encrypted block, for a reader that gives an empty passphrase: RFC 1421 with AES or
 * triple DES, and what GnuTLS reads of PKCS#8. NULL: that does not open it. */
struct key *key_opened(struct arena *, const struct pem_block *, unsigned);

/* key_opened_stand_in(arena, key, go, stand-in): the same of that encrypted key, where the stand-in tells what was in it. */
struct key *key_opened_stand_in(struct arena *, const struct key *, unsigned, const struct key_stand_in *);

/* key_locked(file): GnuTLS reads the encrypted key of a PEM file without being given a passphrase, and then tries an empty one where it
 * can: 0 if it gets in, else the number of its error, negated. */
unsigned key_locked(struct slice);

/* key_is_private(label): PRIVATE KEY, or ends in " PRIVATE KEY": X509KeyPair's test. */
bool key_is_private(struct slice);

/* key_parse_der(arena, der, go): the same for bare DER, for programs that take it. */
struct key *key_parse_der(struct arena *, struct slice, unsigned);

enum key_match { KEY_MATCHES, KEY_DIFFERS, KEY_OTHER_TYPE, KEY_UNKNOWN_PUBLIC };

/* key_proof_new(arena): nothing computed yet. */
struct key_proof *key_proof_new(struct arena *);

/* key_match(key, spki): whether the private key belongs to the public one: RSA by modulus (as Go compares), EC and Ed25519 by
 * computing the point from the scalar. KEY_OTHER_TYPE: RSA against EC and so on. KEY_UNKNOWN_PUBLIC: the certificate's key is
 * of a kind Go does not know ("tls: unknown public key algorithm"). The key must be KEY_SOUND. */
enum key_match key_match(const struct key *, const struct spki *);

/* key_spki(arena, key): the DER SubjectPublicKeyInfo it would have, for its fingerprint; n 0 when it carries no public part. */
struct slice key_spki(struct arena *, const struct key *);

#endif
