/*
 * words: the fixed vocabularies of the language.
 */
#ifndef CRTLINT_PROFILE_WORDS_H
#define CRTLINT_PROFILE_WORDS_H

#include "schema.h"

extern const struct choices words_checks, words_variable_types, words_capture_types, words_file_is, words_then, words_in,
    words_client_cert, words_checks_host, words_sends, words_among, words_owner, words_group, words_fold, words_both,
    words_during, words_as;

/* words_facts(&count): what a text may show that the check itself knows. words_stacks(&count): the TLS stacks. words_of(&count):
 * what a row of `log` may be of, beside a kind of connection. */
const char *const *words_facts(size_t *);
const char *const *words_stacks(size_t *);
const char *const *words_of(size_t *);

#endif
