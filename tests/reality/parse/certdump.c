/*
 * certdump: the C end of certdiff.go. Reads certificates on standard input, each with its length in front (four bytes,
 * big-endian), and answers one line each: ERR and Go's words, or OK and what was read. The argument is the Go release as the
 * number of version.h (default 1999: the newest 1.19).
 */
#include <stdio.h>
#include <stdlib.h>

#include "crtlint/cert.h"
#include "crtlint/version.h"

static void
dump_hex(const char *key, struct slice s)
{
	printf("\t%s=", key);
	for (size_t i = 0; i < s.n; i++)
		printf("%02x", s.p[i]);
}

static void
dump_list(const char *key, const struct slice *list, size_t n)
{
	printf("\t%s=", key);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < list[i].n; j++)
			printf("%02x", list[i].p[j]);
		putchar(',');
	}
}

static void
dump_sans(const struct cert *c, const char *key, enum san_kind kind)
{
	printf("\t%s=", key);
	for (size_t i = 0; i < c->n_sans; i++) {
		if (c->sans[i].kind != kind)
			continue;
		/* Go keeps URLs parsed, so only their number can be compared. */
		for (size_t j = 0; kind != SAN_URI && j < c->sans[i].value.n; j++)
			printf("%02x", c->sans[i].value.p[j]);
		putchar(',');
	}
}

static void
dump_constraints(const struct cert *c, bool excluded)
{
	static const enum constraint_kind order[] = {CONSTRAINT_DNS, CONSTRAINT_IP, CONSTRAINT_MAIL, CONSTRAINT_URI};
	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++) {
		printf("\tnc%d%zu=", excluded, k);
		for (size_t i = 0; i < c->n_constraints; i++) {
			if (c->constraints[i].kind != order[k] || c->constraints[i].excluded != excluded)
				continue;
			for (size_t j = 0; j < c->constraints[i].value.n; j++)
				printf("%02x", c->constraints[i].value.p[j]);
			putchar(',');
		}
	}
}

static const char *
dump_sig(enum sig_algorithm sig)
{
	static const char *const names[SIG_PSS_OTHER + 1] = {
	    [SIG_MD2_RSA] = "MD2-RSA",
	    [SIG_MD5_RSA] = "MD5-RSA",
	    [SIG_SHA1_RSA] = "SHA1-RSA",
	    [SIG_SHA256_RSA] = "SHA256-RSA",
	    [SIG_SHA384_RSA] = "SHA384-RSA",
	    [SIG_SHA512_RSA] = "SHA512-RSA",
	    [SIG_PSS_SHA256] = "SHA256-RSAPSS",
	    [SIG_PSS_SHA384] = "SHA384-RSAPSS",
	    [SIG_PSS_SHA512] = "SHA512-RSAPSS",
	    [SIG_DSA_SHA1] = "DSA-SHA1",
	    [SIG_DSA_SHA256] = "DSA-SHA256",
	    [SIG_ECDSA_SHA1] = "ECDSA-SHA1",
	    [SIG_ECDSA_SHA256] = "ECDSA-SHA256",
	    [SIG_ECDSA_SHA384] = "ECDSA-SHA384",
	    [SIG_ECDSA_SHA512] = "ECDSA-SHA512",
	    [SIG_ED25519] = "Ed25519",
	};
	return names[sig] ? names[sig] : "0";
}

static const char *
dump_key(enum key_type type)
{
	static const char *const names[KEY_RSA_PSS + 1] = {
	    [KEY_RSA] = "RSA", [KEY_DSA] = "DSA", [KEY_EC] = "ECDSA", [KEY_ED25519] = "Ed25519"};
	return names[type] ? names[type] : "0";
}

static void
dump(struct arena *arena, const struct cert *c)
{
	if (c->go_error) {
		printf("ERR\t%s\n", c->go_error);
		return;
	}
	printf("OK\tv=%d\tnb=%lld\tna=%lld\tsig=%s\tkey=%s\tbits=%u\tbc=%d\tca=%d\tmpl=%d\tku=%u\tneku=%zu\tunh=%d", c->version,
	    (long long)c->not_before, (long long)c->not_after, dump_sig(c->sig), dump_key(c->spki.type),
	    dump_key(c->spki.type)[0] == '0' ? 0 : c->spki.bits, c->has_basic_constraints, c->is_ca, c->max_path_len,
	    c->key_usage, c->n_eku, c->unhandled_critical);
	printf("\tsrv=%d", cert_has_eku(c, OID_EKU_SERVER));
	dump_hex("serial", c->serial);
	dump_hex("signature", c->signature);
	dump_hex("cn", cert_cn(arena, c));
	dump_hex("icn", name_cn(arena, &c->issuer));
	dump_hex("ski", c->ski);
	dump_hex("aki", c->aki);
	dump_hex("mod", c->spki.type == KEY_RSA ? c->spki.modulus : (struct slice){NULL, 0});
	dump_hex("tbs", (struct slice){c->tbs.p, c->tbs.n < 8 ? c->tbs.n : 8});
	printf("\tlens=%zu,%zu,%zu,%zu\text=", c->tbs.n, c->issuer.raw.n, c->subject.raw.n, c->spki.raw.n);
	for (size_t i = 0; i < c->n_extensions; i++)
		printf("%s:%d:%zu,", oid_text(arena, c->extensions[i].oid), c->extensions[i].critical, c->extensions[i].value.n);
	printf("\tpol=");
	for (size_t i = 0; i < c->n_policies; i++)
		printf("%s,", oid_text(arena, c->policies[i]));
	printf("\tunhoid=%s", c->unhandled_critical ? oid_text(arena, c->unhandled_oid) : "");
	dump_sans(c, "dns", SAN_DNS);
	dump_sans(c, "mail", SAN_MAIL);
	dump_sans(c, "ip", SAN_IP);
	dump_sans(c, "uri", SAN_URI);
	dump_list("ocsp", c->ocsp, c->n_ocsp);
	dump_constraints(c, false);
	dump_constraints(c, true);
	printf("\tips=");
	for (size_t i = 0; i < c->n_sans; i++)
		if (c->sans[i].kind == SAN_IP)
			printf("%s,", ip_text(arena, c->sans[i].value));
	putchar('\n');
}

int
main(int argc, char **argv)
{
	unsigned go = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : GO(19, 99);
	struct arena *arena = arena_new();
	uint8_t head[4];
	for (size_t count = 1; fread(head, 1, 4, stdin) == 4; count++) {
		size_t n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
		uint8_t *bytes = malloc(n + 1);
		if (!bytes || fread(bytes, 1, n, stdin) != n)
			return 1;
		/* An exact copy, so that a sanitiser sees a step over the end. */
		uint8_t *exact = malloc(n > 0 ? n : 1);
		if (!exact)
			return 1;
		memcpy(exact, bytes, n);
		dump(arena, cert_parse(arena, (struct slice){exact, n}, go));
		fflush(stdout);
		free(exact);
		free(bytes);
		if (count % 256 == 0) {
			arena_free(arena);
			arena = arena_new();
		}
	}
	arena_free(arena);
	return 0;
}
