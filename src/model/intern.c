#include "intern.h"

#include <string.h>

struct table {
	struct arena *arena;
	size_t key, n, slots; /* slots: a power of two, at most half of them taken */
	unsigned char *keys;
	uint32_t *values;
	bool *taken;
};

static uint64_t
mix(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * 0x100000001b3;
	return hash;
}

static void
table_room(struct table *t, size_t slots)
{
	t->slots = slots;
	t->keys = arena_array(t->arena, slots, t->key);
	t->values = arena_array(t->arena, slots, sizeof(*t->values));
	t->taken = arena_array(t->arena, slots, sizeof(*t->taken));
}

struct table *
table_new(struct arena *a, size_t key)
{
	struct table *t = arena_alloc(a, sizeof(*t));
	*t = (struct table){.arena = a, .key = key};
	table_room(t, 64);
	return t;
}

static size_t
table_slot(const struct table *t, const void *key)
{
	uint64_t hash = mix(0xcbf29ce484222325, key, t->key);
	size_t i = (size_t)(hash ^ hash >> 29) & (t->slots - 1);
	while (t->taken[i] && memcmp(t->keys + i * t->key, key, t->key) != 0)
		i = (i + 1) & (t->slots - 1);
	return i;
}

uint32_t *
table_at(struct table *t, const void *key)
{
	if ((t->n + 1) * 2 > t->slots) {
		struct table old = *t;
		table_room(t, old.slots * 2);
		for (size_t i = 0; i < old.slots; i++) {
			if (!old.taken[i])
				continue;
			size_t to = table_slot(t, old.keys + i * t->key);
			memcpy(t->keys + to * t->key, old.keys + i * t->key, t->key);
			t->values[to] = old.values[i];
			t->taken[to] = true;
		}
	}
	size_t i = table_slot(t, key);
	if (!t->taken[i]) {
		memcpy(t->keys + i * t->key, key, t->key);
		t->taken[i] = true;
		t->n++;
	}
	return &t->values[i];
}

struct known {
	struct certs certs;
	uint64_t hash;
	struct known *next;
};

enum { BUCKETS = 1024 };

struct interned {
	struct arena *arena;
	struct known *buckets[BUCKETS];
};

struct interned *
interned_new(struct arena *a)
{
	struct interned *in = arena_alloc(a, sizeof(*in));
	in->arena = a;
	return in;
}

/* One that was not read whole is equal to itself alone: what is said of it is not in the bytes kept. */
static bool
same(const struct cert *a, const struct cert *b)
{
	return a == b || (!a->go_error && !b->go_error && a->usable && b->usable && a->raw.n > 0 && slice_eq(a->raw, b->raw));
}

static bool
equal(const struct certs *a, const struct certs *b)
{
	for (size_t i = 0; i < a->n && a->n == b->n; i++)
		if (!same(a->list[i], b->list[i]))
			return false;
	return a->n == b->n;
}

const struct certs *
interned_certs(struct interned *in, const struct certs *certs)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (size_t i = 0; i < certs->n; i++)
		hash = mix(hash, certs->list[i]->raw.p, certs->list[i]->raw.n);
	struct known **bucket = &in->buckets[(hash ^ hash >> 32) % BUCKETS];
	for (struct known *k = *bucket; k; k = k->next)
		if (k->hash == hash && equal(&k->certs, certs))
			return &k->certs;
	struct known *k = arena_alloc(in->arena, sizeof(*k));
	*k = (struct known){*certs, hash, *bucket};
	*bucket = k;
	return &k->certs;
}

struct text {
	const char *text;
	uint64_t hash;
	struct text *next;
};

struct texts {
	struct arena *arena;
	struct text *buckets[BUCKETS];
};

struct texts *
texts_new(struct arena *a)
{
	struct texts *t = arena_alloc(a, sizeof(*t));
	t->arena = a;
	return t;
}

const char *
texts_keep(struct texts *t, const char *text)
{
	if (!text)
		return NULL;
	uint64_t hash = mix(0xcbf29ce484222325, text, strlen(text));
	struct text **bucket = &t->buckets[(hash ^ hash >> 32) % BUCKETS];
	for (struct text *k = *bucket; k; k = k->next)
		if (k->hash == hash && strcmp(k->text, text) == 0)
			return k->text;
	struct text *k = arena_alloc(t->arena, sizeof(*k));
	*k = (struct text){arena_strdup(t->arena, text), hash, *bucket};
	*bucket = k;
	return k->text;
}
