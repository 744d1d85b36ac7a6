/*
 * finding: what a rule has to say, as data. Sentences are composed in rule/finding.c alone, from the row's template and the
 * evidence, so that no two reports can disagree.
 */
#ifndef CRTLINT_FINDING_H
#define CRTLINT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/facts.h"
#include "crtlint/rule.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct evidence {
	const char *name;    /* "names", "host", "not_after" */
	struct words values; /* safe texts */
	bool list;           /* shown as a list even with one value */
};

struct finding {
	int id;                       /* from 1, in report order */
	size_t place;                 /* from 1, in the order in which they were found */
	const struct rule *rule;
	enum severity severity;       /* computed: breaks something, or is always one: error; else the row's level */
	const char *fingerprint;      /* 16 hexadecimal digits, of rule, role and key: equal in two runs */
	const char *file;             /* name inside the directory; NULL: the directory itself */
	const char *key;              /* what tells two findings of one rule and file apart; NULL */
	const char *role;             /* of the file; NULL */
	bool grave;                   /* an error though it breaks nothing: it lays a CA's key open */
	int certificate;              /* which certificate of the file, from 0; -1: the file as a whole */
	unsigned line;                /* of the file; 0: none */
	const char *message;          /* one sentence without the file's name in front */
	struct evidence *evidence;
	size_t n_evidence;
	const struct outcome **breaks;
	size_t n_breaks;
	const struct outcome **then;  /* what it would break next, once that is mended which breaks it now */
	size_t n_then;
	const struct finding **related;
	size_t n_related;
	const char *fix;              /* what to do; NULL */
	const struct suppression *suppressed; /* told, and not counted; NULL: it counts */
	struct words members;         /* of a cluster's: whom it is about */
	size_t n_edges;               /* of a cluster's finding: the connections between members that it breaks */
	const struct finding *absorbed_by; /* of a member's: the cluster's finding that tells the same cause; NULL: none */
	struct commands commands;     /* argv lists that do it; <PLACEHOLDER> in upper case is left to the reader */
};

struct findings {
	struct arena *arena;
	const struct facts *facts;
	struct finding **list;
	size_t n, capacity;
	struct finding_index *index; /* of rule/finding.c: by rule, file and key */
	bool *matched;               /* of rule/suppress.c: which of the settings' suppressions met a finding; NULL: not yet asked */
	struct look *look;           /* of checks/look.c: what the checks share, worked out once */
	uint32_t *edges;             /* of a cluster's: for each edge, the place + 1 in list of the finding that explains it */
};

/* finding_add(findings, rule, file name, key): the finding of this rule for this file (NULL: the directory) and key (NULL: none): the one
 * that is there, or a new one. Never NULL. */
struct finding *finding_add(struct findings *, enum rule_id, const char *, const char *);

/* finding_value(findings, finding, name, text): add a value to a piece of evidence, once; NULL adds nothing. finding_values(): mark it
 * as a list too. A list that grows too long is cut off with "...". */
void finding_value(struct findings *, struct finding *, const char *, const char *);
void finding_values(struct findings *, struct finding *, const char *, const char *);

/* finding_words(findings, finding, name, words): all these values, however many; they become a list. None: nothing is added. */
void finding_words(struct findings *, struct finding *, const char *, struct words);

/* finding_edge(findings, finding, edge): it explains why that edge of the cluster fails. Once for an edge. */
void finding_edge(struct findings *, struct finding *, size_t);

/* finding_breaks(findings, finding, outcome): it explains why this outcome fails, or would fail next (struct outcome, `of`). Once. */
void finding_breaks(struct findings *, struct finding *, const struct outcome *);

/* finding_relate(findings, finding, other): each names the other. */
void finding_relate(struct findings *, struct finding *, struct finding *);

/* finding_suppress(findings): compare what there is with the settings' suppressions, once: a finding that one of them covers, and that
 * has not lapsed, is suppressed. */
void finding_suppress(struct findings *);

/* finding_wish(findings, finding): what the settings want its severity to be. */
enum level_wish finding_wish(const struct findings *, const struct finding *);

/* finding_compose(findings, finding): severity, message, fix and fingerprint from the row and what was gathered. */
void finding_compose(const struct findings *, struct finding *);

/* finding_text(arena, template, finding): the template with {name} replaced by that evidence; a part in [brackets] is left out when
 * evidence that it names is not there. */
const char *finding_text(struct arena *, const char *, const struct finding *);

/* findings_run(arena, facts): all rules over one directory; composed, filtered by --only and --except, sorted by file, rule, key,
 * numbered. */
struct findings *findings_run(struct arena *, const struct facts *);

/* findings_of_cluster(arena, cluster): the rules across directories, and its members' own findings of one rule and file as one. Each
 * edge of the cluster gets the id of the finding that explains it. */
struct findings *findings_of_cluster(struct arena *, struct cluster *);

/* finding_explaining(findings, outcome, i): the i-th finding that breaks this outcome, NULL past the end. */
const struct finding *finding_explaining(const struct findings *, const struct outcome *, size_t);

/* severity_name(severity): "error", "warning", "note". */
const char *severity_name(enum severity);

#endif
