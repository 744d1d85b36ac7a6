#include "gnutls.h"

/* TLS 1.3 signs, has no scheme for P-224, and GnuTLS honours its own key usage (RFC 8446 4.4.2.2). */
static bool
may_sign(const struct cert *leaf)
{
	if (leaf->spki.type == KEY_EC && leaf->spki.curve == CURVE_P224)
		return false;
	return !leaf->has_key_usage || leaf->key_usage == 0 || leaf->key_usage & KU_DIGITAL_SIGNATURE;
}

struct refusal
gnutls_words_usable(struct arena *arena, const struct cert *leaf, enum usage usage, unsigned go)
{
	(void)arena;
	(void)go;
	if (!may_sign(leaf) && usage == USAGE_SERVER && leaf->spki.type == KEY_RSA && leaf->key_usage & KU_KEY_ENCIPHERMENT)
		return (struct refusal){
		    .cause = CAUSE_UNJUDGED, .error = "whether both ends take TLS 1.2 with RSA key exchange", .cert = leaf};
	if (!may_sign(leaf))
		return (struct refusal){
		    .cause = CAUSE_KEY_UNUSABLE, .error = "No supported cipher suites have been found.", .cert = leaf};
	if (leaf->spki.type == KEY_RSA && leaf->spki.bits < 1024)
		return (struct refusal){
		    .cause = CAUSE_UNJUDGED, .error = "whether GnuTLS can sign a handshake with this key", .cert = leaf};
	return (struct refusal){0};
}

/* find_x509_client_cert of auth/cert.c: an issuer of some certificate of the chain is among those announced, byte for byte. */
bool
gnutls_words_sends(const struct certs *chain, const struct certs *server_pool)
{
	if (chain->n == 0 || !may_sign(chain->list[0]))
		return false;
	if (server_pool->n == 0)
		return true;
	for (size_t i = 0; i < chain->n; i++)
		for (size_t k = 0; k < server_pool->n; k++)
			if (slice_eq(chain->list[i]->issuer.raw, server_pool->list[k]->subject.raw))
				return true;
	return false;
}

/* Verified after the handshake, by a call of the program: the library sends no alert of its own. */
enum alert
gnutls_words_alert(const struct refusal *r, enum usage usage, unsigned go)
{
	(void)usage;
	(void)go;
	if (r->cause == CAUSE_NONE_TO_SEND || r->cause == CAUSE_WITHHELD)
		return ALERT_CERTIFICATE_REQUIRED;
	return r->cause <= CAUSE_UNJUDGED ? ALERT_NONE : ALERT_CLOSED;
}

const char *
gnutls_words_hears(struct arena *arena, enum alert alert, enum usage usage, unsigned go)
{
	(void)arena;
	(void)usage;
	(void)go;
	if (alert == ALERT_NONE)
		return NULL;
	return alert == ALERT_CLOSED ? "The TLS connection was non-properly terminated." : "A TLS fatal alert has been received.";
}

struct refusal
gnutls_words_wants(struct arena *arena, unsigned go)
{
	(void)arena;
	(void)go;
	return (struct refusal){.cause = CAUSE_NONE_TO_SEND, .error = "Certificate is required."};
}
