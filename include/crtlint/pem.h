/*
 * pem: finds the PEM blocks of a file, in the dialect of the library that will read it.
 *
 * RFC 7468 describes the format; what programs take differs (facts/reading-and-verifying 1.3), so the dialect is an argument.
 */
#ifndef CRTLINT_PEM_H
#define CRTLINT_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum pem_dialect {
	PEM_GO,      /* encoding/pem up to Go 1.25.1 and 1.24.7 */
	PEM_GO_1253, /* Go 1.25.2, 1.25.3, 1.24.8 and 1.24.9: END is sought first, one bad block can lose the rest */
	PEM_GO_1254, /* Go 1.25.4 and 1.24.10 on: the same, but the search goes on behind a bad block */
	PEM_OPENSSL, /* OpenSSL 3.0 PEM_read_bio */
};

struct pem_block {
	struct slice label; /* "CERTIFICATE" */
	struct slice der;   /* decoded; arena memory */
	unsigned headers;   /* RFC 1421 headers in front of the base64 */
	bool encrypted;     /* Proc-Type: 4,ENCRYPTED is among them */
	bool cipher;        /* DEK-Info is, whatever it says */
	struct slice dek_info; /* what it says, behind "4,ENCRYPTED"; n 0: nothing */
	unsigned line;      /* of the BEGIN line, from 1 */
	size_t body, body_end; /* offsets in the file between which its base64 was read */
};

enum pem_flaw { /* why a file yields no block, or fewer than it seems to hold; the first that fits */
	PEM_SOUND,
	PEM_EMPTY,        /* zero bytes, or blanks only */
	PEM_IS_DER,       /* starts as a DER SEQUENCE that spans the file */
	PEM_UTF16,        /* UTF-16, with or without byte order mark */
	PEM_BOM,          /* a UTF-8 byte order mark directly before BEGIN */
	PEM_INDENTED,     /* blanks before BEGIN */
	PEM_CR_ONLY,      /* lines end in CR alone */
	PEM_CUT_OFF,      /* BEGIN without END */
	PEM_LABELS,       /* BEGIN and END name different things */
	PEM_BASE64,       /* a block whose base64 is broken */
	PEM_GARBAGE,      /* nothing that looks like PEM */
};

struct pem {
	struct pem_block *blocks; /* in file order */
	size_t n;
	bool broken;         /* PEM_OPENSSL: reading ended at a block that it cannot read, not at the end of the file */
	bool too_many;       /* above LIMIT_BLOCKS: the rest was not read */
	size_t skipped;      /* lines that begin a block (after blanks or a BOM) from which no block came */
	enum pem_flaw flaw;  /* of the first such place; PEM_SOUND when skipped is 0 and n > 0 */
	unsigned flaw_line;  /* from 1, 0: the file as a whole */
};

/* pem_scan(arena, file, dialect): all blocks of the file. Works in time linear in the size. */
struct pem pem_scan(struct arena *, struct slice, enum pem_dialect);

/* pem_flaw_text(flaw): in words, for a finding: "DER instead of PEM". */
const char *pem_flaw_text(enum pem_flaw);

#endif
