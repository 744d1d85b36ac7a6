/* A tree of all labels so far; a node's children are a list, since there are few. */
#include "labels.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct node {
	uint32_t child, next; /* 0: none */
	uint8_t byte, stand_in;
};

struct labels {
	struct arena *arena;
	struct node *nodes; /* the first is the root */
	size_t n, capacity;
	uint32_t at;
};

struct labels *
labels_new(struct arena *arena, const char *const *words, size_t n)
{
	struct labels *l = arena_alloc(arena, sizeof *l);

	l->arena = arena;
	l->nodes = arena_grow(arena, NULL, 0, &l->capacity, sizeof *l->nodes);
	l->nodes[l->n++] = (struct node){0};
	for (size_t i = 0; i < n; i++) {
		labels_start(l);
		for (const char *c = words[i]; *c; c++)
			labels_step(l, (uint8_t)*c, true);
	}
	return l;
}

void
labels_start(struct labels *l)
{
	l->at = 0;
}

uint8_t
labels_blank(uint8_t c)
{
	if (c == 0 || c == ' ' || (c >= '\t' && c <= '\r') || c == '-' || c == '=' || c == ':')
		return c;
	if (c >= 0x80)
		return 0x80;
	if (c < ' ')
		return 0x01;
	return memchr(digits, c, sizeof digits - 1) ? 'A' : '!';
}

static bool
is_taken(const struct labels *l, uint8_t stand_in)
{
	for (uint32_t i = l->nodes[l->at].child; i; i = l->nodes[i].next)
		if (l->nodes[i].stand_in == stand_in)
			return true;
	return false;
}

/* The first of its class that stands for no sibling; there are as many as there can be siblings. */
static uint8_t
choose(const struct labels *l, uint8_t c)
{
	uint8_t class = labels_blank(c);

	for (size_t i = 0; class == 'A' && i < sizeof digits - 1; i++)
		if (!is_taken(l, (uint8_t)digits[i]))
			return (uint8_t)digits[i];
	for (unsigned i = class; class != 'A' && i < 256; i++)
		if (labels_blank((uint8_t)i) == class && !is_taken(l, (uint8_t)i))
			return (uint8_t)i;
	return class;
}

uint8_t
labels_step(struct labels *l, uint8_t c, bool same)
{
	uint32_t i = l->nodes[l->at].child;

	while (i && l->nodes[i].byte != c)
		i = l->nodes[i].next;
	if (!i) {
		struct node node = {
		    .next = l->nodes[l->at].child, .byte = c, .stand_in = same && !is_taken(l, c) ? c : choose(l, c)};
		l->nodes = arena_grow(l->arena, l->nodes, l->n, &l->capacity, sizeof *l->nodes);
		l->nodes[l->n] = node;
		i = l->nodes[l->at].child = (uint32_t)l->n++;
	}
	l->at = i;
	return l->nodes[i].stand_in;
}
