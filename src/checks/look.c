#include "look.h"

#include <stdlib.h>
#include <string.h>

static int
by_subject(const void *a, const void *b)
{
	const struct seat *x = *(const struct seat *const *)a, *y = *(const struct seat *const *)b;
	int c = slice_compare(x->cert->subject.raw, y->cert->subject.raw);

	return c != 0 ? c : (x > y) - (x < y);
}

static int
by_spki(const void *a, const void *b)
{
	const struct seat *x = *(const struct seat *const *)a, *y = *(const struct seat *const *)b;
	int c = slice_compare(x->cert->spki.raw, y->cert->spki.raw);

	return c != 0 ? c : (x > y) - (x < y);
}

static void
take_seats(struct findings *fs, struct look *l)
{
	const struct facts *f = fs->facts;
	size_t n = 0;

	for (size_t i = 0; i < f->n_files; i++)
		n += f->files[i].object ? f->files[i].object->n_certs : 0;
	l->seats = arena_array(fs->arena, n, sizeof *l->seats);
	l->by_subject = arena_array(fs->arena, n, sizeof *l->by_subject);
	l->by_spki = arena_array(fs->arena, n, sizeof *l->by_spki);
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		for (size_t k = 0; o && k < o->n_certs; k++) {
			if (o->certs[k]->usable)
				l->seats[l->n++] = (struct seat){&f->files[i], o->certs[k], k};
		}
	}
	for (size_t i = 0; i < l->n; i++)
		l->by_subject[i] = l->by_spki[i] = &l->seats[i];
	if (l->n > 0) {
		qsort(l->by_subject, l->n, sizeof *l->by_subject, by_subject);
		qsort(l->by_spki, l->n, sizeof *l->by_spki, by_spki);
	}
}

static void
take_services(struct findings *fs, struct look *l)
{
	const struct facts *f = fs->facts;

	l->services = arena_array(fs->arena, f->n_files, sizeof *l->services);
	for (size_t i = 0; i < f->n_connections; i++) {
		const struct connection *c = &f->connections[i];
		if (c->serves) {
			struct service *s = &l->services[c->serves - f->files];
			s->serves = true;
			s->by_name = s->by_name || !c->from_openssl;
		}
		if (c->presents && c->sent)
			l->services[c->presents - f->files].sends = true;
	}
}

struct look *
look_at(struct findings *fs)
{
	if (!fs->look) {
		struct look *l = fs->look = arena_alloc(fs->arena, sizeof *l);
		take_seats(fs, l);
		take_services(fs, l);
		look_find_nears(fs, l);
	}
	return fs->look;
}

static struct slice
seat_subject(const struct seat *s)
{
	return s->cert->subject.raw;
}

static struct slice
seat_spki(const struct seat *s)
{
	return s->cert->spki.raw;
}

