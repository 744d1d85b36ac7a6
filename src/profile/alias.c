#include "alias.h"

#include <string.h>

enum { ANCHORS = 256 /* of one file: each alias is compared with them */ };

bool
anchors_add(struct arena *a, struct anchors *all, const char *name, struct node *node)
{
	if (all->n == ANCHORS)
		return false;
	all->list = arena_grow(a, all->list, all->n, &all->capacity, sizeof *all->list);
	all->list[all->n++] = (struct anchor){name, node};
	return true;
}

struct node *
anchors_find(const struct anchors *all, const char *name)
{
	for (size_t i = all->n; i > 0; i--)
		if (strcmp(all->list[i - 1].name, name) == 0)
			return all->list[i - 1].node;
	return NULL;
}

static struct node *
copy_one(struct arena *a, const struct node *n, unsigned *left)
{
	if (*left == 0)
		return NULL;
	(*left)--;
	struct node *out = arena_alloc(a, sizeof *out);
	*out = *n;
	out->next = NULL;
	return out;
}

struct node *
alias_copy(struct arena *a, const struct node *n, size_t depth, unsigned *left)
{
	struct node *out = copy_one(a, n, left), **end;

	if (!out || (n->kind != NODE_TEXT && depth == 0))
		return NULL;
	out->first = NULL;
	end = &out->first;
	for (const struct node *m = n->first; m; m = m->next) {
		if (!(*end = alias_copy(a, m, depth - 1, left)))
			return NULL;
		end = &(*end)->next;
	}
	return out;
}

static bool
has_key(const struct node *map, const char *key)
{
	for (const struct node *m = map->first; m; m = m->next)
		if (strcmp(m->key, key) == 0)
			return true;
	return false;
}

/* What the members hold is shared: nothing of it is written to any more. */
static bool
merge_map(struct arena *a, struct node *map, const struct node *from, unsigned *left)
{
	for (const struct node *m = from->first; m; m = m->next) {
		if (has_key(map, m->key))
			continue;
		struct node *one = copy_one(a, m, left), *last = map->first;
		if (!one)
			return false;
		while (last->next)
			last = last->next;
		last->next = one;
	}
	return true;
}

bool
alias_merge(struct arena *a, struct node *map, unsigned *left)
{
	const struct node *under = map->first;

	while (under && strcmp(under->key, "<<") != 0)
		under = under->next;
	if (!under || under->kind == NODE_TEXT)
		return true;
	if (under->kind == NODE_MAP)
		return merge_map(a, map, under, left);
	for (const struct node *m = under->first; m; m = m->next)
		if (m->kind == NODE_MAP && !merge_map(a, map, m, left))
			return false;
	return true;
}
