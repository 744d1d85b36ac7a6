#include "gnutls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "crtlint/text.h"

/*
 * GnuTLS as its callers use it that verify after the handshake with gnutls_certificate_verify_peers3 and no key purpose (seastar): the library
 * itself decides, so that neither extended key usage nor a rule of ours counts. The level is that of the priority NORMAL.
 */
enum { FLAGS = GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_LOW) };

/* Two chains of this size and all else fit into the 128 KiB of max_handshake_data_buffer_size. */
enum { SIZE_SURE = 60000 };

/* GnuTLS has one clock for the whole process and no argument for it. It is set for each question. */
static _Thread_local time_t asked_time;

static time_t
ask_time(time_t *out)
{
	if (out)
		*out = asked_time;
	return asked_time;
}

static struct refusal
refuse(enum cause cause, const char *error, const struct cert *c)
{
	return (struct refusal){.cause = cause, .error = error, .cert = c};
}

static gnutls_datum_t
datum(struct slice s)
{
	return (gnutls_datum_t){(unsigned char *)s.p, (unsigned)s.n};
}

static void
forget(gnutls_x509_crt_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		gnutls_x509_crt_deinit(list[i]);
}

/* Imports as many certificates as GnuTLS takes; *error is that of the first that it does not. */
static size_t
import(const struct certs *certs, gnutls_x509_crt_t *list, bool all, int *error)
{
	size_t n = 0;

	*error = 0;
	for (size_t i = 0; i < certs->n; i++) {
		gnutls_datum_t der = datum(certs->list[i]->raw);
		int e = gnutls_x509_crt_init(&list[n]);

		if (e == 0 && (e = gnutls_x509_crt_import(list[n], &der, GNUTLS_X509_FMT_DER)) < 0)
			gnutls_x509_crt_deinit(list[n]);
		if (e == 0) {
			n++;
			continue;
		}
		if (*error == 0)
			*error = e;
		if (!all)
			break;
	}
	return n;
}

static const struct {
	unsigned bit;
	enum cause cause;
} causes[] = {
    {GNUTLS_CERT_SIGNER_NOT_FOUND, CAUSE_UNKNOWN_AUTHORITY},
    {GNUTLS_CERT_SIGNATURE_FAILURE, CAUSE_OTHER_KEY},
    {GNUTLS_CERT_SIGNER_NOT_CA, CAUSE_NOT_A_CA},
    {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, CAUSE_NAME_CONSTRAINT},
    {GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, CAUSE_CRITICAL_EXTENSION},
    {GNUTLS_CERT_INSECURE_ALGORITHM, CAUSE_WEAK_SIGNATURE},
    {GNUTLS_CERT_EXPIRED, CAUSE_EXPIRED},
    {GNUTLS_CERT_NOT_ACTIVATED, CAUSE_NOT_YET},
    {GNUTLS_CERT_UNEXPECTED_OWNER, CAUSE_HOST},
};

static bool
dated(const struct cert *c, enum cause cause, int64_t now)
{
	return cause == CAUSE_EXPIRED ? c->not_after < now : c->not_before > now;
}

/* GnuTLS says what is wrong and not with which certificate: the first that is, of those sent and those trusted. */
static const struct cert *
culprit(const struct verify_ask *ask, enum cause cause)
{
	if (cause != CAUSE_EXPIRED && cause != CAUSE_NOT_YET)
		return ask->chain->list[0];
	for (size_t i = 0; i < ask->chain->n; i++)
		if (dated(ask->chain->list[i], cause, ask->now))
			return ask->chain->list[i];
	for (size_t i = 0; i < ask->pool->n; i++)
		if (dated(ask->pool->list[i], cause, ask->now))
			return ask->pool->list[i];
	return ask->chain->list[0];
}

static const struct cert *
named_issuer(const struct verify_ask *ask)
{
	for (size_t i = 0; i < ask->chain->n; i++)
		for (size_t k = 0; k < ask->pool->n; k++)
			if (slice_eq(ask->chain->list[i]->issuer.raw, ask->pool->list[k]->subject.raw))
				return ask->pool->list[k];
	return NULL;
}

static const char *
status_text(struct arena *arena, unsigned status)
{
	gnutls_datum_t out = {0};
	const char *text = "The certificate is NOT trusted.";

	if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &out, 0) == 0) {
		struct slice s = {out.data, out.size};

		while (s.n > 0 && s.p[s.n - 1] == ' ')
			s.n--;
		text = text_safe(arena, s, TEXT_VALUE);
	}
	gnutls_free(out.data);
	return text;
}

