/*
 * cause: why something fails, as one word. verify/ and model/ say it, checks/ turn it into the finding that explains it.
 *
 * A cause names what was met first by the program that refuses, in its own order of looking; which rule owns it, and what
 * lies behind it (the CA was made twice, the file has a near-miss name), is for the rules to find out.
 */
#ifndef CRTLINT_CAUSE_H
#define CRTLINT_CAUSE_H

enum cause {
	CAUSE_NONE,
	CAUSE_UNJUDGED, /* cannot be computed here; nothing is claimed to fail */

	/* of the directory and its files, in the order of a file's life */
	CAUSE_DIRECTORY,         /* the directory itself cannot be read */
	CAUSE_NOTHING_HERE,      /* none of the files that would count is there */
	CAUSE_MISSING,           /* the file is not there */
	CAUSE_LOST,              /* not there, though the running service has a sound one, which a reload refuses to lose */
	CAUSE_NOT_ALLOWED,       /* a file of that name must not be there (a tenant id that is no number) */
	CAUSE_FIFO,              /* opening it never returns */
	CAUSE_NOT_REGULAR,       /* a directory, device or socket */
	CAUSE_UNREADABLE,        /* the program may not read it, or the link leads nowhere */
	CAUSE_NOT_READ,          /* crtlint itself did not read it (limit, outside link): unjudged */
	CAUSE_EMPTY,             /* zero bytes */
	CAUSE_FOREIGN_BLOCK,     /* a PEM block of another kind */
	CAUSE_NO_CERTIFICATE,    /* no certificate block */
	CAUSE_MALFORMED,         /* a certificate that the stack's parser refuses */
	CAUSE_POOL_EMPTY,        /* a CA file out of which the stack takes no CA */
	CAUSE_NOT_A_CA_FILE,     /* be-a-ca: the file's certificate is no CA */

	/* of keys */
	CAUSE_KEY_MISSING,
	CAUSE_KEY_NOT_REGULAR,
	CAUSE_KEY_OWNER,
	CAUSE_KEY_MODE,
	CAUSE_KEY_UNREADABLE,
	CAUSE_KEY_NOT_PEM,
	CAUSE_KEY_NOT_FIRST,     /* another PEM block stands before it, and the program reads the first alone */
	CAUSE_KEY_LABEL, /* not of what the block holds, and the stack minds */
	CAUSE_KEY_ENCRYPTED,
	CAUSE_KEY_UNSUPPORTED,
	CAUSE_KEY_DAMAGED,
	CAUSE_KEY_MISMATCH,      /* belongs to another certificate; or the leaf is not first */
	CAUSE_KEY_TOO_SMALL,     /* no signature scheme can use it */
	CAUSE_KEY_TOO_LARGE,
	CAUSE_KEY_UNUSABLE,      /* of a kind the handshake cannot use */

	/* of a chain, in the order in which Go's verifier meets them */
	CAUSE_TOO_LARGE,         /* the certificate message is larger than the receiving stack takes */
	CAUSE_PEER_MALFORMED,    /* a later certificate of the chain that the peer cannot parse */
	CAUSE_CRITICAL_EXTENSION,
	CAUSE_EXPIRED,
	CAUSE_NOT_YET,
	CAUSE_HOST,
	CAUSE_UNKNOWN_AUTHORITY, /* no candidate issuer by name */
	CAUSE_OTHER_KEY,         /* a candidate by name, but the signature does not verify with its key */
	CAUSE_WEAK_SIGNATURE,
	CAUSE_UNKNOWN_SIGNATURE,
	CAUSE_NOT_A_CA,
	CAUSE_NAME_CONSTRAINT,
	CAUSE_PATH_LENGTH,
	CAUSE_SIGNATURE_LIMIT,
	CAUSE_POLICY,
	CAUSE_USAGE_SERVER,
	CAUSE_USAGE_CLIENT,
	CAUSE_KEY_ID,            /* AKI and SKI differ where the stack minds */
	CAUSE_SELF_SIGNED,       /* taken for self-signed because subject equals issuer (OpenSSL error 18) */
	CAUSE_NOT_ANCHORED,      /* an intermediate as the only anchor, where the stack wants a root (OpenSSL errors 2, 20) */

	/* of admission */
	CAUSE_WITHHELD,          /* the client has a certificate and did not send it: no CA name of the server matches */
	CAUSE_NONE_TO_SEND,      /* the client has none */
	CAUSE_PRINCIPAL,         /* the certificate is not worth the name that is wanted */
	CAUSE_SCOPE,             /* a URI principal is malformed or of another scope */
	CAUSE_TENANT_OU,         /* an OU that makes it something else */
	CAUSE_DN,                /* the distinguished name is not the one configured */
	CAUSE_PEER_ADDRESS,      /* the dialer's address is not in its own certificate */
};

#endif
