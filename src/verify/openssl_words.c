#include "openssl_words.h"

static const struct {
	const char *text;
	enum cause cause;
} errors[] = {
    [OPENSSL_OK] = {"ok", CAUSE_NONE},
    [OPENSSL_UNSPECIFIED] = {"unspecified certificate verification error", CAUSE_NAME_CONSTRAINT},
    [OPENSSL_NO_ISSUER] = {"unable to get issuer certificate", CAUSE_NOT_ANCHORED},
    [OPENSSL_SIGNATURE] = {"certificate signature failure", CAUSE_OTHER_KEY},
    [OPENSSL_NOT_YET] = {"certificate is not yet valid", CAUSE_NOT_YET},
    [OPENSSL_EXPIRED] = {"certificate has expired", CAUSE_EXPIRED},
    [OPENSSL_NOT_BEFORE] = {"format error in certificate's notBefore field", CAUSE_PEER_MALFORMED},
    [OPENSSL_NOT_AFTER] = {"format error in certificate's notAfter field", CAUSE_PEER_MALFORMED},
    [OPENSSL_SELF_SIGNED] = {"self-signed certificate", CAUSE_SELF_SIGNED},
    [OPENSSL_SELF_SIGNED_IN_CHAIN] = {"self-signed certificate in certificate chain", CAUSE_UNKNOWN_AUTHORITY},
    [OPENSSL_NO_LOCAL_ISSUER] = {"unable to get local issuer certificate", CAUSE_UNKNOWN_AUTHORITY},
    [OPENSSL_NO_LEAF_SIGNATURE] = {"unable to verify the first certificate", CAUSE_NOT_ANCHORED},
    [OPENSSL_PATH_LENGTH] = {"path length constraint exceeded", CAUSE_PATH_LENGTH},
    [OPENSSL_PURPOSE] = {"unsuitable certificate purpose", CAUSE_USAGE_SERVER},
    [OPENSSL_NO_CERT_SIGN] = {"key usage does not include certificate signing", CAUSE_NOT_A_CA},
    [OPENSSL_CRITICAL] = {"unhandled critical extension", CAUSE_CRITICAL_EXTENSION},
    [OPENSSL_PROXY] = {"proxy certificates not allowed, please set the appropriate flag", CAUSE_CRITICAL_EXTENSION},
    [OPENSSL_PERMITTED] = {"permitted subtree violation", CAUSE_NAME_CONSTRAINT},
    [OPENSSL_EXCLUDED] = {"excluded subtree violation", CAUSE_NAME_CONSTRAINT},
    [OPENSSL_NAME_SYNTAX] = {"unsupported or invalid name syntax", CAUSE_NAME_CONSTRAINT},
    [OPENSSL_HOST] = {"hostname mismatch", CAUSE_HOST},
    [OPENSSL_IP] = {"IP address mismatch", CAUSE_HOST},
    [OPENSSL_EE_KEY] = {"EE certificate key too weak", CAUSE_KEY_TOO_SMALL},
    [OPENSSL_CA_KEY] = {"CA certificate key too weak", CAUSE_WEAK_SIGNATURE},
    [OPENSSL_CA_MD] = {"CA signature digest algorithm too weak", CAUSE_WEAK_SIGNATURE},
    [OPENSSL_INVALID_CA] = {"invalid CA certificate", CAUSE_NOT_A_CA},
};

const char *
openssl_words_error(enum openssl_error e)
{
	return errors[e].text;
}

const char *
openssl_words_level(struct arena *arena, enum openssl_error e, enum usage usage, enum openssl_kind kind)
{
	const char *reason = e == OPENSSL_EE_KEY   ? "ee key too small"
	                     : e == OPENSSL_CA_KEY ? "ca key too small"
	                                           : "ca md too weak";
	const char *number = e == OPENSSL_EE_KEY ? "0A00018F" : e == OPENSSL_CA_KEY ? "0A00018D" : "0A00018E";

	if (kind == OPENSSL_LIBPQ)
		return arena_printf(
		    arena, usage == USAGE_SERVER ? "could not accept SSL connection: %s" : "SSL error: %s", reason);
	return arena_printf(arena,
	    kind == OPENSSL_GRPC ? "Handshake failed with fatal error SSL_ERROR_SSL: error:%s:SSL routines::%s."
	                         : "error:%s:SSL routines::%s",
	    number, reason);
}

