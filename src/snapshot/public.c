#include "public.h"

#include "crtlint/text.h"
#include "crtlint/version.h"

/* The releases from which Go reads private keys otherwise; the oldest stands for all before the next. */
static const unsigned releases[] = {GO(0, 0), GO(20, 0), GO(24, 0)};

enum { RELEASES = sizeof releases / sizeof *releases };

static const char *
hexadecimal(struct arena *arena, struct slice s)
{
	char *out = arena_alloc(arena, 2 * s.n + 1), *p = out;

	for (size_t i = 0; i < s.n; i++) {
		*p++ = "0123456789abcdef"[s.p[i] >> 4];
		*p++ = "0123456789abcdef"[s.p[i] & 15];
	}
	return out;
}

/* The certificates' own words: a public key that stands on one is no secret. */
static struct slice
find_proof(const struct key *k, struct proofs *proofs)
{
	for (size_t i = 0; i < proofs->n && proofs->left > 0; i++) {
		const struct spki *s = proofs->list[i];
		if (s->type != k->type || s->curve != k->curve)
			continue;
		proofs->left--;
		if (key_match(k, s) == KEY_MATCHES)
			return s->raw;
	}
	return (struct slice){0};
}

static bool
is_on_certificate(const struct key *k, const struct proofs *proofs)
{
	for (size_t i = 0; i < proofs->n; i++)
		if (proofs->list[i]->type == KEY_EC && proofs->list[i]->curve == k->curve &&
		    slice_eq(proofs->list[i]->point, k->point))
			return true;
	return false;
}

static void
prove(struct arena *arena, const struct key *k, struct proofs *proofs, struct public_key *out)
{
	struct spki carried = {.type = KEY_EC, .curve = k->curve, .bits = k->bits, .point = k->point};

	out->carried = "none";
	if (k->type == KEY_RSA) {
		out->spki = key_spki(arena, k);
		return;
	}
	if (k->type == KEY_EC && k->point.n > 0 && key_match(k, &carried) == KEY_MATCHES) {
		out->spki = key_spki(arena, k);
		out->carried = "own";
		return;
	}
	/* What a key says of itself and is not true may be anything: it is told only where a certificate says it, too. */
	if (k->type == KEY_EC && k->point.n > 0 && is_on_certificate(k, proofs))
		out->carried = hexadecimal(arena, k->point);
	out->spki = find_proof(k, proofs);
}

static bool
is_known(const struct public_keys *keys, unsigned line)
{
	for (size_t i = 0; i < keys->n; i++)
		if (keys->list[i].block->line == line)
			return true;
	return false;
}

struct public_keys
public_find(struct arena *arena, struct slice data, struct proofs *proofs)
{
	struct public_keys out = {.n = 0};

	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct pem pem = pem_scan(arena, data, d);
		size_t i = 0;
		while (i < pem.n && !key_is_private(pem.blocks[i].label))
			i++;
		if (i == pem.n || is_known(&out, pem.blocks[i].line))
			continue;
		struct public_key *key = &out.list[out.n++];
		key->block = &pem.blocks[i];
		key->carried = "none";
		for (size_t r = 0; r < RELEASES && key->spki.n == 0; r++) {
			const struct key *k = key_block(arena, key->block, releases[r]);
			if (k->flaw == KEY_ENCRYPTED && r == 0) {
				key->locked = key_locked(data);
				k = key->inside = key_opened(arena, key->block, GO_NEWEST);
			}
			if (k && k->flaw == KEY_SOUND)
				prove(arena, k, proofs, key);
		}
	}
	return out;
}

const char *
public_facts(struct arena *arena, const struct public_key *key, long at)
{
	struct buf out = {.arena = arena};
	const struct key *previous = NULL;

	for (size_t r = 0; r < RELEASES; r++) {
		struct key *k = key_block(arena, key->block, releases[r]);
		k->locked = key->locked;
		bool same = previous && previous->flaw == k->flaw && previous->form == k->form && previous->lax == k->lax &&
		            previous->type == k->type && previous->curve == k->curve && previous->bits == k->bits &&
		            previous->encrypted == k->encrypted &&
		            (previous->go_error == k->go_error ||
		                (previous->go_error && k->go_error && strcmp(previous->go_error, k->go_error) == 0));
		if (!same)
			buf_add(&out, key_facts(arena, k, key->block, releases[r], key->carried, at));
		previous = k;
	}
	if (key->inside)
		buf_add(&out, key_facts(arena, key->inside, key->block, 0, key->carried, at));
	return buf_text(&out);
}

struct slice
public_pem(struct arena *arena, struct slice der)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf out = {.arena = arena};
	char line[65];
	size_t n = 0;

	buf_add(&out, "-----BEGIN PUBLIC KEY-----\n");
	for (size_t i = 0; i < der.n; i += 3) {
		unsigned have = der.n - i < 3 ? (unsigned)(der.n - i) : 3;
		unsigned v = (unsigned)der.p[i] << 16 | (have > 1 ? (unsigned)der.p[i + 1] << 8 : 0) |
		             (have > 2 ? der.p[i + 2] : 0);
		line[n++] = digits[v >> 18];
		line[n++] = digits[v >> 12 & 63];
		line[n++] = have > 1 ? digits[v >> 6 & 63] : '=';
		line[n++] = have > 2 ? digits[v & 63] : '=';
		if (n == 64 || i + 3 >= der.n) {
			line[n] = '\0';
			buf_printf(&out, "%s\n", line);
			n = 0;
		}
	}
	buf_add(&out, "-----END PUBLIC KEY-----\n");
	return (struct slice){(const uint8_t *)buf_text(&out), out.n};
}
