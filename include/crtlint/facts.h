/*
 * facts: everything that is known of one directory, as plain data: which file is what, how the start and the reload end, who can
 * talk to whom and what refuses. model/ fills it; the rules read it and nothing else.
 *
 * A failure is kept as the program met it first. Why that came about (an expired CA, a CA made twice) is the rules' business.
 */
#ifndef CRTLINT_FACTS_H
#define CRTLINT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/cause.h"
#include "crtlint/entry.h"
#include "crtlint/object.h"
#include "crtlint/profile.h"
#include "crtlint/settings.h"
#include "crtlint/stack.h"

struct file;
struct model;
struct cluster;

struct failure {
	enum cause cause;          /* CAUSE_NONE: nothing failed */
	const char *error;         /* what the side that refuses says; safe */
	const struct file *file;   /* the file to blame; NULL: it is not there, or the directory */
	const char *name;          /* its name, also of one that is not there; "." the directory; NULL: nobody's */
	const struct cert *cert;   /* the certificate that is refused */
	const struct cert *parent; /* the candidate issuer that was tried */
	const struct file *trust;  /* the first CA file of the side that refuses the chain, NULL: it has none */
	const struct step *step;   /* the profile's row that failed; NULL: a handshake failed */
	const char *detail;        /* see struct refusal; for causes of admission: the names the certificate is worth */
	const char *wanted;        /* the host, or the principal, that was wanted */
	const char *only;          /* versions on which alone it fails, "20.1 to 24.1"; NULL: on the one that is judged */
};

enum outcome_kind { OUTCOME_START, OUTCOME_RELOAD, OUTCOME_CONNECTION };

struct outcome {
	enum outcome_kind kind;
	const char *id;            /* "start", "reload", or the connection's id */
	bool judged;               /* false: the profile says nothing of it */
	bool ok;
	struct failure failure;    /* when not ok, and for a reload that is taken and breaks every handshake */
	const char *warning;       /* what is only logged (then: warn); NULL */
	const struct outcome *of;  /* of a failure that would come to light next, were the ones before it mended: whose; else NULL */
};

enum stage { STAGE_NONE, STAGE_CONFIG, STAGE_HANDSHAKE, STAGE_AUTH };

struct connection {
	struct outcome outcome;
	const char *kind, *from, *to;
	const char *host;             /* NULL: no name was compared */
	enum stage stage;             /* where it fails */
	const char *client_error, *server_error;
	struct words unchecked;       /* what the answer rests on */
	const struct file *serves;    /* what the listener presents; NULL: nothing that can be used */
	const struct file *presents;  /* what the dialer has; NULL: nothing */
	bool sent;                    /* the dialer's certificate was sent */
	bool from_openssl, to_openssl; /* that end's library is OpenSSL, not Go */
	struct trace *trace;          /* what was tried, where settings ask for it; else NULL */
	bool lent;                    /* one with another member of a cluster that fails because of this directory (cluster.h) */
};

struct file {
	const struct entry *entry;
	const char *name;             /* safe */
	const char *path;             /* that of the directory before it, as messages show it */
	const char *stem;             /* the name without its last extension */
	struct object *object;        /* NULL: not read */
	const struct file_row *row;   /* the profile's row as certificate, CA, ignored or other; NULL: none */
	const struct file_row *key_row; /* the row whose key it is; NULL: it is no row's key */
	struct binds binds;           /* captures of either row */
	const char *role;             /* "Node", "Client", "Node key"; NULL: none */
	const char *capture;          /* the first capture's value, safe ("maxroach"); NULL */
	const char *key_name;         /* the name of its key file, safe; NULL: it has none by its row */
	const char *key_path;         /* its path, likewise; NULL */
	const struct file *key;       /* that file, when it is there */
	const struct file *certificate; /* of a key: its certificate file, when it is there */
	bool readable;                /* by the identity that the system runs as */
	bool used;                    /* some step or connection looked at it */
	struct failure load;          /* the first failure of the profile's `load` rows, kept as the file's error */
};

struct value { /* of a variable */
	const struct variable *variable;
	const char *text;   /* NULL: unset; lists are joined by "," */
	struct words words; /* its members */
	enum origin from;
};

struct facts {
	struct arena *arena;
	const struct listing *listing;
	const struct settings *settings;
	const struct profile *profile;  /* NULL: none fits */
	const char *chosen_because;
	const char *also_fits;          /* another profile that fits as well; NULL */
	const char *dialect;            /* NULL: the profile has none */
	struct value *values;
	size_t n_values;
	struct version server_version;  /* n 0: the newest */
	unsigned go;
	struct identity run_as;
	enum origin run_as_from;
	bool mixed;                     /* some peer verifies by OpenSSL: the second column of rules.def holds */
	struct file *files;             /* in the listing's order; behind them those that were placed (settings.h) */
	size_t n_files;
	struct outcome start, reload;
	struct connection *connections;
	size_t n_connections;
	const struct outcome **later;   /* failures behind the first ones, in the order in which they would come to light; see `of` */
	size_t n_later, later_capacity;
	bool too_many;                  /* there are more users, or more connections, than were judged */
	struct words unjudged;          /* sentences: what this directory alone cannot decide, what was assumed, how to tell */
	struct signatures *signatures;
	struct model *model;            /* of src/model: what it remembers, for connections across directories; NULL: not judged */
	const struct cluster *cluster;  /* these facts stand for members and what is between them (cluster.h); NULL: for a directory */
};

/* facts_build(arena, listing, profile, chosen_because, settings, errors): judge one directory. Mistakes in the settings (an unknown
 * variable, a value of the wrong type) go to errors; then NULL. */
struct facts *facts_build(struct arena *, const struct listing *, const struct profile *, const char *, const struct settings *,
    struct errors *);

/* facts_value(facts, name): a variable's value; NULL: there is no such variable. */
const struct value *facts_value(const struct facts *, const char *);

/* facts_file(facts, name): the file of that (raw, NUL-terminated) name, or NULL. */
const struct file *facts_file(const struct facts *, const char *);

/* facts_holder(facts, cert, &index): the file that holds this certificate and its place there from 0; NULL: none. */
const struct file *facts_holder(const struct facts *, const struct cert *, size_t *);

/* facts_outcome(facts, i): start, reload, then the connections, for loops over all of them; NULL past the end. */
const struct outcome *facts_outcome(const struct facts *, size_t);

/* facts_connection(outcome): the connection that this outcome belongs to; NULL for start and reload. */
const struct connection *facts_connection(const struct outcome *);

/* facts_mend(arena, facts, file name): the commands that make that file anew, each a list of arguments; n 0: the profile has none. */
struct command { struct words argv; };
struct commands { struct command *list; size_t n; };
struct commands facts_mend(struct arena *, const struct facts *, const char *);

#endif
