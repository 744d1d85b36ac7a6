/*
 * take: the words of the command line, one function for each option; the table in options.c says which is whose. A function keeps
 * what it is given in the options, or adds to their errors. Private to src/cli.
 */
#ifndef CRTLINT_CLI_TAKE_H
#define CRTLINT_CLI_TAKE_H

#include "cli.h"

#define NOWHERE ((struct loc){0, 0}) /* the command line has no lines */

/* take_word(options, list, word): one word more in a list of the options' own. take_safe(options, raw): fit to be shown. */
void take_word(struct options *, struct words *, const char *);
const char *take_safe(struct options *, const char *);

/* take_OPTION(options, its argument; NULL where it has none) */
void take_profile(struct options *, const char *);
void take_config(struct options *, const char *);
void take_no_config(struct options *, const char *);
void take_host(struct options *, const char *);
void take_user(struct options *, const char *);
void take_at(struct options *, const char *);
void take_set(struct options *, const char *);
void take_toml(struct options *, const char *);
void take_topology(struct options *, const char *);
void take_expires(struct options *, const char *);
void take_only(struct options *, const char *);
void take_except(struct options *, const char *);
void take_trace(struct options *, const char *);
void take_fail_on(struct options *, const char *);
void take_format(struct options *, const char *);
void take_color(struct options *, const char *);
void take_recursive(struct options *, const char *);
void take_depth(struct options *, const char *);
void take_exclude(struct options *, const char *);
void take_list(struct options *, const char *);
void take_nul(struct options *, const char *);
void take_jobs(struct options *, const char *);
void take_cluster(struct options *, const char *);
void take_previous(struct options *, const char *);
void take_quiet(struct options *, const char *);
void take_verbose(struct options *, const char *);
void take_help(struct options *, const char *);

#endif
