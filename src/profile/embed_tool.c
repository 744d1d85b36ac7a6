/*
 * embed: write a C file that holds the profiles of rules/ as bytes and defines profile_builtin().
 *
 * Usage: embed OUT.c NAME=PATH...   NAME is the profile's name; the order does not matter.
 * A program of the build, not of crtlint.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static int
write_bytes(FILE *out, const char *path, unsigned index)
{
	FILE *in = fopen(path, "rb");
	size_t n = 0;
	int c;

	if (!in) {
		perror(path);
		return -1;
	}
	fprintf(out, "static const uint8_t bytes_%u[] = {", index);
	for (; (c = fgetc(in)) != EOF; n++)
		fprintf(out, "%s%d,", n % 24 ? "" : "\n\t", c);
	fprintf(out, "\n};\n\n");
	if (ferror(in) || n == 0) {
		fprintf(stderr, "embed: %s: nothing could be read\n", path);
		fclose(in);
		return -1;
	}
	return fclose(in);
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
	qsort(argv + 2, (size_t)argc - 2, sizeof *argv, by_name);
	fprintf(out, "#include \"crtlint/profile.h\"\n\n");
	for (int i = 2; i < argc; i++) {
		char *path = strchr(argv[i], '=');
		if (!path) {
			fprintf(stderr, "embed: '%s' is not NAME=PATH\n", argv[i]);
			return 2;
		}
		*path++ = '\0';
		if (write_bytes(out, path, (unsigned)i - 2) != 0)
			return 1;
	}
	fprintf(out, "static const struct builtin_profile profiles[] = {\n");
	for (int i = 2; i < argc; i++)
		fprintf(out, "\t{\"%s\", {bytes_%d, sizeof bytes_%d}},\n", argv[i], i - 2, i - 2);
	fprintf(out, "};\n\nconst struct builtin_profile *\nprofile_builtin(size_t *n)\n{\n");
	fprintf(out, "\t*n = sizeof profiles / sizeof *profiles;\n\treturn profiles;\n}\n");
	if (ferror(out) || fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
