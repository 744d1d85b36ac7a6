/*
 * openssl: what the parts of the OpenSSL stacks share: plain OpenSSL 3.0, gRPC core over it, and libpq. The files follow
 * crypto/x509/x509_vfy.c, v3_purp.c and v3_utl.c of OpenSSL 3.0.
 */
#ifndef CRTLINT_VERIFY_OPENSSL_H
#define CRTLINT_VERIFY_OPENSSL_H

#include "crtlint/stack.h"

extern const struct stack openssl_stack, openssl_grpc_stack, openssl_libpq_stack;

/* X509_V_ERR_ numbers of OpenSSL 3.0 */
enum openssl_error {
	OPENSSL_OK = 0,
	OPENSSL_UNSPECIFIED = 1,
	OPENSSL_NO_ISSUER = 2,
	OPENSSL_SIGNATURE = 7,
	OPENSSL_NOT_YET = 9,
	OPENSSL_EXPIRED = 10,
	OPENSSL_NOT_BEFORE = 13,
	OPENSSL_NOT_AFTER = 14,
	OPENSSL_SELF_SIGNED = 18,
	OPENSSL_SELF_SIGNED_IN_CHAIN = 19,
	OPENSSL_NO_LOCAL_ISSUER = 20,
	OPENSSL_NO_LEAF_SIGNATURE = 21,
	OPENSSL_PATH_LENGTH = 25,
	OPENSSL_PURPOSE = 26,
	OPENSSL_NO_CERT_SIGN = 32,
	OPENSSL_CRITICAL = 34,
	OPENSSL_PROXY = 40,
	OPENSSL_PERMITTED = 47,
	OPENSSL_EXCLUDED = 48,
	OPENSSL_NAME_SYNTAX = 53,
	OPENSSL_HOST = 62,
	OPENSSL_IP = 64,
	OPENSSL_EE_KEY = 66,
	OPENSSL_CA_KEY = 67,
	OPENSSL_CA_MD = 68,
	OPENSSL_INVALID_CA = 79,
};

enum openssl_kind { OPENSSL_PLAIN, OPENSSL_GRPC, OPENSSL_LIBPQ };

struct openssl_policy {
	bool partial_chain; /* X509_V_FLAG_PARTIAL_CHAIN: any certificate trusted is an anchor */
	unsigned level; /* security level */
};

struct openssl_verdict {
	enum openssl_error error;
	const struct cert *cert; /* the one at error_depth */
	const struct cert *issuer;
	bool unjudged; /* cannot be computed */
	bool level_matters; /* accepted at this level, not at level 2 */
};

/* openssl_chain_verify(ask, policy): X509_verify_cert without the host. */
struct openssl_verdict openssl_chain_verify(const struct verify_ask *, const struct openssl_policy *);

/* openssl_chain_present(arena, chain, pool, now, policy): what is sent (ssl_add_cert_chain): a certificate that is alone in its file is
 * completed out of the trusted ones. */
struct certs openssl_chain_present(
    struct arena *, const struct certs *, const struct certs *, int64_t, const struct openssl_policy *);

/* openssl_self_signed(arena, cert): taken for its own issuer, by names and identifiers. */
bool openssl_self_signed(struct arena *, const struct cert *);

/* openssl_names_equal(arena, a, b): X509_NAME_cmp: case, string type and blanks do not count. */
bool openssl_names_equal(struct arena *, const struct name *, const struct name *);

/* openssl_constraints_check(arena, constrained CA, cert, leaf, unjudged): NAME_CONSTRAINTS_check, and of the CN for a leaf. */
enum openssl_error openssl_constraints_check(struct arena *, const struct cert *, const struct cert *, bool, bool *);

/* openssl_level(cert, leaf, top, level): what a security level minds about a certificate's key, and about its signature, which nobody
 * looks at on the top of a chain. OPENSSL_OK: nothing. */
enum openssl_error openssl_level(const struct cert *, bool, bool, unsigned);
extern const char openssl_level_matters[];

/* The files of each kind of program: a pair of certificate and key, and trust anchors (stack.h). */
struct refusal openssl_load_pair(struct arena *, struct object *, struct object *, struct certs *, enum openssl_kind);
struct refusal openssl_load_pool(struct arena *, struct object *, struct certs *, enum openssl_kind);

/* openssl_extensions_valid(cert): ossl_x509v3_cache_extensions takes it; a certificate that it does not take has no issuer. */
bool openssl_extensions_valid(const struct cert *);

/* openssl_dates(cert, now): x509_check_cert_time. */
enum openssl_error openssl_dates(const struct cert *, int64_t);

/* openssl_proxy(cert): a proxy certificate (RFC 3820), which is not allowed unless asked for. */
bool openssl_proxy(const struct cert *);

/* openssl_object_valid(contents): of an OBJECT IDENTIFIER. */
bool openssl_object_valid(struct slice);

/* openssl_read_takes(cert): d2i_X509 takes it.
 * openssl_read_agrees(cert): its two signature algorithms are the same, without which X509_verify refuses it.
 * openssl_read_hidden(cert): below version 3, but with extensions: OpenSSL minds them, the reader does not know them. */
bool openssl_read_takes(const struct cert *);
bool openssl_read_agrees(const struct cert *);

/* openssl_read_name(element): d2i_X509_NAME takes what it begins with. openssl_read_integer(contents): of an INTEGER. */
bool openssl_read_name(struct slice);
bool openssl_read_integer(struct slice);
bool openssl_read_hidden(const struct cert *);

/* openssl_extensions_akid(cert, issuer): X509_check_akid: the authority key identifier, in all its parts, fits the issuer. */
bool openssl_extensions_akid(const struct cert *, const struct cert *);

/* openssl_critical(cert): some critical extension is not among those that X509_supported_extension knows. */
bool openssl_critical(const struct cert *);

/* openssl_purpose(cert, usage, non_leaf): check_purpose_ssl_client, check_purpose_ssl_server.
 * openssl_is_ca(cert, self-signed): check_ca. */
bool openssl_purpose(const struct cert *, enum usage, bool, bool);
int openssl_is_ca(const struct cert *, bool);

/* How each of the programs compares names; host without brackets. */
bool openssl_host_plain(struct arena *, const struct cert *, const char *);
bool openssl_host_grpc(struct arena *, const struct cert *, const char *);
bool openssl_host_libpq(struct arena *, const struct cert *, const char *);

/* openssl_host_is_ip(host), openssl_host_libpq_error(arena, cert, host): libpq's words for a mismatch. */
bool openssl_host_is_ip(const char *);
const char *openssl_host_libpq_error(struct arena *, const struct cert *, const char *);

#endif
