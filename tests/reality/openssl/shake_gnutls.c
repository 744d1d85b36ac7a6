/*
 * shake_gnutls: what shake.c does, with GnuTLS as programs use it that ask it after the handshake (gnutls_certificate_verify_peers3). The
 * same questions; the security level in them is not used. GnuTLS's priority is NORMAL, and the host's policy is switched off.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEVEL, TIME, HOST, SERVER, CLIENT = SERVER + 3, FIELDS = CLIENT + 3 };

struct pipe {
	unsigned char data[1 << 20];
	size_t from, to;
};

struct end {
	struct pipe *in, *out;
	gnutls_session_t session;
};

static time_t now;

static time_t
clock_of_question(time_t *out)
{
	if (out)
		*out = now;
	return now;
}

static ssize_t
push(gnutls_transport_ptr_t p, const void *data, size_t n)
{
	struct end *e = p;

	if (n > sizeof(e->out->data) - e->out->to)
		return -1;
	memcpy(e->out->data + e->out->to, data, n);
	e->out->to += n;
	return (ssize_t)n;
}

static ssize_t
pull(gnutls_transport_ptr_t p, void *data, size_t n)
{
	struct end *e = p;
	size_t there = e->in->to - e->in->from;

	if (there == 0) {
		gnutls_transport_set_errno(e->session, EAGAIN);
		return -1;
	}
	n = n < there ? n : there;
	memcpy(data, e->in->data + e->in->from, n);
	e->in->from += n;
	return (ssize_t)n;
}

static int
ready(gnutls_transport_ptr_t p, unsigned ms)
{
	struct end *e = p;

	(void)ms;
	return e->in->to > e->in->from;
}

static gnutls_certificate_credentials_t
credentials(const char *who, char **files)
{
	gnutls_certificate_credentials_t c;
	int e;

	gnutls_certificate_allocate_credentials(&c);
	e = gnutls_certificate_set_x509_key_file(c, files[0], files[1], GNUTLS_X509_FMT_PEM);
	if (e >= 0) {
		e = gnutls_certificate_set_x509_trust_file(c, files[2], GNUTLS_X509_FMT_PEM);
		e = e == 0 ? GNUTLS_E_NO_CERTIFICATE_FOUND : e;
	}
	if (e >= 0)
		return c;
	printf("%s cannot load: %s\n", who, gnutls_strerror(e));
	gnutls_certificate_free_credentials(c);
	return NULL;
}

static int
again(int e)
{
	return e == GNUTLS_E_AGAIN || e == GNUTLS_E_INTERRUPTED;
}

/* The verdict of one end upon the other, in words; "" when it is good. */
static void
verify(gnutls_session_t s, const char *host, char *out, size_t size)
{
	gnutls_datum_t text = {0};
	unsigned status = 0;
	int e = gnutls_certificate_verify_peers3(s, host, &status);

	*out = '\0';
	if (e < 0) {
		snprintf(out, size, "%s", gnutls_strerror(e));
	} else if (status) {
		gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
		snprintf(out, size, "%s", (char *)text.data);
		gnutls_free(text.data);
	}
}

static void
shake(gnutls_certificate_credentials_t server_c, gnutls_certificate_credentials_t client_c, const char *host)
{
	static struct pipe there, back;
	struct end server = {&there, &back, NULL}, client = {&back, &there, NULL};
	char said[2][1024] = {"", ""};
	int e[2] = {GNUTLS_E_AGAIN, GNUTLS_E_AGAIN};

	there.from = there.to = back.from = back.to = 0;
	gnutls_init(&server.session, GNUTLS_SERVER | GNUTLS_NONBLOCK);
	gnutls_init(&client.session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
	gnutls_credentials_set(server.session, GNUTLS_CRD_CERTIFICATE, server_c);
	gnutls_credentials_set(client.session, GNUTLS_CRD_CERTIFICATE, client_c);
	gnutls_certificate_server_set_request(server.session, GNUTLS_CERT_REQUIRE);
	for (int i = 0; i < 2; i++) {
		struct end *x = i ? &client : &server;

		gnutls_set_default_priority(x->session);
		gnutls_transport_set_ptr(x->session, x);
		gnutls_transport_set_push_function(x->session, push);
		gnutls_transport_set_pull_function(x->session, pull);
		gnutls_transport_set_pull_timeout_function(x->session, ready);
	}
	for (int i = 0; i < 12; i++) {
		if (again(e[1]))
			e[1] = gnutls_handshake(client.session);
		if (again(e[0]))
			e[0] = gnutls_handshake(server.session);
	}
	for (int i = 0; i < 2; i++)
		if (e[i] < 0)
			snprintf(said[i], sizeof(said[i]), "%s", gnutls_strerror(e[i]));
	if (e[1] == 0)
		verify(client.session, *host ? host : NULL, said[1], sizeof(said[1]));
	if (e[0] == 0)
		verify(server.session, NULL, said[0], sizeof(said[0]));
	if (!*said[0] && !*said[1])
		puts("ok");
	else
		printf("client says: %s\tserver says: %s\n", said[1], said[0]);
	gnutls_deinit(server.session);
	gnutls_deinit(client.session);
}

GNUTLS_SKIP_GLOBAL_INIT

int
main(void)
{
	static char line[1 << 16];

	setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "/dev/null", 1);
	gnutls_global_init();
	gnutls_global_set_time_function(clock_of_question);
	while (fgets(line, sizeof(line), stdin)) {
		char *fields[FIELDS], *rest = line;
		gnutls_certificate_credentials_t server, client = NULL;

		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS; i++) {
			fields[i] = rest ? strsep(&rest, "\t") : NULL;
			if (!fields[i])
				return 2;
		}
		now = (time_t)strtoll(fields[TIME], NULL, 10);
		server = credentials("server", fields + SERVER);
		if (server)
			client = credentials("client", fields + CLIENT);
		if (client) {
			shake(server, client, fields[HOST]);
			gnutls_certificate_free_credentials(client);
		}
		if (server)
			gnutls_certificate_free_credentials(server);
		fflush(stdout);
	}
	return 0;
}
