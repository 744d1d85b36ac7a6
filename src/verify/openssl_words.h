/*
 * openssl_words: errors and alerts of OpenSSL as its programs print them.
 */
#ifndef CRTLINT_VERIFY_OPENSSL_WORDS_H
#define CRTLINT_VERIFY_OPENSSL_WORDS_H

#include "openssl.h"

/* openssl_words_error(number): X509_verify_cert_error_string. */
const char *openssl_words_error(enum openssl_error);

/* openssl_words_level(arena, number, end, kind): what an end says that may not send a chain; the errors of openssl_level() alone. */
const char *openssl_words_level(struct arena *, enum openssl_error, enum usage, enum openssl_kind);

/* openssl_words_cause(ask, verdict): the cause behind a verdict's error. */
enum cause openssl_words_cause(const struct verify_ask *, const struct openssl_verdict *);

/* openssl_words_cn(arena, cert, host): the common name is the host. */
bool openssl_words_cn(struct arena *, const struct cert *, const char *);

/* The entries of struct stack of the same names, for plain OpenSSL, gRPC and libpq. */
enum alert openssl_words_alert(const struct refusal *, enum usage, unsigned);
enum alert openssl_words_grpc_alert(const struct refusal *, enum usage, unsigned);
enum alert openssl_words_libpq_alert(const struct refusal *, enum usage, unsigned);
const char *openssl_words_hears(struct arena *, enum alert, enum usage, unsigned);
const char *openssl_words_grpc_hears(struct arena *, enum alert, enum usage, unsigned);
const char *openssl_words_libpq_hears(struct arena *, enum alert, enum usage, unsigned);
struct refusal openssl_words_wants(struct arena *, unsigned);
struct refusal openssl_words_grpc_wants(struct arena *, unsigned);
struct refusal openssl_words_libpq_wants(struct arena *, unsigned);

#endif
