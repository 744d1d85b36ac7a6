/*
 * shake: one handshake a line with OpenSSL's own libssl, both ends in this process. A line holds, with tabs between: security level,
 * time, host, and certificate, key and CA file of the server and then of the client. The answer is one line: "ok", or who refused and
 * in which words.
 */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL, TIME, HOST, SERVER, CLIENT = SERVER + 3, FIELDS = CLIENT + 3 };

static const char *
reason(void)
{
	unsigned long e = ERR_peek_error();
	const char *text = e ? ERR_reason_error_string(e) : NULL;

	return text ? text : "no reason";
}

/* Nobody is there to be asked. */
static int
no_password(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

/* What the loaders refuse is printed as the answer. */
static SSL_CTX *
end(const SSL_METHOD *method, const char *who, char **files, char **fields)
{
	SSL_CTX *ctx = SSL_CTX_new(method);
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
	const char *failed = NULL;

	SSL_CTX_set_security_level(ctx, atoi(fields[LEVEL]));
	SSL_CTX_set_default_passwd_cb(ctx, no_password);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	X509_VERIFY_PARAM_set_time(param, (time_t)strtoll(fields[TIME], NULL, 10));
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(ctx, files[0]) != 1)
		failed = "certificate";
	else if (SSL_CTX_use_PrivateKey_file(ctx, files[1], SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		failed = "key";
	else if (SSL_CTX_load_verify_locations(ctx, files[2], NULL) != 1)
		failed = "ca";
	if (failed) {
		printf("%s cannot load its %s: %s\n", who, failed, reason());
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return ctx;
}

static void
words(char *out, size_t size, SSL *ssl, int failed)
{
	long verdict = SSL_get_verify_result(ssl);
	unsigned long e = ERR_peek_error();

	*out = '\0';
	if (failed && verdict != X509_V_OK)
		snprintf(out, size, "certificate verify failed: %s", X509_verify_cert_error_string(verdict));
	else if (failed)
		ERR_error_string_n(e, out, size);
	ERR_clear_error();
}

/* Returns whether that end has failed for good. */
static int
step(SSL *ssl, int *done, char *said, size_t size)
{
	char byte;
	int n, e;

	ERR_clear_error();
	n = SSL_do_handshake(ssl);
	if (n == 1) {
		*done = 1;
		n = SSL_read(ssl, &byte, 1); /* a client of TLS 1.3 hears of a refusal here */
	}
	e = SSL_get_error(ssl, n);
	if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
		return 0;
	words(said, size, ssl, 1);
	return 1;
}

static void
shake(SSL_CTX *server_ctx, SSL_CTX *client_ctx, const char *host)
{
	SSL *server = SSL_new(server_ctx), *client = SSL_new(client_ctx);
	BIO *a, *b;
	char said[2][512] = {"", ""};
	int done[2] = {0, 0}, failed[2] = {0, 0};

	BIO_new_bio_pair(&a, 1 << 20, &b, 1 << 20);
	SSL_set_bio(server, a, a);
	SSL_set_bio(client, b, b);
	SSL_set_accept_state(server);
	SSL_set_connect_state(client);
	if (*host && !X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(client), host))
		SSL_set1_host(client, host);
	for (int i = 0; i < 12; i++) {
		if (!failed[1])
			failed[1] = step(client, &done[1], said[1], sizeof(said[1]));
		if (!failed[0])
			failed[0] = step(server, &done[0], said[0], sizeof(said[0]));
	}
	if (done[0] && done[1] && !failed[0] && !failed[1])
		puts("ok");
	else
		printf("client says: %s\tserver says: %s\n", said[1], said[0]);
	SSL_free(server);
	SSL_free(client);
}

int
main(void)
{
	static char line[1 << 16];

	while (fgets(line, sizeof(line), stdin)) {
		char *fields[FIELDS], *rest = line;
		SSL_CTX *server, *client = NULL;

		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS; i++) {
			fields[i] = rest ? strsep(&rest, "\t") : NULL;
			if (!fields[i])
				return 2;
		}
		server = end(TLS_server_method(), "server", fields + SERVER, fields);
		if (server)
			client = end(TLS_client_method(), "client", fields + CLIENT, fields);
		if (client)
			shake(server, client, fields[HOST]);
		SSL_CTX_free(server);
		SSL_CTX_free(client);
		ERR_clear_error();
		fflush(stdout);
	}
	return 0;
}