enum cause
openssl_words_cause(const struct verify_ask *ask, const struct openssl_verdict *v)
{
	if (v->error == OPENSSL_PURPOSE)
		return ask->usage == USAGE_SERVER ? CAUSE_USAGE_SERVER : CAUSE_USAGE_CLIENT;
	if (v->error == OPENSSL_NO_LOCAL_ISSUER && !openssl_extensions_valid(v->cert))
		return CAUSE_PEER_MALFORMED;
	/* A CA of that name is trusted, but its key identifier is another one. */
	if (v->error == OPENSSL_NO_LOCAL_ISSUER || v->error == OPENSSL_SELF_SIGNED_IN_CHAIN)
		for (size_t i = 0; i < ask->pool->n; i++)
			if (openssl_names_equal(ask->arena, &ask->pool->list[i]->subject, &v->cert->issuer) && v->cert->aki.n &&
			    ask->pool->list[i]->ski.n && !slice_eq(v->cert->aki, ask->pool->list[i]->ski))
				return CAUSE_KEY_ID;
	return errors[v->error].cause;
}

bool
openssl_words_cn(struct arena *arena, const struct cert *c, const char *host)
{
	struct slice cn = cert_cn(arena, c);

	return cn.n == strlen(host) && cn.n > 0 && strncasecmp((const char *)cn.p, host, cn.n) == 0;
}

/* ssl_x509err2alert, statem_lib.c */
enum alert
openssl_words_alert(const struct refusal *r, enum usage usage, unsigned go)
{
	static const enum alert alerts[] = {
	    [CAUSE_NONE] = ALERT_NONE,
	    [CAUSE_UNJUDGED] = ALERT_NONE,
	    [CAUSE_PEER_MALFORMED] = ALERT_DECODE_ERROR,
	    [CAUSE_TOO_LARGE] = ALERT_INTERNAL_ERROR,
	    [CAUSE_KEY_TOO_SMALL] = ALERT_BAD_CERTIFICATE,
	    [CAUSE_EXPIRED] = ALERT_EXPIRED_CERTIFICATE,
	    [CAUSE_NOT_YET] = ALERT_BAD_CERTIFICATE,
	    [CAUSE_HOST] = ALERT_BAD_CERTIFICATE,
	    [CAUSE_UNKNOWN_AUTHORITY] = ALERT_UNKNOWN_CA,
	    [CAUSE_OTHER_KEY] = ALERT_DECRYPT_ERROR,
	    [CAUSE_WEAK_SIGNATURE] = ALERT_BAD_CERTIFICATE,
	    [CAUSE_NOT_A_CA] = ALERT_UNKNOWN_CA,
	    [CAUSE_PATH_LENGTH] = ALERT_UNKNOWN_CA,
	    [CAUSE_USAGE_SERVER] = ALERT_UNSUPPORTED_CERTIFICATE,
	    [CAUSE_USAGE_CLIENT] = ALERT_UNSUPPORTED_CERTIFICATE,
	    [CAUSE_KEY_ID] = ALERT_UNKNOWN_CA,
	    [CAUSE_SELF_SIGNED] = ALERT_UNKNOWN_CA,
	    [CAUSE_NOT_ANCHORED] = ALERT_UNKNOWN_CA,
	    [CAUSE_NONE_TO_SEND] = ALERT_CERTIFICATE_REQUIRED,
	    [CAUSE_WITHHELD] = ALERT_CERTIFICATE_REQUIRED,
	};

	(void)usage;
	(void)go;
	if ((size_t)r->cause < sizeof(alerts) / sizeof(*alerts) && (alerts[r->cause] || r->cause <= CAUSE_UNJUDGED))
		return alerts[r->cause];
	return ALERT_UNKNOWN_CERTIFICATE;
}

/* gRPC core ends the connection without a word, and looks at the name when the handshake is over (measured with 1.51). */
enum alert
openssl_words_grpc_alert(const struct refusal *r, enum usage usage, unsigned go)
{
	(void)usage;
	(void)go;
	return r->cause <= CAUSE_UNJUDGED || r->cause == CAUSE_HOST ? ALERT_NONE : ALERT_CLOSED;
}

