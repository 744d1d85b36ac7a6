/*
 * object: what one file's bytes hold, before anybody asks what the file is for.
 *
 * The blocks are those of Go's PEM reader; a stack with another dialect asks object_openssl(). Certificates are parsed
 * whether Go takes them or not (cert.h, go_error). The private key is looked for on demand only.
 */
#ifndef CRTLINT_OBJECT_H
#define CRTLINT_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/cert.h"
#include "crtlint/key.h"
#include "crtlint/pem.h"

struct object {
	struct slice data;
	struct pem pem;
	struct cert **certs;              /* one for each CERTIFICATE block, in file order */
	const struct pem_block **cert_blocks; /* the block of each */
	size_t n_certs;
	size_t n_foreign;                 /* blocks of other labels */
	unsigned go;
	struct key *key;                  /* filled by object_key() */
	struct key *opened;               /* filled by object_opened() */
	bool tried;                       /* likewise */
	struct object *openssl;           /* filled by object_openssl() */
	const struct key_stand_in *stand_in; /* of a snapshot: set right after object_parse(); NULL */
};

/* object_parse(arena, data, go): the blocks and certificates of a file. Never NULL. */
struct object *object_parse(struct arena *, struct slice, unsigned);

/* object_key(arena, object): its private key as key_parse() has it, parsed at the first call. Never NULL. */
const struct key *object_key(struct arena *, struct object *);

/* object_opened(arena, object): the key inside that key if it is encrypted and an empty passphrase opens it, tried at the first call; NULL. */
const struct key *object_opened(struct arena *, struct object *);

/* object_holds_key(object): some block's label is PRIVATE KEY or ends in " PRIVATE KEY". */
bool object_holds_key(const struct object *);

/* object_openssl(arena, object): the same bytes read in OpenSSL's dialect, at the first call. Never NULL. In it certs holds the
 * certificates of CERTIFICATE, X509 CERTIFICATE and TRUSTED CERTIFICATE blocks. */
struct object *object_openssl(struct arena *, struct object *);

#endif
