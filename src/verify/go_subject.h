/*
 * go_subject: one subject alternative name as Go's name constraints compare it.
 */
#ifndef CRTLINT_VERIFY_GO_SUBJECT_H
#define CRTLINT_VERIFY_GO_SUBJECT_H

#include "go.h"

struct go_subject {
	enum constraint_kind kind;
	struct slice name; /* as it stands */
	struct slice local; /* of mail, unescaped */
	struct slice domain; /* of mail and URI; of DNS the name */
	const char *error; /* why it cannot be compared with anything: matchURIConstraint's own errors */
};

/* go_subject_read(arena, san, release, subject): the name in parts; the error when it cannot be read, else NULL. */
const char *go_subject_read(struct arena *, const struct san *, unsigned, struct go_subject *);

/* go_subject_mailbox(arena, text, release, local, domain): parseRFC2821Mailbox. */
bool go_subject_mailbox(struct arena *, struct slice, unsigned, struct slice *, struct slice *);

#endif