/* libpq compares the host after the handshake, and the server asks for a certificate in its own protocol. */
enum alert
openssl_words_libpq_alert(const struct refusal *r, enum usage usage, unsigned go)
{
	if (r->cause == CAUSE_HOST || r->cause == CAUSE_NONE_TO_SEND || r->cause == CAUSE_WITHHELD)
		return ALERT_CLOSED;
	return openssl_words_alert(r, usage, go);
}

/* Reason codes and strings of ssl_err.c */
static const struct {
	unsigned code;
	const char *text;
} heard[] = {
    [ALERT_HANDSHAKE_FAILURE] = {0x410, "sslv3 alert handshake failure"},
    [ALERT_BAD_CERTIFICATE] = {0x412, "sslv3 alert bad certificate"},
    [ALERT_UNSUPPORTED_CERTIFICATE] = {0x413, "sslv3 alert unsupported certificate"},
    [ALERT_EXPIRED_CERTIFICATE] = {0x415, "sslv3 alert certificate expired"},
    [ALERT_UNKNOWN_CERTIFICATE] = {0x416, "sslv3 alert certificate unknown"},
    [ALERT_UNKNOWN_CA] = {0x418, "tlsv1 alert unknown ca"},
    [ALERT_CERTIFICATE_REQUIRED] = {0x45c, "tlsv13 alert certificate required"},
    [ALERT_ILLEGAL_PARAMETER] = {0x417, "sslv3 alert illegal parameter"},
    [ALERT_INTERNAL_ERROR] = {0x438, "tlsv1 alert internal error"},
    [ALERT_DECODE_ERROR] = {0x41a, "tlsv1 alert decode error"},
    [ALERT_DECRYPT_ERROR] = {0x41b, "tlsv1 alert decrypt error"},
    [ALERT_CLOSED] = {0x126, "unexpected eof while reading"},
};

const char *
openssl_words_hears(struct arena *arena, enum alert alert, enum usage usage, unsigned go)
{
	(void)usage;
	(void)go;
	if (alert == ALERT_NONE)
		return NULL;
	return arena_printf(arena, "error:0A%06X:SSL routines::%s", heard[alert].code, heard[alert].text);
}

const char *
openssl_words_grpc_hears(struct arena *arena, enum alert alert, enum usage usage, unsigned go)
{
	if (alert == ALERT_NONE)
		return NULL;
	/* A client of TLS 1.3 has finished its handshake when the alert comes. */
	if (alert == ALERT_CLOSED)
		return "Socket closed";
	if (usage == USAGE_CLIENT && alert != ALERT_HANDSHAKE_FAILURE)
		return "Endpoint read failed";
	return arena_printf(
	    arena, "Handshake failed with fatal error SSL_ERROR_SSL: %s.", openssl_words_hears(arena, alert, usage, go));
}

const char *
openssl_words_libpq_hears(struct arena *arena, enum alert alert, enum usage usage, unsigned go)
{
	(void)go;
	if (alert == ALERT_NONE)
		return NULL;
	if (alert == ALERT_CLOSED)
		return usage == USAGE_CLIENT ? "SSL connection has been closed unexpectedly" : NULL;
	return arena_printf(
	    arena, "%s: %s", usage == USAGE_CLIENT ? "SSL error" : "could not accept SSL connection", heard[alert].text);
}

static struct refusal
wants(const char *error)
{
	return (struct refusal){.cause = CAUSE_NONE_TO_SEND, .error = error};
}

struct refusal
openssl_words_wants(struct arena *arena, unsigned go)
{
	(void)arena;
	(void)go;
	return wants("peer did not return a certificate");
}

struct refusal
openssl_words_grpc_wants(struct arena *arena, unsigned go)
{
	(void)arena;
	(void)go;
	return wants(
	    "Handshake failed with fatal error SSL_ERROR_SSL: error:0A0000C7:SSL routines::peer did not return a certificate.");
}

struct refusal
openssl_words_libpq_wants(struct arena *arena, unsigned go)
{
	(void)arena;
	(void)go;
	return wants("connection requires a valid client certificate");
}