static struct refusal
explain(const struct verify_ask *ask, unsigned status)
{
	struct refusal r = {.cause = CAUSE_UNKNOWN_AUTHORITY};

	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		if (status & causes[i].bit) {
			r.cause = causes[i].cause;
			break;
		}
	}
	r.error = status_text(ask->arena, status);
	r.cert = culprit(ask, r.cause);
	r.parent = named_issuer(ask);
	if (r.cause == CAUSE_UNKNOWN_AUTHORITY && r.parent)
		r.cause = CAUSE_OTHER_KEY;
	if (r.cause == CAUSE_HOST)
		r.detail = text_safe(ask->arena, slice_of(ask->host), TEXT_VALUE);
	return r;
}

/* An IP literal without its brackets. */
static const char *
bare(struct arena *arena, const char *host)
{
	size_t n = host ? strlen(host) : 0;

	return n >= 3 && host[0] == '[' && host[n - 1] == ']' ? arena_strndup(arena, host + 1, n - 2) : host;
}

static int
decide(const char *name, gnutls_x509_crt_t *chain, size_t n, gnutls_x509_crt_t *cas, size_t n_cas, unsigned *status)
{
	gnutls_typed_vdata_st host = {.type = GNUTLS_DT_DNS_HOSTNAME, .data = (unsigned char *)name};
	gnutls_x509_trust_list_t list;
	int e = gnutls_x509_trust_list_init(&list, 0);

	if (e < 0) {
		forget(cas, n_cas);
		return e;
	}
	/* As gnutls_certificate_set_x509_trust_mem does. The list owns the certificates from here on: it frees those that come twice. */
	e = gnutls_x509_trust_list_add_cas(list, cas, (unsigned)n_cas, GNUTLS_TL_NO_DUPLICATES | GNUTLS_TL_USE_IN_TLS);
	e = e < 0 ? e : gnutls_x509_trust_list_verify_crt2(list, chain, (unsigned)n, &host, name && *name, FLAGS, status, NULL);
	gnutls_x509_trust_list_deinit(list, 1);
	return e;
}

static struct refusal
verify(const struct verify_ask *ask)
{
	gnutls_x509_crt_t *chain = arena_array(ask->arena, ask->chain->n, sizeof(gnutls_x509_crt_t));
	gnutls_x509_crt_t *cas = arena_array(ask->arena, ask->pool->n, sizeof(gnutls_x509_crt_t));
	unsigned status = 0;
	size_t n, n_cas, size = 0;
	int e, ignored;

	for (size_t i = 0; i < ask->chain->n; i++)
		size += ask->chain->list[i]->raw.n;

	asked_time = (time_t)ask->now;
	gnutls_global_set_time_function(ask_time);
	n = import(ask->chain, chain, false, &e);
	if (e < 0) {
		forget(chain, n);
		return refuse(CAUSE_PEER_MALFORMED, gnutls_strerror(e), ask->chain->list[n]);
	}
	n_cas = import(ask->pool, cas, true, &ignored);
	e = decide(bare(ask->arena, ask->host), chain, n, cas, n_cas, &status);
	forget(chain, n);
	if (ask->skip_trust && status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNATURE_FAILURE))
		status &= ~(unsigned)(GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_INVALID);
	if (e < 0)
		return refuse(CAUSE_UNJUDGED, gnutls_strerror(e), ask->chain->list[0]);
	if (!status && size > SIZE_SURE)
		return refuse(
		    CAUSE_UNJUDGED, "GnuTLS limits the size of all messages of a handshake together", ask->chain->list[0]);
	return status ? explain(ask, status) : (struct refusal){0};
}

static struct refusal
match_refusal(const struct key *key, const struct cert *leaf)
{
	switch (key_match(key, &leaf->spki)) {
	case KEY_MATCHES:
	case KEY_UNKNOWN_PUBLIC:
		break;
	case KEY_DIFFERS:
	case KEY_OTHER_TYPE:
		return refuse(CAUSE_KEY_MISMATCH, gnutls_strerror(GNUTLS_E_CERTIFICATE_KEY_MISMATCH), leaf);
	}
	return (struct refusal){0};
}

