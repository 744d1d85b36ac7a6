/*
 * rule: the table of all rules. One rule is one row of rules/rules.def and one function check_<symbol>() in src/checks/.
 */
#ifndef CRTLINT_RULE_H
#define CRTLINT_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/arena.h"

enum rule_id {
#define RULE(symbol, id, level, mixed, title, says, why, fix, source) RULE_##symbol,
#include "rules.def"
#undef RULE
	RULE_COUNT
};

enum level { /* what a finding is that breaks nothing */
	LEVEL_NOTE,
	LEVEL_WARNING,
	LEVEL_ERROR, /* always an error */
};

struct facts;
struct findings;

struct rule {
	enum rule_id number;
	const char *id;       /* "san-missing-host": area and problem; never reused */
	enum level level;     /* where every peer is Go */
	enum level mixed;     /* where some peer verifies by OpenSSL */
	const char *title;    /* a few words */
	const char *says;     /* the message; {name} is replaced by that evidence, several values joined by ", "; a part in [brackets] is left
	                         out when evidence that it names is not there */
	const char *why;      /* why it matters, in full sentences */
	const char *fix;      /* what to do; {name} as above */
	const char *source;   /* RFC clause, product page or source file */
	void (*check)(const struct facts *, struct findings *);
};

/* The check of each rule: reads facts, adds findings. */
#define RULE(symbol, id, level, mixed, title, says, why, fix, source) \
	void check_##symbol(const struct facts *, struct findings *);
#include "rules.def"
#undef RULE

/* rule_of_cluster(rule): it compares the members of a cluster, and has nothing to say of a directory. */
bool rule_of_cluster(const struct rule *);

/* rule_get(id): its row. rule_find(name): by its id, NULL: none. */
const struct rule *rule_get(enum rule_id);
const struct rule *rule_find(const char *);

/* rule_text(arena, template): `says` or `fix` where there is no evidence yet: {ca_file} is shown as CA-FILE, a part in [brackets] stays. */
const char *rule_text(struct arena *, const char *);

#endif
