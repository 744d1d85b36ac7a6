/*
 * bare: the least that a program on GnuTLS does for each directory named on standard input: read every .crt and .key, parse them, one
 * signature for each leaf by the CA, and match each key with its certificate. It judges nothing else and prints one line at the end.
 */
#include <dirent.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 64, BYTES = 1 << 16 };

struct item {
	char name[256];
	gnutls_datum_t data;
	gnutls_x509_crt_t *certs;
	unsigned n_certs;
};

static struct item items[FILES];
static unsigned n_items;

static bool
ends(const char *name, const char *with)
{
	size_t n = strlen(name), w = strlen(with);
	return n > w && strcmp(name + n - w, with) == 0;
}

static void
read_items(int directory)
{
	DIR *d = fdopendir(directory);
	struct dirent *e;
	n_items = 0;
	while (d && (e = readdir(d)) && n_items < FILES) {
		struct stat st;
		struct item *item = &items[n_items];
		if (!ends(e->d_name, ".crt") && !ends(e->d_name, ".key"))
			continue;
		int fd = openat(directory, e->d_name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < BYTES) {
			snprintf(item->name, sizeof(item->name), "%s", e->d_name);
			item->data.data = malloc((size_t)st.st_size + 1);
			ssize_t n = read(fd, item->data.data, (size_t)st.st_size);
			item->data.size = n > 0 ? (unsigned)n : 0;
			n_items++;
		}
		close(fd);
	}
	if (d)
		closedir(d);
}

static struct item *
find(const char *name)
{
	for (unsigned i = 0; i < n_items; i++)
		if (strcmp(items[i].name, name) == 0)
			return &items[i];
	return NULL;
}

static bool
same(gnutls_datum_t *a, gnutls_datum_t *b)
{
	bool ok = a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
	gnutls_free(a->data);
	gnutls_free(b->data);
	return ok;
}

/* The public half that the key file carries, compared with the certificate's: nothing is computed. */
static bool
matches(const struct item *crt)
{
	char name[256];
	gnutls_datum_t m, e, m2, e2, rest[4];
	gnutls_ecc_curve_t curve;
	gnutls_x509_privkey_t key;
	bool ok = false;
	snprintf(name, sizeof(name), "%.*s.key", (int)strlen(crt->name) - 4, crt->name);
	const struct item *item = find(name);
	if (!item || gnutls_x509_privkey_init(&key) < 0)
		return false;
	if (gnutls_x509_privkey_import(key, &item->data, GNUTLS_X509_FMT_PEM) != 0) {
		ok = false;
	} else if (gnutls_x509_privkey_get_pk_algorithm(key) == GNUTLS_PK_RSA) {
		if (gnutls_x509_privkey_export_rsa_raw(key, &m, &e, &rest[0], &rest[1], &rest[2], &rest[3]) == 0) {
			for (unsigned i = 0; i < 4; i++)
				gnutls_free(rest[i].data);
			ok = gnutls_x509_crt_get_pk_rsa_raw(crt->certs[0], &m2, &e2) == 0 && same(&m, &m2) && same(&e, &e2);
		}
	} else if (gnutls_x509_privkey_export_ecc_raw(key, &curve, &m, &e, &rest[0]) == 0) {
		gnutls_free(rest[0].data);
		ok = gnutls_x509_crt_get_pk_ecc_raw(crt->certs[0], &curve, &m2, &e2) == 0 && same(&m, &m2) && same(&e, &e2);
	}
	gnutls_x509_privkey_deinit(key);
	return ok;
}

/* The first element of a certificate's SEQUENCE, whose length takes two bytes as in every certificate here. */
static gnutls_datum_t
signed_part(const gnutls_datum_t *der)
{
	gnutls_datum_t out = {der->data + 4, 0};
	if (der->size > 8 && der->data[1] == 0x82 && der->data[5] == 0x82)
		out.size = 4 + ((unsigned)der->data[6] << 8 | der->data[7]);
	return out;
}

/* gnutls_x509_crt_verify() does more and takes three times as long. */
static bool
is_signed(gnutls_x509_crt_t crt, gnutls_pubkey_t by)
{
	char bytes[1024];
	gnutls_datum_t der, signature = {(unsigned char *)bytes, 0};
	size_t n = sizeof(bytes);
	if (gnutls_x509_crt_get_signature(crt, bytes, &n) != 0 || gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) != 0)
		return false;
	signature.size = (unsigned)n;
	gnutls_datum_t part = signed_part(&der);
	bool ok = gnutls_pubkey_verify_data2(
	              by, (gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(crt), 0, &part, &signature) >= 0;
	gnutls_free(der.data);
	return ok;
}

static bool
good(void)
{
	bool ok = true;
	gnutls_pubkey_t by;
	for (unsigned i = 0; i < n_items; i++)
		if (ends(items[i].name, ".crt") &&
		    gnutls_x509_crt_list_import2(&items[i].certs, &items[i].n_certs, &items[i].data, GNUTLS_X509_FMT_PEM, 0) < 0)
			ok = false;
	const struct item *ca = find("ca.crt");
	if (!ok || !ca || gnutls_pubkey_init(&by) < 0)
		return false;
	ok = gnutls_pubkey_import_x509(by, ca->certs[0], 0) == 0;
	for (unsigned i = 0; ok && i < n_items; i++)
		if (items[i].n_certs && &items[i] != ca)
			ok = is_signed(items[i].certs[0], by) && matches(&items[i]);
	gnutls_pubkey_deinit(by);
	return ok;
}

static void
drop(void)
{
	for (unsigned i = 0; i < n_items; i++) {
		for (unsigned k = 0; k < items[i].n_certs; k++)
			gnutls_x509_crt_deinit(items[i].certs[k]);
		gnutls_free(items[i].certs);
		free(items[i].data.data);
		items[i] = (struct item){.n_certs = 0};
	}
}

int
main(void)
{
	char line[4096];
	unsigned sound = 0, all = 0;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		int fd = open(line, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		all++;
		if (fd < 0)
			continue;
		read_items(fd);
		sound += good();
		drop();
	}
	printf("%u of %u\n", sound, all);
	return sound == all && all ? 0 : 1;
}
