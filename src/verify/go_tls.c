#include "go_tls.h"

/* rsaSignatureSchemes of auth.go: the smallest, PSS with SHA-256, needs 2 * 32 + 2 bytes of modulus; TLS 1.3 allows no other. */
enum { RSA_MIN_BITS = 65 * 8 + 1 };

/* selectSignatureScheme and unsupportedCertificateError for TLS 1.3 */
struct refusal
go_tls_usable(struct arena *arena, const struct cert *leaf, enum usage usage, unsigned go)
{
	(void)arena;
	(void)usage;
	(void)go;
	if (leaf->spki.type == KEY_RSA && leaf->spki.bits < RSA_MIN_BITS)
		return go_refuse(
		    CAUSE_KEY_TOO_SMALL, "tls: certificate RSA key size too small for supported signature algorithms", leaf);
	if (leaf->spki.type == KEY_EC && leaf->spki.curve == CURVE_P224)
		return go_refuse(CAUSE_KEY_UNUSABLE, "tls: unsupported certificate curve (P-224)", leaf);
	return (struct refusal){0};
}

/*
 * CertificateRequestInfo.SupportsCertificate: a key that cannot sign is not offered, then the raw issuer of any
 * certificate of the
 * chain must be among the names announced. The certificates are parsed one by one on the way.
 */
bool
go_tls_sends(const struct certs *chain, const struct certs *server_pool)
{
	if (chain->n == 0 || go_tls_usable(NULL, chain->list[0], USAGE_CLIENT, GO_NEWEST).cause)
		return false;
	if (server_pool->n == 0)
		return true;
	for (size_t i = 0; i < chain->n; i++) {
		if (chain->list[i]->go_error)
			return false;
		for (size_t j = 0; j < server_pool->n; j++)
			if (slice_eq(chain->list[i]->issuer.raw, server_pool->list[j]->subject.raw))
				return true;
	}
	return false;
}

/* processCertsFromClient: UnknownAuthorityError and expiry have alerts of their own since 1.21. */
static enum alert
alert_to_client(const struct refusal *r, unsigned go)
{
	static const char authority[] = "x509: certificate signed by unknown authority";

	if (r->cause == CAUSE_NONE_TO_SEND || r->cause == CAUSE_WITHHELD)
		return go >= GO(21, 0) ? ALERT_CERTIFICATE_REQUIRED : ALERT_BAD_CERTIFICATE;
	if (go < GO(21, 0))
		return ALERT_BAD_CERTIFICATE;
	if (r->cause == CAUSE_EXPIRED || r->cause == CAUSE_NOT_YET)
		return ALERT_EXPIRED_CERTIFICATE;
	return r->error && strstr(r->error, authority) ? ALERT_UNKNOWN_CA : ALERT_BAD_CERTIFICATE;
}

enum alert
go_tls_alert(const struct refusal *r, enum usage usage, unsigned go)
{
	switch (r->cause) {
	case CAUSE_NONE:
	case CAUSE_UNJUDGED:
		return ALERT_NONE;
	case CAUSE_TOO_LARGE:
		return ALERT_INTERNAL_ERROR;
	case CAUSE_KEY_UNUSABLE:
		return ALERT_UNSUPPORTED_CERTIFICATE;
	case CAUSE_PEER_MALFORMED:
		return go >= GO(25, 0) ? ALERT_DECODE_ERROR : ALERT_BAD_CERTIFICATE;
	default:
		return usage == USAGE_CLIENT ? alert_to_client(r, go) : ALERT_BAD_CERTIFICATE;
	}
}

/* alert.go, alertText */
static const char *const alert_texts[] = {
    [ALERT_HANDSHAKE_FAILURE] = "handshake failure",
    [ALERT_BAD_CERTIFICATE] = "bad certificate",
    [ALERT_UNSUPPORTED_CERTIFICATE] = "unsupported certificate",
    [ALERT_EXPIRED_CERTIFICATE] = "expired certificate",
    [ALERT_UNKNOWN_CERTIFICATE] = "unknown certificate",
    [ALERT_UNKNOWN_CA] = "unknown certificate authority",
    [ALERT_CERTIFICATE_REQUIRED] = "certificate required",
    [ALERT_ILLEGAL_PARAMETER] = "illegal parameter",
    [ALERT_INTERNAL_ERROR] = "internal error",
    [ALERT_DECODE_ERROR] = "error decoding message",
    [ALERT_DECRYPT_ERROR] = "error decrypting message",
};

const char *
go_tls_hears(struct arena *arena, enum alert alert, enum usage usage, unsigned go)
{
	(void)usage;
	if (alert == ALERT_NONE)
		return NULL;
	if (alert == ALERT_CLOSED)
		return "EOF";
	if (alert == ALERT_UNENCRYPTED)
		return "local error: tls: bad record MAC";
	/* 116 got its name with the releases that send it. */
	if (alert == ALERT_CERTIFICATE_REQUIRED && go < GO(21, 0))
		return "remote error: tls: alert(116)";
	return arena_printf(arena, "remote error: tls: %s", alert_texts[alert]);
}

struct refusal
go_tls_wants_certificate(struct arena *arena, unsigned go)
{
	(void)arena;
	(void)go;
	return go_refuse(CAUSE_NONE_TO_SEND, "tls: client didn't provide a certificate", NULL);
}
