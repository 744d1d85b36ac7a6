/*
 * pem_scan: what the dialects of the PEM reader share.
 */
#ifndef CRTLINT_PARSE_PEM_SCAN_H
#define CRTLINT_PARSE_PEM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/pem.h"

#define PEM_NONE ((size_t)-1)

struct pem_scan {
	struct arena *arena;
	struct slice file;
	enum pem_dialect dialect;
	struct pem *out;
	size_t capacity;
	size_t counted; /* newlines before this offset are in line */
	unsigned line;
	size_t end; /* where reading stopped, because of too many blocks */
	uint8_t *scratch; /* room for what the whole file may decode to */
};

/* pem_find(file, from, text): offset of the first occurrence at or after from, or PEM_NONE. pem_has(): it stands there. */
size_t pem_find(struct slice, size_t, const char *);
bool pem_has(struct slice, size_t, const char *);

/* pem_line(file, from, &next): the line at from without its end ("\n", or "\r\n") and without blanks before that, and where
 * the next one starts: getLine of encoding/pem. */
struct slice pem_line(struct slice, size_t, size_t *);

/* pem_piece(file, from, to): those bytes. */
struct slice pem_piece(struct slice, size_t, size_t);

/* pem_add(scan, begin, block): one more block whose BEGIN stands at that offset; false: there were enough already. */
bool pem_add(struct pem_scan *, size_t, struct pem_block);

/* pem_header(line, block): notes "Proc-Type: 4,ENCRYPTED" and "DEK-Info" (RFC 1421 4.6.1.1, 4.6.1.3). */
void pem_header(struct slice, struct pem_block *);

/* The dialects. */
void pem_go_scan(struct pem_scan *);
void pem_go_end_first(struct pem_scan *);
void pem_openssl_scan(struct pem_scan *);

/* pem_diagnose(scan): fill in skipped, flaw and flaw_line. */
void pem_diagnose(struct pem_scan *);

#endif
