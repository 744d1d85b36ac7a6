#include "crtlint/key.h"

#include "crtlint/text.h"
#include "key_facts.h"
#include "key_read.h"

static bool
ends_in(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

bool
key_is_private(struct slice label)
{
	return slice_is(label, "PRIVATE KEY") || ends_in(label, " PRIVATE KEY");
}

/* A list of strings as fmt prints it with %v. */
static const char *
labels_text(struct arena *arena, const struct pem *pem)
{
	size_t n = 2;

	for (size_t i = 0; i < pem->n; i++)
		n += pem->blocks[i].label.n + 1;
	char *raw = arena_alloc(arena, n), *p = raw;
	*p++ = '[';
	for (size_t i = 0; i < pem->n; i++) {
		struct slice label = pem->blocks[i].label;
		if (i > 0)
			*p++ = ' ';
		if (label.n > 0)
			memcpy(p, label.p, label.n);
		p += label.n;
	}
	*p++ = ']';
	return text_safe(arena, (struct slice){(const uint8_t *)raw, (size_t)(p - raw)}, TEXT_VALUE);
}

static void
refuse_file(struct arena *arena, const struct pem *pem, struct key *k)
{
	size_t certificates = 0;

	for (size_t i = 0; i < pem->n; i++)
		certificates += slice_is(pem->blocks[i].label, "CERTIFICATE");
	k->flaw = pem->n == 0 ? KEY_NOT_PEM : certificates == pem->n ? KEY_CERTIFICATE : KEY_OTHER_BLOCKS;
	if (pem->n == 0)
		k->go_error = "tls: failed to find any PEM data in key input";
	else if (pem->n == 1 && certificates == 1)
		k->go_error = "tls: found a certificate rather than a key in the PEM for the private key";
	else
		k->go_error = arena_printf(arena,
		    "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of "
		    "the "
		    "following types: %s",
		    labels_text(arena, pem));
}

/* flaw and go_error of the DER of one block, whose label and headers may explain a refusal. */
static void
read_der(struct arena *arena, struct slice der, unsigned go, const struct pem_block *block, struct key *k)
{
	switch (key_read(arena, der, go, k)) {
	case KEY_READ_TAKEN:
		return;
	case KEY_READ_UNKNOWN_TYPE:
		k->go_error = "tls: found unknown private key type in PKCS#8 wrapping";
		return;
	case KEY_READ_REFUSED:
		k->go_error = "tls: failed to parse private key";
		break;
	}
	if (block && (block->encrypted || slice_is(block->label, "ENCRYPTED PRIVATE KEY")))
		k->encrypted = true;
	if (k->encrypted || key_read_encrypted(der)) {
		k->encrypted = true;
		k->flaw = KEY_ENCRYPTED;
		return;
	}
	if (block && slice_is(block->label, "DSA PRIVATE KEY")) {
		k->type = KEY_DSA;
		k->flaw = KEY_UNSUPPORTED;
	}
	if (block && slice_is(block->label, "OPENSSH PRIVATE KEY"))
		k->flaw = KEY_UNSUPPORTED;
}

struct key *
key_parse(struct arena *arena, const struct pem *pem, unsigned go)
{
	return key_parse_stand_in(arena, pem, go, NULL);
}

struct key *
key_block(struct arena *arena, const struct pem_block *block, unsigned go)
{
	struct key *k = arena_alloc(arena, sizeof *k);

	read_der(arena, block->der, go, block, k);
	return k;
}

struct key *
key_parse_stand_in(struct arena *arena, const struct pem *pem, unsigned go, const struct key_stand_in *stand_in)
{
	struct key *k = arena_alloc(arena, sizeof *k);
	const struct pem_block *first = NULL;

	for (size_t i = 0; i < pem->n; i++) {
		if (!key_is_private(pem->blocks[i].label))
			continue;
		if (!first)
			first = &pem->blocks[i];
		k->blocks++;
	}
	if (!first) {
		refuse_file(arena, pem, k);
		return k;
	}
	k->proof = key_proof_new(arena);
	k->line = first->line;
	k->label = first->label;
	if (!stand_in || !key_facts_read(arena, stand_in, first->line, go, k))
		read_der(arena, first->der, go, first, k);
	return k;
}

struct key *
key_parse_der(struct arena *arena, struct slice der, unsigned go)
{
	struct key *k = arena_alloc(arena, sizeof *k);

	read_der(arena, der, go, NULL, k);
	return k;
}
