/*
 * embed: write a C file that holds the profiles of rules/, as bytes and as the trees that tree.c reads out of them, and defines
 * profile_builtin(). A start of crtlint then costs no YAML.
 *
 * Usage: embed OUT.c NAME=PATH...   NAME is the profile's name; the order does not matter.
 * A program of the build, not of crtlint.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/limits.h"
#include "tree.h"

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static struct slice
read_whole(struct arena *arena, const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *p = arena_alloc(arena, LIMIT_PROFILE + 1);
	struct slice out = {p, 0};

	if (in)
		out.n = fread(p, 1, LIMIT_PROFILE + 1, in);
	if (!in || ferror(in) || fclose(in) != 0 || out.n == 0) {
		perror(path);
		exit(1);
	}
	return out;
}

static void
write_bytes(FILE *out, struct slice bytes, unsigned index)
{
	fprintf(out, "static const uint8_t bytes_%u[] = {", index);
	for (size_t i = 0; i < bytes.n; i++)
		fprintf(out, "%s%d,", i % 24 ? "" : "\n\t", bytes.p[i]);
	fprintf(out, "\n};\n\n");
}

static void
write_text(FILE *out, const char *field, const char *text)
{
	if (!text)
		return;
	fprintf(out, ", .%s = \"", field);
	for (; *text; text++)
		fprintf(out, strchr("\"\\?", *text) || *text < ' ' || *text > '~' ? "\\%03o" : "%c", (unsigned char)*text);
	fprintf(out, "\"");
}

/* Members stand one behind the other; what lies in a member follows all of them. at: where this list of members begins; the first number
 * that is free behind the tree is returned. */
static unsigned
write_nodes(FILE *out, const struct node *first, unsigned index, unsigned at)
{
	unsigned below = at;

	for (const struct node *n = first; n; n = n->next)
		below++;
	unsigned behind = below;
	for (const struct node *n = first; n; n = n->next, at++) {
		fprintf(out, "\t[%u] = {.kind = %d, .loc = {%u, %u}, .quoted = %d, .key_loc = {%u, %u}", at, (int)n->kind,
		    n->loc.line, n->loc.column, n->quoted, n->key_loc.line, n->key_loc.column);
		write_text(out, "text", n->text);
		write_text(out, "key", n->key);
		if (n->next)
			fprintf(out, ", .next = (struct node *)&nodes_%u[%u]", index, at + 1);
		if (n->first)
			fprintf(out, ", .first = (struct node *)&nodes_%u[%u]", index, behind);
		fprintf(out, "},\n");
		if (n->first)
			behind = write_nodes(out, n->first, index, behind);
	}
	return behind;
}

static unsigned
count_nodes(const struct node *first)
{
	unsigned n = 0;

	for (; first; first = first->next)
		n += 1 + count_nodes(first->first);
	return n;
}

static void
write_profile(FILE *out, struct arena *arena, const char *path, unsigned index)
{
	struct errors errors = {.arena = arena};
	struct slice yaml = read_whole(arena, path);
	const struct node *tree = tree_read(arena, path, yaml, &errors);

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s:%u:%u: error: %s\n", path, errors.list[i].loc.line, errors.list[i].loc.column,
		    errors.list[i].text);
	if (!tree || errors.n > 0)
		exit(1);
	write_bytes(out, yaml, index);
	fprintf(out, "static const struct node nodes_%u[%u] = {\n", index, count_nodes(tree));
	write_nodes(out, tree, index, 0);
	fprintf(out, "};\n\n");
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: embed OUT.c NAME=PATH...\n");
		return 2;
	}
	FILE *out = fopen(argv[1], "w");
	if (!out) {
		perror(argv[1]);
		return 1;
	}
	struct arena *arena = arena_new();
	qsort(argv + 2, (size_t)argc - 2, sizeof *argv, by_name);
	fprintf(out, "#include \"crtlint/profile.h\"\n#include \"profile/tree.h\"\n\n");
	for (int i = 2; i < argc; i++) {
		char *path = strchr(argv[i], '=');
		if (!path) {
			fprintf(stderr, "embed: '%s' is not NAME=PATH\n", argv[i]);
			return 2;
		}
		*path++ = '\0';
		write_profile(out, arena, path, (unsigned)i - 2);
	}
	fprintf(out, "static const struct builtin_profile profiles[] = {\n");
	for (int i = 2; i < argc; i++)
		fprintf(out, "\t{\"%s\", {bytes_%d, sizeof bytes_%d}, nodes_%d},\n", argv[i], i - 2, i - 2, i - 2);
	fprintf(out, "};\n\nconst struct builtin_profile *\nprofile_builtin(size_t *n)\n{\n");
	fprintf(out, "\t*n = sizeof profiles / sizeof *profiles;\n\treturn profiles;\n}\n");
	arena_free(arena);
	if (ferror(out) || fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
