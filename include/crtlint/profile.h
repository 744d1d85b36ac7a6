/*
 * profile: a system as data: which file is for what, what is asked of it when, who dials whom. Read from YAML (rules/NAME.yaml,
 * crtlint-profile(5)); nothing here opens a file or knows a product.
 *
 * The binder resolves and checks everything that can be checked without a directory: unknown keys, roles, variables, facts in
 * texts. What is left to model/ are the rows, in file order, which is the order in which they are tried.
 */
#ifndef CRTLINT_PROFILE_H
#define CRTLINT_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "crtlint/arena.h"
#include "crtlint/error.h"
#include "crtlint/slice.h"
#include "crtlint/version.h"

struct words { /* a list of texts */
	const char **list;
	size_t n;
};

/* words_have(words, word): it is one of them. */
static inline bool
words_have(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (*w->list[i] == *word && strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

enum cond_kind { COND_IS, COND_SET, COND_UNSET, COND_SEVERAL, COND_PRESENT, COND_ABSENT };

struct cond { /* one member of `when`; all must hold */
	enum cond_kind kind;
	const char *subject; /* a variable (IS, SET, UNSET, SEVERAL; also a capture for IS), or a file pattern or role (PRESENT, ABSENT) */
	const char *value;   /* of IS */
};

struct gate { /* when a row is there at all */
	struct version since, until; /* of variable server-version; n 0: unbounded */
	struct cond *when;
	size_t n_when;
};

enum variable_type { VAR_TEXT, VAR_LIST, VAR_MAP, VAR_HOSTS, VAR_BOOL, VAR_NUMBER, VAR_VERSION, VAR_FILE, VAR_ENUM,
	VAR_PEERS /* a list of peers that take part though none of their files is here */ };

struct variable_default { /* by server version: the last row whose version is not above it holds */
	struct version from; /* n 0: always */
	const char *value;   /* may hold <other-variable>; list members are joined by "," */
};

struct variable {
	struct loc loc;
	struct gate gate;
	const char *name;
	enum variable_type type;
	struct words values; /* of VAR_ENUM */
	struct variable_default *defaults;
	size_t n_defaults;
	const char *help;
	const char *toml;    /* "FILE KEY": where the program itself is told, for --toml; NULL */
};

enum capture_type { CAPTURE_ANY, CAPTURE_NUMBER, CAPTURE_LOWER_CASE, CAPTURE_NO_DOT, CAPTURE_HOST, CAPTURE_ENUM };

struct capture {
	const char *name;
	enum capture_type type;
	struct words values; /* of CAPTURE_ENUM */
};

enum file_is { IS_CERTIFICATE, IS_CA, IS_IGNORED, IS_OTHER, IS_PUBLIC_KEY,
	IS_BY_CONTENT /* what it holds decides: model/ turns each such file's row into a row of another kind */ };

struct file_row {
	struct loc loc;
	struct gate gate;
	const char *dialect;     /* NULL outside of dialects */
	struct words patterns;   /* "client.<user>.crt" */
	enum file_is is;
	const char *role;        /* as written, may be "<component>"; for rows without `role` the first pattern */
	const char *key;         /* pattern of its key, "" none; "<stem>" is the file's name without its last extension */
	bool required;
	const char *principal;   /* what name it must be worth, "<user>"; NULL: none */
	struct words signed_by;
	const char *cn, *o, *ou; /* expected subject attributes; NULL: any */
	const char *says;        /* IS_IGNORED: what the log says of it */
	const char *why;         /* IS_IGNORED: why it is ignored, where nothing is said */
	const char *means;       /* IS_IGNORED: a capture ("user"). This row's own capture, folded to lower case, is one more of those:
	                          * the program looks for the folded name and does not find this file. NULL: none */
};

struct key_mode {
	struct loc loc;
	struct gate gate;
	struct words peers;
	unsigned at_most;
	const char *owner; /* "root", "server", NULL: anybody */
	const char *group; /* "server", NULL: any */
};

enum check { /* what `must` and `key-must` ask; crtlint-profile(5) has a sentence for each */
	CHECK_NONE,
	CHECK_EXIST, CHECK_NOT_EXIST, CHECK_BE_READABLE, CHECK_BE_REGULAR, CHECK_NOT_BE_EMPTY, CHECK_BE_OWNED, CHECK_BE_PRIVATE,
	CHECK_HOLD_ONLY_CERTIFICATES, CHECK_HOLD_A_CERTIFICATE, CHECK_BE_CERTIFICATES, CHECK_PARSE, CHECK_BE_OF_ITS_KIND,
	CHECK_HOLD_PEM, CHECK_BE_UNLOCKED, CHECK_PAIR, CHECK_PAIR_BY_FIRST_BLOCK, CHECK_POOL, CHECK_LOAD, CHECK_STAY,
	CHECK_BE_A_CA, CHECK_BE_SIGNED, CHECK_BE_IN_DATE, CHECK_HAVE_A_SAN, CHECK_COVER,
	CHECK_HAVE_PRINCIPAL, CHECK_HAVE_SUBJECT, CHECK_NOT_HAVE, CHECK_SHARE_SUBJECT,
	CHECK_SEND_A_CERTIFICATE, CHECK_COME_FROM_ITS_SAN, CHECK_REACH_ITSELF,
};

enum consequence { THEN_STOP, THEN_WARN, THEN_PLAIN };
enum which { IN_FIRST, IN_EVERY, IN_ANY };

struct step { /* a row of load, start, reload, dial or admission */
	struct loc loc;
	struct gate gate;
	struct words peers;      /* `peer`: only for these; n 0: all */
	struct words kinds, from, to;
	struct words files;      /* file patterns or roles: the first that exists; "+FILE" is added; "." is the directory */
	enum check check;
	bool of_key;             /* `key-must` */
	enum which in;
	enum consequence then;
	const char *says;        /* template; NULL: the text is <error> */
	const char *tells;       /* what the other end is told; NULL: what its stack hears */
	const char *as;          /* `as: start`: the rows of that list; no check then */
	const char *on;          /* reload: what triggers it; no check then */
	struct words among;      /* CN DNS URI DN */
	struct words one_of;     /* may hold <variable> or <capture>; n 0: the file row's principal */
	const char *fold;        /* "CN": folded to lower case before comparison */
	struct words hosts;      /* of cover */
	const char *ou, *o, *cn; /* of not-have */
	struct words attributes; /* of share-subject */
	bool of_both;            /* `of: both`: asked of the dialed end's certificate too */
	bool during_handshake;   /* the refusal happens in the handshake, not after it */
	int is;                  /* `is: ca`: only files of that kind; -1: any */
};

struct steps {
	struct step *list;
	size_t n;
};

enum client_cert { CERT_UNSAID, CERT_NONE, CERT_ASKED, CERT_REQUIRED };
enum host_check { HOST_UNSAID, HOST_CHECKED, HOST_UNCHECKED, HOST_WITH_CN };

struct peer { /* also the cells that a connection may repeat: what it says there wins */
	struct loc loc;
	struct gate gate;
	struct words names;          /* `peer`; "<user>" stands for any capture of that name */
	const char *stack;           /* name, or "<variable>" */
	struct words serves;         /* lists as `files` above; may end in none, system, elsewhere */
	struct words dials_with;
	struct words trusts_servers;
	struct words trusts_clients;
	enum client_cert client_cert;
	enum host_check checks_host;
	bool sends_leaf;             /* `sends: leaf`: without intermediates */
	bool sends_always;           /* `sends: always`: dialing, even where the server announces no CA name that fits */
};

struct connection_row {
	struct loc loc;
	struct gate gate;
	const char *kind;
	struct words from, to; /* peers; "<user>" stands for every user there is */
	const char *except;    /* a name that <user> stands for only where --user asks for it; NULL: none */
	const char *only;      /* the only name that <user> stands for; it is there even without a file */
	struct words host;     /* names or <variable>; n 0: no name */
	struct peer own;       /* cells repeated here */
	const char *assumes;   /* what makes an unknown authority no refusal ("the browser's own trust store decides ..."); NULL */
	struct words unchecked;/* sentences for the connection's `unchecked` */
};

struct principal_row {
	struct loc loc;
	struct gate gate;
	struct words among;  /* CN DNS URI DN */
	const char *map;     /* a variable of type map */
	const char *like;    /* URI pattern */
	bool alone;          /* where such a URI is there, nothing else is a principal */
	const char *shown;   /* how a message shows it, "<name>" */
	const char *says;    /* the URI is malformed: what is said */
};

struct log_row { const char *of; struct words to; const char *says; };
struct mend_row { struct loc loc; struct words files; const char *run; };
struct undecided_row { struct gate gate; const char *what, *assumed, *tell; };

struct topology_row { /* a list of instances in the file of --topology */
	struct loc loc;
	const char *section, *peer;
	struct words host; /* keys of an instance: the first that is there says how it is dialed */
};

struct toml_row { /* which keys of a component's own settings file, for --toml, name its files; NULL: none does */
	struct loc loc;
	const char *file, *peer, *ca, *cert, *key;
};

struct profile {
	const char *name, *title, *partial; /* partial: what is not judged; NULL */
	const char *path;                   /* as messages show it */
	struct words source;
	struct variable *variables; size_t n_variables;
	struct capture *captures; size_t n_captures;
	struct words capture_names;         /* every name that some pattern of files or `like` captures */
	struct file_row *files; size_t n_files;
	struct words dialects;
	struct key_mode *key_modes; size_t n_key_modes;
	struct steps load, start, reload, dial, admission;
	struct peer *peers; size_t n_peers;
	struct connection_row *connections; size_t n_connections;
	struct principal_row *principals; size_t n_principals;
	struct log_row *logs; size_t n_logs;
	struct mend_row *mends; size_t n_mends;
	struct undecided_row *undecided; size_t n_undecided;
	struct topology_row *topology; size_t n_topology;
	struct toml_row *toml; size_t n_toml;
	const struct profile *by_default;   /* itself, where no variable names a file; NULL in what profile_fill() made */
};

/* profile_read(arena, path, yaml, errors): bind a profile. All mistakes are appended to errors; NULL when there was any. */
struct profile *profile_read(struct arena *, const char *, struct slice, struct errors *);

/* The profiles compiled in, sorted by name. */
struct node;
struct builtin_profile {
	const char *name;
	struct slice yaml;
	const struct node *tree; /* what profile_read() would make of it first */
};
const struct builtin_profile *profile_builtin(size_t *);

/* profile_of_builtin(arena, builtin, errors): profile_read() of it, without reading YAML; its path is NAME.yaml. */
struct profile *profile_of_builtin(struct arena *, const struct builtin_profile *, struct errors *);

/* The variables that every profile has (profile/common.c): server-version, go-version, run-as. */
const struct variable *profile_common_variables(size_t *);

/* profile_variable(profile, name): its declaration, the common ones included; NULL: none. */
const struct variable *profile_variable(const struct profile *, const char *);

/* profile_has_peer(profile, name): whether it is one of its peers. profile_peer_near(arena, profile, name): the one that a slip may have
 * meant; NULL. */
bool profile_has_peer(const struct profile *, const char *);
const char *profile_peer_near(struct arena *, const struct profile *, const char *);

/* profile_dials(profile, name, captured): whether some connection goes to that peer; captured: one to whoever a capture stands for is
 * enough. profile_dials_near(arena, profile, name): the peer that a slip may have meant; NULL. */
bool profile_dials(const struct profile *, const char *, bool);
const char *profile_dials_near(struct arena *, const struct profile *, const char *);

/* variable_refuses(arena, profile, variable, text): why the text cannot be its value ("expected true or false"); NULL: it can. */
const char *variable_refuses(struct arena *, const struct profile *, const struct variable *, const char *);

/* profile_fill(arena, profile, lookup, of): the profile with the values of its variables of type file written into the names of its
 * files; lookup(of, name) has them, NULL: none, and the names that need it are not there. Another profile only where it has such
 * variables. profile_by_default(profile): with their defaults, worked out when it was read. */
const struct profile *profile_fill(struct arena *, const struct profile *, const char *(*)(const void *, const char *), const void *);
const struct profile *profile_by_default(const struct profile *);

/* profile_folders(arena, profile): the folders below the directory in which it has files ("etcd"). */
struct words profile_folders(struct arena *, const struct profile *);

/* pattern_match(profile, pattern, name, binds): whether a file name (raw bytes) fits the pattern. Captures are bound shortest first,
 * never empty, never holding "/" (but for the one that ends a URI pattern); their types decide too. Up to 4 binds are filled. */
struct bind { const char *name; struct slice value; };
struct binds { struct bind list[4]; size_t n; };
bool pattern_match(const struct profile *, const char *, struct slice, struct binds *);

/* pattern_may_match(pattern, name): false when its literal head or tail is not the name's, whatever the captures stand for: a quick look. */
bool pattern_may_match(const char *, struct slice);

/* template_next(&text, &token): the next piece of a pattern or of a text that is printed: literal bytes, or the name of <name>
 * ("<<" is the literal "<"; a "<" that begins no name is itself). False at the end. The text is moved on. */
struct token { bool is_name; struct slice text; };
bool template_next(const char **, struct token *);

/* check_name(check): as profiles write it. */
const char *check_name(enum check);

#endif
