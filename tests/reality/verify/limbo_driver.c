/*
 * limbo_driver: answers certificate path questions from standard input, one a line, on standard output.
 *
 * A question: id, stack, Go release, seconds since 1970, a fraction or not, "server" or "client", host or "-", roots, intermediates, leaf; separated
 * by tabs, the last three as PEM with "|" for each line end. An answer: id, SUCCESS, FAILURE or UNJUDGED, error; separated by tabs.
 * The question is whether the chain is good: a key with which no handshake can be made is refused after that, and answered SUCCESS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/stack.h"

enum { FIELDS = 9 };

static struct object *
object_of(struct arena *arena, char *field, const struct stack *stack, unsigned go)
{
	struct object *o;

	for (char *p = field; *p; p++)
		if (*p == '|')
			*p = '\n';
	o = object_parse(arena, slice_of(field), go);
	return strcmp(stack->name, "go") == 0 ? o : object_openssl(arena, o);
}

static void
append(struct arena *arena, const struct object *o, bool go, struct certs *to)
{
	size_t capacity = to->n;

	for (size_t i = 0; i < o->n_certs; i++) {
		if (go ? o->certs[i]->go_error != NULL : !o->certs[i]->usable)
			continue;
		to->list = arena_grow(arena, to->list, to->n, &capacity, sizeof(*to->list));
		to->list[to->n++] = o->certs[i];
	}
}

static void
answer(char **f)
{
	const struct stack *stack = stack_find(f[1]);
	unsigned go = (unsigned)strtoul(f[2], NULL, 10);
	struct arena *arena = arena_new();
	bool is_go = strcmp(stack->name, "go") == 0;
	struct certs chain = {0}, pool = {0};
	struct object *leaf = object_of(arena, f[8], stack, go);
	struct refusal r = {.cause = CAUSE_MALFORMED, .error = "no leaf"};

	append(arena, leaf, is_go, &chain);
	if (chain.n == 1 && leaf->n_certs == 1) {
		append(arena, object_of(arena, f[7], stack, go), is_go, &chain);
		append(arena, object_of(arena, f[6], stack, go), is_go, &pool);
		char *fraction;
		int64_t now = strtoll(f[3], &fraction, 10);

		r = stack->verify(&(struct verify_ask){
		    .arena = arena,
		    .signatures = signatures_new(arena),
		    .chain = &chain,
		    .pool = &pool,
		    .host = strcmp(f[5], "-") ? f[5] : NULL,
		    .usage = strcmp(f[4], "client") ? USAGE_SERVER : USAGE_CLIENT,
		    .now = now,
		    .part = *fraction == '.',
		    .go = go,
		});
	} else if (leaf->n_certs && leaf->certs[0]->go_error) {
		r.error = leaf->certs[0]->go_error;
	}
	printf("%s\t%s\t%s%s%s\n", f[0],
	    r.cause == CAUSE_NONE || r.cause == CAUSE_KEY_UNUSABLE ? "SUCCESS"
	    : r.cause == CAUSE_UNJUDGED                            ? "UNJUDGED"
	                                                           : "FAILURE",
	    r.error ? r.error : "", r.cause && r.detail ? " | " : "", r.cause && r.detail ? r.detail : "");
	arena_free(arena);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		char *f[FIELDS], *rest = line;
		int n = 0;

		line[strcspn(line, "\n")] = '\0';
		while (n < FIELDS && rest)
			f[n++] = strsep(&rest, "\t");
		if (n == FIELDS && stack_find(f[1]))
			answer(f);
	}
	free(line);
	return 0;
}
