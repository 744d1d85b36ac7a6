/*
 * One line for a block and the oldest Go release for which it holds:
 *
 *     key LINE GO FORM TYPE CURVE BITS plain|LOCKED FLAW ERROR own|none|POINT OFFSET|-
 *
 * and, where an empty passphrase opens the key, another that begins with "inside" and is about what was found. LOCKED: key_locked().
 *
 * Whoever wrote it may lie, about an archive of his own making: each word is one of a table or a bounded number.
 */
#include "key_facts.h"

#include "crtlint/version.h"
#include "spki.h"

enum { FIELDS = 11, BLOCK_MAX = 65536, BITS_MAX = 1 << 20, POINT_MAX = 133, LOCKED_MAX = 9999, LAX = 4 };

static const char *const verbs[] = {"key", "inside"};
static const char *const forms[] = {
    "none", "pkcs1", "pkcs8", "sec1", "none+", "pkcs1+", "pkcs8+", "sec1+"}; /* +: struct key, lax */
static const char *const types[] = {"unknown", "rsa", "ec", "ed25519", "ed448", "dsa", "rsa-pss"};
static const char *const curves[] = {"-", "p224", "p256", "p384", "p521", "other"};
static const char *const flaws[] = {"sound", "not-pem", "certificate", "other-blocks", "encrypted", "unsupported", "damaged"};
static const char *const errors[] = {
    "-", "tls: failed to parse private key", "tls: found unknown private key type in PKCS#8 wrapping"};
static const char *const error_words[] = {"-", "refused", "unknown-type"};

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

const char *
key_facts(struct arena *arena, const struct key *k, const struct pem_block *block, unsigned go, const char *carried, long at)
{
	int error = 0;

	for (int i = 1; i < COUNT(errors); i++)
		if (k->go_error && slice_is(slice_of(errors[i]), k->go_error))
			error = i;
	const char *lock = k->encrypted ? arena_printf(arena, "%u", k->locked) : "plain";
	const char *head = arena_printf(arena, "%s %u %u %s %s %s %u %s %s %s %s ", verbs[k->inside], block->line, go,
	    forms[k->form + (k->lax ? LAX : 0)], types[k->type], curves[k->curve], k->bits, lock, flaws[k->flaw],
	    error_words[error], carried);
	return at == KEY_NO_PUBLIC ? arena_printf(arena, "%s-\n", head) : arena_printf(arena, "%s%ld\n", head, at);
}

static bool
hexadecimal(struct arena *arena, struct slice s, struct slice *out)
{
	uint8_t *p = arena_alloc(arena, s.n / 2);

	if (s.n % 2 || s.n / 2 > POINT_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (d < 0)
			return false;
		p[i / 2] = (uint8_t)(p[i / 2] << 4 | d);
	}
	*out = (struct slice){p, s.n / 2};
	return true;
}

static void
take_public(struct arena *arena, struct slice content, size_t at, unsigned go, struct key *k)
{
	struct cert holder = {0};
	struct reader r = {.arena = arena, .go = go, .cert = &holder};

	if (at >= content.n)
		return;
	struct slice text = {content.p + at, content.n - at < BLOCK_MAX ? content.n - at : BLOCK_MAX};
	struct pem pem = pem_scan(arena, text, PEM_GO);
	if (pem.n == 0 || !slice_is(pem.blocks[0].label, "PUBLIC KEY"))
		return;
	spki_read(&r, pem.blocks[0].der);
	const struct spki *s = &holder.spki;
	if (holder.go_error || s->type != k->type || s->curve != k->curve)
		return;
	k->modulus = s->modulus;
	k->exponent = s->exponent;
	k->proved = s->point;
}

static bool
take_fields(struct arena *arena, const struct slice *f, const struct key_stand_in *in, unsigned go, struct key *k)
{
	int form = slice_one_of(f[2], forms, COUNT(forms)), type = slice_one_of(f[3], types, COUNT(types)),
	    curve = slice_one_of(f[4], curves, COUNT(curves));
	int flaw = slice_one_of(f[7], flaws, COUNT(flaws));
	int error = slice_one_of(f[8], error_words, COUNT(error_words));
	uint64_t bits, at, locked = 0;
	bool plain = slice_is(f[6], "plain");
	struct slice point = {0};

	if (form < 0 || type < 0 || curve < 0 || (!plain && !slice_number(f[6], LOCKED_MAX, &locked)) || flaw < 0 || error < 0 ||
	    !slice_number(f[5], BITS_MAX, &bits) || (flaw == KEY_SOUND) != (error == 0))
		return false;
	bool own = slice_is(f[9], "own");
	if (!own && !slice_is(f[9], "none") && !hexadecimal(arena, f[9], &point))
		return false;
	k->substituted = true;
	k->form = (enum key_form)(form % LAX);
	k->lax = form >= LAX;
	k->type = (enum key_type)type;
	k->curve = (enum curve)curve;
	k->bits = (unsigned)bits;
	k->encrypted = !plain;
	k->locked = (unsigned)locked;
	k->flaw = (enum key_flaw)flaw;
	k->go_error = error ? errors[error] : NULL;
	if (slice_number(f[10], in->content.n, &at))
		take_public(arena, in->content, (size_t)at, go, k);
	if (k->type == KEY_EC)
		k->point = own ? k->proved : point;
	return true;
}

bool
key_facts_read(struct arena *arena, const struct key_stand_in *in, unsigned line, unsigned go, struct key *k)
{
	struct slice rest = in->facts, best[FIELDS] = {{0}};
	uint64_t number_of_line, from, newest = 0;
	bool found = false;

	while (rest.n > 0) {
		struct slice text = slice_cut(&rest, '\n'), fields[FIELDS] = {{0}};
		size_t n = 0;
		if (!slice_is(slice_cut(&text, ' '), verbs[k->inside]))
			continue;
		for (; n < FIELDS && text.n > 0; n++)
			fields[n] = slice_cut(&text, ' ');
		if (n < FIELDS || !slice_number(fields[0], UINT32_MAX, &number_of_line) ||
		    !slice_number(fields[1], GO(99, 99), &from))
			continue;
		if (number_of_line != line || from > go || (found && from < newest))
			continue;
		found = true;
		newest = from;
		memcpy(best, fields, sizeof best);
	}
	return found && take_fields(arena, best, in, go, k);
}
