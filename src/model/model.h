/*
 * model: the directory as the profile's system would read it. Private to src/model; the outcome is struct facts.
 *
 * One struct model is at work while one directory is judged. A struct scope says for whom a row is being tried, and what the texts
 * of that row may refer to.
 */
#ifndef CRTLINT_MODEL_H
#define CRTLINT_MODEL_H

#include <string.h>

#include "crtlint/facts.h"
#include "crtlint/text.h"

/* Names differ in their first byte more often than not, and are compared thousands of times a directory. */
static inline bool
same_name(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

struct pair { /* a certificate file and its key as one stack takes them; remembered */
	const struct file *file;
	const struct stack *stack;
	struct refusal refusal;
	struct certs chain;
};

enum { FAILURES_MAX = 8 };

struct start { /* how one peer's own start ended; remembered */
	const char *peer;
	struct failure failure;
	struct failure *more; /* what would fail next */
	size_t n_more;
	struct failure plain; /* the failure that switched TLS off in silence (then: plain) */
};

/* What counts as a file that is there. Who lists a directory takes no directory in it for a file, while a dangling link is there and
 * fails when it is read. Who is configured with names opens what they lead to. Who asks stat(2) first finds the directory, not the link. */
enum find { FIND_LISTED, FIND_NAMED, FIND_STAT };

struct resolved { /* what a word, its captures filled in, stands for; remembered */
	const char *word;
	uint32_t hash; /* of the word */
	enum find find;
	const struct file *const *files;
	size_t n;
	const struct file_row *row;
	const char *expected;
};

enum { RESOLVED_MAX = 64 };

struct stand_in { /* a placed file: what it stands for, to its peer */
	const char *peer, *word, *expected; /* word: as the peer's row has it; expected: the name of the file whose place it takes */
	const struct file_row *row;
	const struct file *file; /* NULL: nothing lies there */
	const char *path;
};

struct model {
	struct arena *arena;
	struct facts *facts;
	const struct profile *profile;
	struct errors *errors;
	struct words users;         /* folded names: from files, then --user */
	struct pair *pairs;
	size_t n_pairs, pairs_capacity;
	struct start *starts;
	size_t n_starts, starts_capacity;
	struct pending *pending;    /* later.c */
	size_t n_pending, pending_capacity;
	struct failure *gathered;   /* not NULL: steps_try() goes on behind a failure and keeps each here, FAILURES_MAX at most */
	size_t n_gathered;
	bool settled;               /* files are filled: words may be remembered, but for those that hang on who asks */
	struct resolved resolved[RESOLVED_MAX];
	size_t n_resolved;
	struct stand_in *stand_ins;
	size_t n_stand_ins;
};

struct given { /* a value that a text may name: <error>, <n>, <user> */
	const char *name, *text;
};

struct scope {
	struct model *m;
	const char *peer, *kind, *from, *to; /* NULL: not said */
	const char *user; /* the same as `from`, where it stands for a capture ("<user>") and not for a peer of that name; NULL: it does not */
	struct given given[24];
	size_t n_given;
	enum find find;
	const struct peer *dialer; /* in `dial`: the row that says what the client presents */
	struct trace *trace;       /* NULL: nothing is recorded */
};

/* scope.c: what texts and conditions may refer to */
struct scope scope_new(struct model *);
void scope_give(struct scope *, const char *, const char *);
void scope_give_binds(struct scope *, const struct binds *);
const char *scope_lookup(const struct scope *, const char *);
const char *scope_text(const struct scope *, const char *); /* a template, filled in; a trailing "..." is cut off */
bool scope_fill(const struct scope *, const char *, const char **); /* a file name or role; false: a capture stays open */
bool gate_open(const struct scope *, const struct gate *);
void words_add(struct arena *, struct words *, const char *);

/* variables.c */
void variables_resolve(struct model *);

/* hosts.c */
const char *hosts_dialed(const struct scope *, const char *); /* of these, the names of the peer that the scope is about; NULL: none */
void hosts_resolve(struct model *);                            /* those of the settings that are for this profile */
void hosts_narrow(struct model *); /* once files are known: those of the host whose directory this is */

/* files.c: rows filled, keys paired, run-as */
void files_fill(struct model *);
void users_gather(struct model *);
const char *name_stem(struct arena *, const char *); /* the name without its last extension */
const char *text_fold(struct arena *, const char *);

/* placed.c: files that lie elsewhere and take the place of the directory's */
unsigned placed_score(struct model *); /* how many have a role in the dialect at hand, as dialects are weighed; before there are files */
size_t placed_enter(struct model *); /* behind the listing's files, which there is room for; how many files there are then */
void placed_fill(struct model *);    /* before keys are paired */
void placed_pair(struct model *);    /* after it */
const struct stand_in *placed_find(const struct scope *, const char *);

/* content.c: rows of the kind by-content */
void content_rows(struct model *);
void content_pairs(struct model *);
bool content_serves(const struct file *);

/* resolve.c: what a cell of the profile stands for in this directory */
enum { RESOLVE_MAX = 256 };
struct found {
	const struct file *files[RESOLVE_MAX];
	size_t n;
	bool none, system, elsewhere, anything, every; /* how the list ended, when no file of it exists */
	const struct file_row *row;   /* of the first file named, there or not */
	const char *expected;         /* its name, when it is a definite one */
};
void found_none(struct found *); /* makes it empty; the list is not touched, it is long */
void resolve_ref(const struct scope *, const char *, struct found *);  /* every file that one word stands for */
void resolve_list(const struct scope *, const struct words *, struct found *); /* the first that exists, and each +FILE that does */
bool file_exists(const struct scope *, const struct file *);
bool loads_directory(const struct model *, const char *);

/* step.c, check.c: rows tried in order */
enum list { LIST_LOAD, LIST_START, LIST_RELOAD, LIST_DIAL };
struct failure steps_try(struct scope *, enum list);
struct failure check_file(struct scope *, const struct step *, const struct file *);
struct failure check_readable(struct scope *, const struct file *, enum cause);
struct failure check_not_empty(struct scope *, const struct file *);
int check_errno(const struct entry *); /* why opening it fails */
void load_files(struct model *);
struct failure failure_at(const struct file *, enum cause, const char *);
const char *file_path(const struct model *, const char *);
const char *errno_words(int);
const char *read_error(const struct model *, const struct file *); /* what opening and reading it says, where that fails */
const char *errno_of(const struct stack *, int); /* as programs over that stack print it */
const struct stack *scope_stack(const struct scope *);

/* check_key.c: what is asked of keys; true: of the key file only the first PEM block is looked at */
struct failure check_key(struct scope *, const struct step *, const struct file *);
struct failure check_key_pair(struct scope *, const struct file *, bool);

/* check_cert.c: what is asked of the certificates themselves */
struct failure check_cert(struct scope *, const struct step *, const struct file *);
struct failure check_subject(struct scope *, const struct step *, const struct cert *, const struct file_row *);
struct failure check_shared(struct scope *, const struct step *, const struct cert *, const struct cert *);
bool has_attribute(struct arena *, const struct cert *, const char *, const char *);

/* principals.c: which names a certificate is worth */
struct principals {
	struct words names;   /* as they are compared */
	struct words folded;  /* those that come from the CN, folded */
	struct words shown;   /* as messages show them */
	const char *error;    /* a malformed URI: what is said of it */
};
struct principals principals_of(const struct scope *, const struct cert *, bool); /* true: the URIs count too */
const char *words_join(struct arena *, const struct words *, const char *, const char *); /* separator, quote */
/* dn_text(arena, name), dn_normal(arena, text): a subject and a configured name, so that they can be compared. */
const char *dn_normal(struct arena *, const char *);
const char *dn_text(struct arena *, const struct name *);
struct words cert_addresses(struct arena *, const struct cert *, bool, bool);

void scope_give_cert(struct scope *, const struct cert *, const struct principals *);

/* peers.c */
bool peer_named(const struct scope *, const struct words *, const char *);
const struct peer *peer_row(const struct scope *, const char *);
bool peer_takes_part(struct scope *, const char *);
const struct stack *peer_stack(const struct scope *, const struct peer *);
bool key_alone(const struct facts *, const struct found *);
const struct pair *pair_of(struct model *, const struct file *, const struct stack *);

/* record.c: steps of a trace that model/ adds; a NULL trace records nothing */
void record_side(struct trace *, const char *, const struct file *, const struct file *, const struct failure *);
void record_names(struct trace *, const struct words *, const struct words *); /* worth, wanted */
void record_admission(struct trace *, const struct step *); /* a row is tried; what follows lies below, until: */
void record_admitted(struct trace *, const struct connection *);

/* start.c, connect.c, admit.c */
const struct start *start_of(struct model *, const char *);
const struct start *start_for(const struct scope *, const char *);
void outcomes_judge(struct model *);
void itself_judge(struct model *); /* after connections_judge() */
void connections_judge(struct model *);
void connection_admit(struct scope *, struct connection *, const struct handshake_answer *, const struct tls_end *, const struct tls_end *);
struct words wanted_of(struct scope *, const struct step *);
bool any_of(const struct words *, const struct words *);
void connection_refused(struct connection *, enum stage, struct failure, bool);
void unjudged_tell(struct model *);

/* later.c: what comes to light once the first failure is mended; places are those of facts_outcome() */
void later_add(struct model *, size_t, struct failure);
void later_settle(struct model *);
void later_move(struct facts *, const struct connection *); /* the connections stood there before, and may stand elsewhere now */
bool later_handshakes(struct model *, size_t, struct handshake_ask, struct handshake_answer *,
    struct failure (*)(struct model *, const void *, const struct handshake_answer *), const void *);

#endif
