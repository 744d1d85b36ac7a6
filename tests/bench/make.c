/*
 * make rsa|p256 N DIRECTORY: N good certificate directories (ca, node, two clients with keys) below DIRECTORY, each with a CA of its own,
 * so that nothing one directory needs is known from another. RSA keys are slow to make: KEYS of them serve in turn, never twice in one
 * directory. The clock decides the dates.
 */
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { KEYS = 32, PARTS = 4, DAY = 86400 };

static gnutls_x509_privkey_t pool[KEYS];

static void
need(int e, const char *what)
{
	if (e >= 0)
		return;
	fprintf(stderr, "make: %s: %s\n", what, gnutls_strerror(e));
	exit(2);
}

static gnutls_x509_privkey_t
new_key(bool rsa)
{
	gnutls_x509_privkey_t key;
	need(gnutls_x509_privkey_init(&key), "key");
	need(gnutls_x509_privkey_generate(key, rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA,
	         rsa ? 2048 : (unsigned)GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    "key");
	return key;
}

static gnutls_x509_privkey_t
take_key(bool rsa, unsigned directory, unsigned part)
{
	unsigned at = (directory * PARTS + part + directory / KEYS) % KEYS;
	if (!rsa)
		return new_key(false);
	if (!pool[at])
		pool[at] = new_key(true);
	return pool[at];
}

static void
put(const char *directory, const char *name, const gnutls_datum_t *text, mode_t mode)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *f = fopen(path, "w");
	if (!f || fwrite(text->data, 1, text->size, f) != text->size || fclose(f) != 0 || chmod(path, mode) != 0) {
		perror(path);
		exit(2);
	}
}

struct issuer {
	gnutls_x509_crt_t cert;
	gnutls_x509_privkey_t key;
};

/* One certificate as `cockroach cert` makes it; name NULL: the CA. */
static gnutls_x509_crt_t
issue(const char *name, bool server, gnutls_x509_privkey_t key, const struct issuer *by)
{
	unsigned char serial[16], id[20] = {0};
	size_t id_size = sizeof(id);
	gnutls_x509_crt_t crt;
	time_t now = time(NULL);
	need(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)), "serial");
	serial[0] = (unsigned char)(serial[0] & 0x7f) | 0x40;
	need(gnutls_x509_crt_init(&crt), "certificate");
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
	gnutls_x509_crt_set_activation_time(crt, now - 30 * DAY);
	gnutls_x509_crt_set_expiration_time(crt, now + (name ? 1800 : 3600) * DAY);
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, "Cockroach", 9);
	const char *cn = name ? name : "Cockroach CA";
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, cn, (unsigned)strlen(cn));
	need(gnutls_x509_crt_set_key(crt, key), "key");
	if (!name) {
		gnutls_x509_crt_set_basic_constraints(crt, 1, 1);
		gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION |
		                                       GNUTLS_KEY_KEY_ENCIPHERMENT | GNUTLS_KEY_KEY_CERT_SIGN);
		gnutls_x509_crt_get_key_id(crt, 0, id, &id_size);
		gnutls_x509_crt_set_subject_key_id(crt, id, id_size);
	} else {
		gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT);
		if (server)
			gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
		gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_CLIENT, 0);
		gnutls_x509_crt_get_subject_key_id(by->cert, id, &id_size, NULL);
		gnutls_x509_crt_set_authority_key_id(crt, id, id_size);
	}
	if (server) {
		static const char *const names[] = {"localhost", "db1.example.com"};
		for (unsigned i = 0; i < 2; i++)
			gnutls_x509_crt_set_subject_alt_name(
			    crt, GNUTLS_SAN_DNSNAME, names[i], (unsigned)strlen(names[i]), GNUTLS_FSAN_APPEND);
		gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, "\x7f\0\0\1", 4, GNUTLS_FSAN_APPEND);
	}
	need(gnutls_x509_crt_sign2(crt, by ? by->cert : crt, by ? by->key : key, GNUTLS_DIG_SHA256, 0), "signature");
	return crt;
}

static void
write_pair(const char *directory, const char *name, gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
	gnutls_datum_t text;
	char file[64];
	need(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &text), "certificate");
	snprintf(file, sizeof(file), "%s.crt", name);
	put(directory, file, &text, 0644);
	gnutls_free(text.data);
	if (!key)
		return;
	need(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &text), "key");
	snprintf(file, sizeof(file), "%s.key", name);
	put(directory, file, &text, 0600);
	gnutls_free(text.data);
}

static void
make(bool rsa, unsigned number, const char *directory)
{
	static const struct {
		const char *file, *name;
	} parts[PARTS] = {{"ca", NULL}, {"node", "node"}, {"client.root", "root"}, {"client.maxroach", "maxroach"}};
	struct issuer ca = {NULL, NULL};
	mkdir(directory, 0755);
	for (unsigned i = 0; i < PARTS; i++) {
		gnutls_x509_privkey_t key = take_key(rsa, number, i);
		gnutls_x509_crt_t crt = issue(parts[i].name, i == 1, key, i ? &ca : NULL);
		write_pair(directory, parts[i].file, crt, i ? key : NULL);
		if (i == 0) {
			ca = (struct issuer){crt, key};
			continue;
		}
		gnutls_x509_crt_deinit(crt);
		if (!rsa)
			gnutls_x509_privkey_deinit(key);
	}
	gnutls_x509_crt_deinit(ca.cert);
	if (!rsa)
		gnutls_x509_privkey_deinit(ca.key);
}

int
main(int argc, char **argv)
{
	char path[4096];
	bool rsa = argc == 4 && strcmp(argv[1], "rsa") == 0;
	if (argc != 4 || (!rsa && strcmp(argv[1], "p256") != 0)) {
		fputs("usage: make rsa|p256 N DIRECTORY\n", stderr);
		return 2;
	}
	mkdir(argv[3], 0755);
	for (unsigned i = 0; i < (unsigned)atoi(argv[2]); i++) {
		snprintf(path, sizeof(path), "%s/%06u", argv[3], i);
		make(rsa, i, path);
	}
	return 0;
}
