/* Symbolic links of an archive, followed in it by hand as the kernel would with RESOLVE_BENEATH. */
#include <string.h>

#include "crtlint/limits.h"
#include "tree.h"

struct walk {
	struct arena *arena;
	char *at; /* the directory reached, without a slash at its end */
	size_t n;
	const char *rest; /* what is still to be followed */
	unsigned links;
};

static struct slice
at_of(const struct walk *w)
{
	return (struct slice){(const uint8_t *)w->at, w->n};
}

static void
go_up(struct walk *w)
{
	const char *slash = memrchr(w->at, '/', w->n);

	w->n = slash ? (size_t)(slash - w->at) : 0;
}

static void
go_down(struct walk *w, const char *name, size_t n)
{
	char *at = arena_alloc(w->arena, w->n + n + 2);
	size_t used = w->n;

	memcpy(at, w->at, w->n);
	if (used > 0)
		at[used++] = '/';
	memcpy(at + used, name, n);
	w->at = at;
	w->n = used + n;
}

struct reached
tree_follow(struct tree *t, struct slice directory, const char *text)
{
	struct walk w = {.arena = t->tar->arena, .rest = text, .n = directory.n};
	struct reached out = {0};
	const struct node *node = tree_find(t, directory);

	w.at = arena_strndup(w.arena, directory.n ? (const char *)directory.p : "", directory.n);
	if (text[0] == '\0')
		return out;
	while (*w.rest) {
		size_t n = strcspn(w.rest, "/");
		const char *name = w.rest;
		if (name[0] == '/' && name == text) {
			out.outside = true;
			return out;
		}
		w.rest += n + strspn(w.rest + n, "/");
		if (n == 0 || (n == 1 && name[0] == '.'))
			continue;
		if (!node || node->member->type != ENTRY_DIRECTORY)
			return out;
		if (n == 2 && memcmp(name, "..", 2) == 0) {
			out.outside = out.outside || slice_eq(at_of(&w), directory);
			if (w.n == 0)
				return out;
			go_up(&w);
			node = tree_find(t, at_of(&w));
			continue;
		}
		struct walk before = w;
		go_down(&w, name, n);
		node = tree_find(t, at_of(&w));
		if (!node)
			return out;
		if (node->member->is_link) {
			const char *link = node->member->link;
			if (++w.links > LIMIT_LINKS) {
				out.loop = true;
				return out;
			}
			if (link[0] == '/' || link[0] == '\0') {
				out.outside = link[0] == '/';
				return out;
			}
			before.links = w.links;
			before.rest = arena_printf(w.arena, "%s%s%s", link, *w.rest ? "/" : "", w.rest);
			w = before;
			node = tree_find(t, at_of(&w));
			text = NULL;
		}
	}
	out.node = node;
	/* "../certs/ca.crt" in certs comes back */
	if (out.outside && node && slice_eq(node->parent, directory))
		out.outside = false;
	return out;
}
