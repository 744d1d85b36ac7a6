/*
 * look: what several checks need to know of the facts, worked out once per directory: where each certificate lies, who presents
 * which file, and which names are near misses. Pure: nothing but the facts is read.
 */
#ifndef CHECKS_LOOK_H
#define CHECKS_LOOK_H

#include "crtlint/arena.h"
#include "crtlint/facts.h"
#include "crtlint/finding.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

struct seat { /* one readable certificate in its place */
	const struct file *file;
	const struct cert *cert;
	size_t index; /* in the file, from 0 */
};

struct seats { /* a run of seats with something in common */
	const struct seat *const *list;
	size_t n;
};

struct service { /* what a file is used for in the connections */
	bool serves; /* a listener presents it */
	bool by_name; /* a listener presents it to a Go program that compares names */
	bool sends; /* a dialer sends it */
	bool placed; /* place is worked out */
	int place; /* see look_place() */
};

struct near { /* a file whose name is almost one that is looked for */
	const char *expected; /* that name, safe; NULL: it is none */
	const char *folded; /* the same where only capitals in a captured name are to blame */
	const char *user; /* then: the captured name as it is looked up */
};

enum { PLACE_NONE = -1, PLACE_UNKNOWN = -2, PLACE_ODD = -3 };

struct look {
	struct seat *seats; /* in the files' order */
	size_t n;
	const struct seat **by_subject, **by_spki; /* sorted by these bytes, then by place */
	struct service *services; /* one for each file */
	struct near *nears; /* likewise */
	struct reasons *reasons; /* culprit.c: which rule each failure belongs to */
};

struct look *look_at(struct findings *);

/* Seats whose subject, or whose public key, is these bytes. */
struct seats look_subject(const struct look *, struct slice);
struct seats look_spki(const struct look *, struct slice);

const struct service *look_service(const struct look *, const struct facts *, const struct file *);

/* What a file is by its row. */
bool look_is_leaf(const struct file *); /* a certificate file that counts */
bool look_is_ca(const struct file *); /* a CA file that counts */
bool look_is_judged(const struct file *); /* one of the two, and its bytes were read */
bool look_is_key(const struct file *); /* a key file of its own, of a certificate that is no CA */

/* Which certificate of the file its key belongs to, from 0. PLACE_NONE: none of them; PLACE_UNKNOWN: there is no key to compare;
 * PLACE_ODD: the first certificate's key is of a kind that cannot be compared. */
int look_place(struct findings *, const struct file *);

/* Whether the issuer's key signed the certificate, names given to be equal. Key identifiers decide where both have one. */
bool look_issued(const struct facts *, const struct cert *, const struct cert *);

/* Whether the name, every value decoded, ASCII case folded and blanks squeezed, reads the same. */
bool look_same_name(struct arena *, const struct name *, const struct name *);

/* Whether it may stand as an issuer; if not, the reason in words. */
const char *look_no_issuer(const struct cert *);

/* Whether its usages are limited and hold neither this one nor any. */
bool look_lacks_usage(const struct cert *, const char *);

/* A finding about one certificate of a file: key, index and line are filled. add_key: with that key in place of the certificate's. */
struct finding *look_add(struct findings *, enum rule_id, const struct file *, size_t);
struct finding *look_add_key(struct findings *, enum rule_id, const struct file *, size_t, const char *);

/* The same for a file as a whole. */
struct finding *look_add_file(struct findings *, enum rule_id, const struct file *);

/* Evidence: the certificate's alternative names of DNS and IP kind; its usages; all names of a principal. */
void look_names(struct findings *, struct finding *, const char *, const struct cert *);
void look_usages(struct findings *, struct finding *, const char *, const struct cert *);

/* Evidence about the file's permissions: mode, owner, and the user who has to read it. */
void look_permissions(struct findings *, struct finding *, const struct file *);

/* The commands that make the file anew become the finding's, if it has none yet. */
void look_mend(struct findings *, struct finding *, const char *);

/* Short texts in the arena. */
const char *look_number(struct findings *, uint64_t);
const char *look_mode(struct findings *, uint32_t);
const char *look_subject_text(struct findings *, const struct cert *);
const char *look_issuer_text(struct findings *, const struct cert *);
const char *look_value(struct findings *, struct slice);

/* Whether the user who has to read the files cannot search the directory: then no file of it can be read. */
bool look_closed(const struct facts *);

/* The label of a PEM block, safe; the blocks that hold no certificate. */
bool look_is_key_label(struct slice);

/* patterns.c: what the profile's file patterns say about a name. */

/* Whether the row belongs to the dialect and the version that are judged. */
bool look_row_counts(const struct facts *, const struct file_row *);

/* Whether the pattern's plain text before and behind its one capture fits the name; the part between them. False when the pattern
 * has no capture or several. */
bool look_capture(const char *, struct slice, struct slice *);

/* Whether "<capture>" as a row's role may be this role: its type decides. */
bool look_role_takes(const struct facts *, const char *, const char *);

/* The type of a pattern's one capture. */
enum capture_type look_capture_type(const struct facts *, const char *);

/* Whether the file is one whose captured name is folded to lower case before it is looked up, so that its own capitals keep it from
 * being found; then folded and user are filled. */
bool look_folds(struct findings *, const struct file *, struct near *);

/* What the log says about an ignored file, its captures filled in; NULL: nothing. */
const char *look_says(struct findings *, const struct file *);

/* near.c: fill look->nears; what is near to a file. */
const struct near *look_near(struct findings *, const struct file *);
void look_find_nears(struct findings *, struct look *);

/* The file that is a near miss of this missing name; NULL: none. */
const struct file *look_near_of(struct findings *, const char *);

/* The file whose name, its user folded to lower case, is this missing name; NULL: none. */
const struct file *look_unfolded_of(struct findings *, const char *);

#endif
