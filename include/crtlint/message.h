/*
 * message: what a text from a log means. The texts known are the rows of rules/messages.def and every template of the profiles; their
 * <names> stand for any text.
 *
 * What is asked about comes from outside, is normalised (colours, quotes, escapes, markers of redaction, line ends) and compared line
 * by line. The most literal bytes win; a text that wraps another one says where it was met, and counts only when nothing is known inside.
 */
#ifndef CRTLINT_MESSAGE_H
#define CRTLINT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"
#include "crtlint/profile.h"
#include "crtlint/slice.h"

enum message_side {
	MESSAGE_READER,   /* who reads the directory: at start, at a reload, or before it dials */
	MESSAGE_DIALER,   /* who dials */
	MESSAGE_LISTENER, /* who is dialed */
	MESSAGE_VERIFIER, /* whichever end looks at the other's certificates */
	MESSAGE_REFUSED,  /* the end that was refused and only heard so */
	MESSAGE_NOBODY,   /* no certificate is to blame */
};

struct message {
	enum message_side side;
	bool wraps;          /* another text stands inside */
	const char *pattern; /* "x509: certificate is valid for <names>, not <host>" */
	const char *sees;    /* what the other end shows; "" nothing, NULL not known */
	const char *meaning; /* full sentences */
	const char *first;   /* what to do first; "" what the first rule's fix says */
	const char *rules;   /* ids, the likeliest first, separated by blanks; "" none */
	const char *where;   /* of a profile's text: "cockroachdb, at start"; NULL: a row of the table */
};

struct messages; /* all that are known */

/* messages_new(arena, profiles, count): the table, and the texts of these profiles. */
struct messages *messages_new(struct arena *, const struct profile *const *, size_t);

/* messages_each(messages, i): the i-th of all, NULL past the end. */
const struct message *messages_each(const struct messages *, size_t);

struct message_value { const char *name, *text; }; /* of one <name>; safe texts */

struct match {
	const struct message *message;
	struct message_value *values;
	size_t n_values;
	size_t line, from, to; /* where its literal bytes begin and end in the normalised text */
	size_t inner;          /* of one that wraps: where the other text begins */
	unsigned weight;       /* its literal bytes */
};

struct matches {
	struct match *list; /* the best first, then the others that are also possible; from wrappers on, where they were met */
	size_t n;
	size_t wrappers; /* index of the first match that only wraps another; the first of all is never behind it */
};

/* messages_match(arena, messages, text): what is recognised in a text from outside; n 0: nothing. */
struct matches messages_match(struct arena *, const struct messages *, struct slice);

/* matches_side(matches): who says the best of them, as precisely as what stands around it tells. */
enum message_side matches_side(const struct matches *);

/* message_plain(arena, text): the normalised text in lower case, lines separated by "\n". Raw bytes, NUL-terminated. */
const char *message_plain(struct arena *, struct slice);

#endif
