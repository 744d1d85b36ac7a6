/*
 * limbo_real: answers the questions of limbo_driver.c with the real OpenSSL and GnuTLS.
 *
 * A question has four more fields in front of its stack: how to ask, the deepest chain ("-": any), whether usages are asked ("-": no), and
 * revocation lists ("-": none).
 * How: "handshake" is as a TLS end asks, at security level 1; "handshake-2" at level 2; "recorded" is as the corpus's own harness
 * asks, which builds no handshake: OpenSSL with X509_STRICT, PARTIAL_CHAIN, no partial wildcards, level 2; GnuTLS with the purpose of a
 * server and a higher profile. Answers: SUCCESS or FAILURE, and the library's words.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, HOW, DEPTH, ASKED, LISTS, STACK, GO, TIME, USAGE, HOST, ROOTS, SENT, LEAF, FIELDS };

static time_t asked_time;

static time_t
ask_time(time_t *out)
{
	if (out)
		*out = asked_time;
	return asked_time;
}

static const char *
bare(char *host)
{
	size_t n = strlen(host);

	if (n < 3 || host[0] != '[' || host[n - 1] != ']')
		return host;
	host[n - 1] = '\0';
	return host + 1;
}

static void
add_all(char *pem, STACK_OF(X509) * to, X509_STORE *store)
{
	BIO *in = BIO_new_mem_buf(pem, -1);

	for (X509 *x; (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL; X509_free(x)) {
		if (store)
			X509_STORE_add_cert(store, x);
		else if (X509_up_ref(x))
			sk_X509_push(to, x);
	}
	BIO_free(in);
	ERR_clear_error();
}

static void
add_lists(char *pem, X509_STORE *store)
{
	BIO *in = BIO_new_mem_buf(pem, -1);

	for (X509_CRL *x; (x = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL)) != NULL; X509_CRL_free(x))
		X509_STORE_add_crl(store, x);
	BIO_free(in);
	ERR_clear_error();
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

static void
set_param(X509_VERIFY_PARAM *param, char **f, bool recorded)
{
	const char *host = strcmp(f[HOST], "-") ? bare(f[HOST]) : NULL;

	X509_VERIFY_PARAM_set_time(param, strtoll(f[TIME], NULL, 10));
	if (recorded)
		X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	X509_VERIFY_PARAM_set_auth_level(param, recorded || strcmp(f[HOW], "handshake-2") == 0 ? 2 : 1);
	if (host && !X509_VERIFY_PARAM_set1_ip_asc(param, host))
		X509_VERIFY_PARAM_set1_host(param, host, 0);
	if (recorded && strcmp(f[DEPTH], "-"))
		X509_VERIFY_PARAM_set_depth(param, atoi(f[DEPTH]));
}

static const char *
openssl(char **f, bool *ok)
{
	bool recorded = strcmp(f[HOW], "recorded") == 0, client = strcmp(f[USAGE], "client") == 0;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *sent = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(f[LEAF], -1);
	X509 *leaf = PEM_read_bio_X509(in, NULL, NULL, NULL);
	const char *words = "no leaf";

	if (recorded)
		X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
	if (recorded && strcmp(f[LISTS], "-"))
		add_lists(f[LISTS], store);
	add_all(f[ROOTS], NULL, store);
	add_all(f[SENT], sent, NULL);
	*ok = false;
	if (leaf && X509_STORE_CTX_init(ctx, store, leaf, sent)) {
		if (!recorded)
			X509_STORE_CTX_set_default(ctx, client ? "ssl_client" : "ssl_server");
		else if (strcmp(f[ASKED], "-"))
			X509_STORE_CTX_set_purpose(ctx, client ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
		set_param(X509_STORE_CTX_get0_param(ctx), f, recorded);
		*ok = X509_verify_cert(ctx) == 1;
		words = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	}
	X509_free(leaf);
	BIO_free(in);
	sk_X509_pop_free(sent, X509_free);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return words;
}

static unsigned
import(const char *pem, gnutls_x509_crt_t **list)
{
	gnutls_datum_t data = {(unsigned char *)pem, (unsigned)strlen(pem)};
	unsigned n = 0;

	*list = NULL;
	return gnutls_x509_crt_list_import2(list, &n, &data, GNUTLS_X509_FMT_PEM, 0) < 0 ? 0 : n;
}

static const char *
gnutls(char **f, bool *ok)
{
	bool recorded = strcmp(f[HOW], "recorded") == 0;
	unsigned flags = GNUTLS_PROFILE_TO_VFLAGS(recorded ? GNUTLS_PROFILE_MEDIUM : GNUTLS_PROFILE_LOW), status = 0, n, n_cas;
	gnutls_typed_vdata_st asks[2];
	unsigned n_asks = 0;
	gnutls_x509_crt_t *chain, *cas;
	gnutls_x509_trust_list_t trust;
	static gnutls_datum_t text;
	char *both = malloc(strlen(f[LEAF]) + strlen(f[SENT]) + 2);

	sprintf(both, "%s\n%s", f[LEAF], f[SENT]);
	n = import(both, &chain);
	n_cas = import(f[ROOTS], &cas);
	free(both);
	asked_time = strtoll(f[TIME], NULL, 10);
	if (strcmp(f[HOST], "-"))
		asks[n_asks++] = (gnutls_typed_vdata_st){GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)bare(f[HOST]), 0};
	if (recorded)
		asks[n_asks++] = (gnutls_typed_vdata_st){GNUTLS_DT_KEY_PURPOSE_OID,
		    (unsigned char *)(strcmp(f[USAGE], "client") ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT), 0};
	gnutls_x509_trust_list_init(&trust, 0);
	gnutls_x509_trust_list_add_cas(trust, cas, n_cas, GNUTLS_TL_NO_DUPLICATES | GNUTLS_TL_USE_IN_TLS);
	*ok = n > 0 && gnutls_x509_trust_list_verify_crt2(trust, chain, n, asks, n_asks, flags, &status, NULL) == 0 &&
	      status == 0;
	gnutls_x509_trust_list_deinit(trust, 1);
	while (n > 0)
		gnutls_x509_crt_deinit(chain[--n]);
	gnutls_free(chain);
	gnutls_free(cas);
	gnutls_free(text.data);
	text.data = NULL;
	gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
	return text.data ? (const char *)text.data : "";
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;

	gnutls_global_set_time_function(ask_time);
	while (getline(&line, &size, stdin) > 0) {
		char *f[FIELDS], *rest = line;
		const char *words;
		bool ok;
		int n = 0;

		line[strcspn(line, "\n")] = '\0';
		while (n < FIELDS && rest)
			f[n++] = strsep(&rest, "\t");
		if (n < FIELDS)
			return 2;
		for (int i = 0; i < FIELDS; i++)
			for (char *p = f[i]; *p; p++)
				if (*p == '|')
					*p = '\n';
		words = strcmp(f[STACK], "gnutls") ? openssl(f, &ok) : gnutls(f, &ok);
		printf("%s\t%s\t%s\n", f[ID], ok ? "SUCCESS" : "FAILURE", words);
	}
	free(line);
	return 0;
}