static struct seats
find_run(const struct seat *const *sorted, size_t n, struct slice (*of)(const struct seat *), struct slice wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (slice_compare(of(sorted[mid]), wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high < n && slice_eq(of(sorted[high]), wanted);)
		high++;
	return (struct seats){sorted + low, high - low};
}

struct seats
look_subject(const struct look *l, struct slice subject)
{
	return find_run(l->by_subject, l->n, seat_subject, subject);
}

struct seats
look_spki(const struct look *l, struct slice spki)
{
	return find_run(l->by_spki, l->n, seat_spki, spki);
}

const struct service *
look_service(const struct look *l, const struct facts *f, const struct file *file)
{
	return &l->services[file - f->files];
}

bool
look_closed(const struct facts *f)
{
	const struct listing *l = f->listing;

	return !l->error && !entry_may(l->mode, l->uid, l->gid, f->run_as, 1);
}

bool
look_is_leaf(const struct file *file)
{
	return file->row && file->row->is == IS_CERTIFICATE;
}

bool
look_is_ca(const struct file *file)
{
	return file->row && file->row->is == IS_CA;
}

bool
look_is_judged(const struct file *file)
{
	return file->object && (look_is_leaf(file) || look_is_ca(file));
}

bool
look_is_key(const struct file *file)
{
	return file->key_row && file->key_row->is == IS_CERTIFICATE && file->key_row != file->row;
}

bool
look_issued(const struct facts *f, const struct cert *child, const struct cert *parent)
{
	if (child->aki.n > 0 && parent->ski.n > 0)
		return slice_eq(child->aki, parent->ski);
	return f->signatures && chain_signed_by(f->signatures, child, parent);
}

static size_t
next_folded(struct slice s, size_t i, int *c)
{
	/* RFC 5280 7.1 by way of RFC 4518: runs of blanks count as one, ASCII case does not matter. */
	*c = s.p[i];
	if (*c == ' ') {
		while (i + 1 < s.n && s.p[i + 1] == ' ')
			i++;
	} else if (*c >= 'A' && *c <= 'Z') {
		*c += 'a' - 'A';
	}
	return i + 1;
}

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static bool
same_folded(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;

	a = trimmed(a);
	b = trimmed(b);
	while (i < a.n && k < b.n) {
		int x, y;
		i = next_folded(a, i, &x);
		k = next_folded(b, k, &y);
		if (x != y)
			return false;
	}
	return i == a.n && k == b.n;
}

bool
look_same_name(struct arena *arena, const struct name *a, const struct name *b)
{
	if (a->n != b->n || a->n == 0)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct attribute *x = &a->attributes[i], *y = &b->attributes[i];
		if (!slice_eq(x->oid, y->oid) || x->same_set != y->same_set)
			return false;
		if (!same_folded(name_value(arena, x), name_value(arena, y)))
			return false;
	}
	return true;
}

const char *
look_no_issuer(const struct cert *c)
{
	/* Go's CheckSignatureFrom: a version 1 or 2 root passes. */
	if (c->version == 3 && !c->has_basic_constraints)
		return "it has no basicConstraints";
	if (c->has_basic_constraints && !c->is_ca)
		return "its basicConstraints say CA:FALSE";
	if (c->has_key_usage && !(c->key_usage & KU_CERT_SIGN))
		return "its keyUsage lacks keyCertSign";
	return NULL;
}

bool
look_lacks_usage(const struct cert *c, const char *usage)
{
	static const uint8_t any[] = {0x55, 0x1d, 0x25, 0x00}; /* anyExtendedKeyUsage, RFC 5280 4.2.1.12 */

	for (size_t i = 0; i < c->n_eku; i++) {
		if (slice_eq(c->eku[i], (struct slice){any, sizeof any}))
			return false;
	}
	return c->n_eku > 0 && !cert_has_eku(c, usage);
}

bool
look_is_key_label(struct slice label)
{
	static const char end[] = "PRIVATE KEY";
	size_t n = sizeof end - 1;

	return label.n >= n && memcmp(label.p + label.n - n, end, n) == 0 && (label.n == n || label.p[label.n - n - 1] == ' ');
}

static int
place_of(struct findings *fs, const struct file *file)
{
	enum { CERTS_TRIED = 100 };
	const struct object *o = file->object;
	const struct key *key = file->key && file->key->object ? object_key(fs->arena, file->key->object) : NULL;
	struct slice own;

	if (!o || !key || key->flaw != KEY_SOUND || o->n_certs == 0 || !o->certs[0]->usable)
		return PLACE_UNKNOWN;
	own = key_spki(fs->arena, key);
	for (size_t i = 0; i < o->n_certs && i < CERTS_TRIED; i++) {
		const struct cert *c = o->certs[i];
		if (!c->usable)
			continue;
		/* The stacks prove the pair; here the public part that the key carries will do, since that proof is costly. */
		if (own.n > 0 && slice_eq(own, c->spki.raw))
			return (int)i;
		enum key_match m = key_match(key, &c->spki);
		if (m == KEY_MATCHES)
			return (int)i;
		if (i == 0 && m == KEY_UNKNOWN_PUBLIC)
			return PLACE_ODD;
	}
	return PLACE_NONE;
}

int
look_place(struct findings *fs, const struct file *file)
{
	struct service *s = &look_at(fs)->services[file - fs->facts->files];

	if (!s->placed) {
		s->place = place_of(fs, file);
		s->placed = true;
	}
	return s->place;
}
