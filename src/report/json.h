/*
 * json: what the files that write the JSON report share.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/report.h"

#include "blame.h"
#include "emit.h"

struct job { /* one directory being written */
	struct emit emit;
	struct arena *arena;
	const struct facts *facts;
	const struct blame *blame;
	size_t effort; /* left for show_owner() */
	struct slice spki;       /* of the certificate that was written last: mostly its key comes next */
	const char *spki_digest; /* of that */
};

/* json_key_*(job, key, value): a member of an object. json_key_number(job, key, there, number): null unless it is there.
 * json_key_open(job, key, bracket): what follows lies in it, until emit_close(). */
void json_key_text(struct job *, const char *, const char *);
void json_key_bool(struct job *, const char *, bool);
void json_key_number(struct job *, const char *, bool, int64_t);
void json_key_open(struct job *, const char *, char);
void json_key_list(struct job *, const char *, const struct words *);

/* json_words(job, words): an array of texts. */
void json_words(struct job *, const struct words *);

/* json_evidence(job, finding), json_suppressed(job, suppression): members of a finding's object. */
void json_evidence(struct job *, const struct finding *);
void json_suppressed(struct job *, const struct suppression *);

/* json_file(job, file): one object of "files". */
void json_file(struct job *, const struct file *);

#endif