/* gnutls_x509_privkey_import: each label has one form. */
static int
label_error(const struct key *key)
{
	if (slice_is(key->label, "PRIVATE KEY"))
		return key->form == KEY_FORM_PKCS8 ? 0 : GNUTLS_E_ASN1_TAG_ERROR;
	if (slice_is(key->label, "RSA PRIVATE KEY"))
		return key->form == KEY_FORM_PKCS1 ? 0 : GNUTLS_E_ASN1_DER_ERROR;
	if (slice_is(key->label, "EC PRIVATE KEY"))
		return key->form == KEY_FORM_SEC1 ? 0 : GNUTLS_E_ASN1_DER_ERROR;
	return GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

static struct refusal
key_refusal(struct arena *arena, struct object *file, const struct cert *leaf)
{
	const struct key *key = object_key(arena, file);
	int e;

	if (key->flaw == KEY_ENCRYPTED) {
		unsigned locked = key->substituted ? key->locked : key_locked(file->data);
		if (locked > 0)
			return refuse(CAUSE_KEY_ENCRYPTED, gnutls_strerror(-(int)locked), leaf);
		if (object_opened(arena, file))
			return match_refusal(object_opened(arena, file), leaf);
	}
	switch (key->flaw) {
	case KEY_NOT_PEM:
	case KEY_CERTIFICATE:
	case KEY_OTHER_BLOCKS:
		return refuse(CAUSE_KEY_NOT_PEM, gnutls_strerror(GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR), leaf);
	case KEY_ENCRYPTED:
	case KEY_UNSUPPORTED:
	case KEY_DAMAGED:
		return refuse(CAUSE_UNJUDGED, "GnuTLS may take a private key that crtlint does not read", leaf);
	case KEY_SOUND:
		break;
	}
	if (key->lax)
		return refuse(CAUSE_UNJUDGED, "GnuTLS may refuse a private key that has more than its form", leaf);
	if ((e = label_error(key)) < 0)
		return refuse(CAUSE_KEY_LABEL, gnutls_strerror(e), leaf);
	return match_refusal(key, leaf);
}

/* The certificate as the rest of crtlint knows it. */
static const struct cert *
known(struct arena *arena, const struct object *o, gnutls_x509_crt_t crt)
{
	gnutls_datum_t out = {0};
	const struct cert *c = NULL;
	uint8_t *der;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &out) < 0)
		return NULL;
	for (size_t i = 0; i < o->n_certs && !c; i++)
		if (slice_eq(o->certs[i]->raw, (struct slice){out.data, out.size}))
			c = o->certs[i];
	if (!c) {
		der = arena_alloc(arena, out.size);
		memcpy(der, out.data, out.size);
		c = cert_parse(arena, (struct slice){der, out.size}, o->go);
	}
	gnutls_free(out.data);
	return c;
}

/* Files are read by GnuTLS, which takes all of a file or nothing; more is 0 or a flag of the import. */
static int
read_file(struct arena *arena, const struct object *o, unsigned flags, struct certs *out)
{
	gnutls_datum_t data = datum(o->data);
	gnutls_x509_crt_t *list = NULL;
	unsigned n = 0;
	size_t capacity = out->n;
	int e = gnutls_x509_crt_list_import2(&list, &n, &data, GNUTLS_X509_FMT_PEM, flags);

	if (e < 0)
		return e;
	for (unsigned i = 0; i < n; i++) {
		const struct cert *c = known(arena, o, list[i]);

		gnutls_x509_crt_deinit(list[i]);
		if (!c)
			continue;
		out->list = arena_grow(arena, out->list, out->n, &capacity, sizeof(*out->list));
		out->list[out->n++] = c;
	}
	gnutls_free(list);
	return 0;
}

static struct refusal
pair(struct arena *arena, struct object *file, struct object *key, unsigned go, struct certs *chain)
{
	int e;

	(void)go;
	*chain = (struct certs){0};
	if (file->data.n == 0)
		return refuse(CAUSE_EMPTY, gnutls_strerror(GNUTLS_E_NO_CERTIFICATE_FOUND), NULL);
	e = read_file(arena, file, GNUTLS_X509_CRT_LIST_SORT, chain);
	if (e < 0 || chain->n == 0)
		return refuse(file->n_certs ? CAUSE_MALFORMED : CAUSE_NO_CERTIFICATE,
		    gnutls_strerror(e < 0 ? e : GNUTLS_E_NO_CERTIFICATE_FOUND), file->n_certs ? file->certs[0] : NULL);
	if (!key)
		return refuse(CAUSE_KEY_MISSING, "there is no key file", NULL);
	return key_refusal(arena, key, chain->list[0]);
}

static struct refusal
pool(struct arena *arena, struct object *file, unsigned go, struct certs *out)
{
	size_t before = out->n;
	int e = file->data.n ? read_file(arena, file, 0, out) : GNUTLS_E_NO_CERTIFICATE_FOUND;

	(void)go;
	if (e < 0 && file->n_certs)
		return refuse(CAUSE_MALFORMED, gnutls_strerror(e), file->certs[0]);
	if (out->n == before)
		return refuse(CAUSE_POOL_EMPTY, gnutls_strerror(e < 0 ? e : GNUTLS_E_NO_CERTIFICATE_FOUND), NULL);
	return (struct refusal){0};
}

const struct stack gnutls_stack = {
    .name = "gnutls",
    .pair = pair,
    .pool = pool,
    .verify = verify,
    .usable = gnutls_words_usable,
    .sends = gnutls_words_sends,
    .alert = gnutls_words_alert,
    .hears = gnutls_words_hears,
    .wants_certificate = gnutls_words_wants,
};
