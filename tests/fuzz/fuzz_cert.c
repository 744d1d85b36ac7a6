/* libFuzzer: the certificate reader on any bytes, as several Go releases; every slice it returns is read to its end. */
#include <stdint.h>
#include <stdlib.h>

#include "crtlint/cert.h"
#include "crtlint/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static volatile uint8_t sink;

static void
touch(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		sink ^= s.p[i];
}

static void
touch_text(const char *s)
{
	touch(slice_of(s));
}

static void
touch_name(struct arena *arena, const struct name *name)
{
	touch(name->raw);
	for (size_t i = 0; i < name->n; i++)
		touch(name_value(arena, &name->attributes[i]));
	touch(name_cn(arena, name));
	touch_text(name_text(arena, name));
}

static void
touch_cert(struct arena *arena, const struct cert *c)
{
	if (!c->go_error && !c->usable)
		abort();
	touch_text(c->go_error);
	const struct slice slices[] = {c->raw, c->tbs, c->serial, c->sig_oid, c->signature, c->spki.raw, c->spki.modulus,
	    c->spki.exponent, c->spki.point, c->ski, c->aki, c->unhandled_oid};
	for (size_t i = 0; i < sizeof(slices) / sizeof(*slices); i++)
		touch(slices[i]);
	touch_name(arena, &c->issuer);
	touch_name(arena, &c->subject);
	touch_text(spki_text(arena, &c->spki));
	for (size_t i = 0; i < c->n_extensions; i++) {
		touch_text(oid_text(arena, c->extensions[i].oid));
		touch(c->extensions[i].value);
	}
	for (size_t i = 0; i < c->n_sans; i++) {
		touch(c->sans[i].value);
		if (c->sans[i].kind == SAN_IP)
			touch_text(ip_text(arena, c->sans[i].value));
	}
	for (size_t i = 0; i < c->n_constraints; i++)
		touch(c->constraints[i].value);
	for (size_t i = 0; i < c->n_eku; i++)
		touch(c->eku[i]);
	for (size_t i = 0; i < c->n_ocsp; i++)
		touch(c->ocsp[i]);
	for (size_t i = 0; i < c->n_policies; i++)
		touch_text(oid_text(arena, c->policies[i]));
	sink ^= cert_has_eku(c, OID_EKU_SERVER) ^ cert_self_issued(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned releases[] = {GO(19, 99), GO(22, 99), GO(24, 8), GO(25, 3), GO_NEWEST};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(releases) / sizeof(*releases); i++)
		touch_cert(arena, cert_parse(arena, (struct slice){data, size}, releases[i]));
	arena_free(arena);
	return 0;
}
