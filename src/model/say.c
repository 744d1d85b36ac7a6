/*
 * What a program says of a file that the system does not give it: in the words of its language.
 */
#include "model.h"

#include <errno.h>
#include <string.h>

#include "crtlint/stack.h"

const char *
file_path(const struct model *m, const char *name)
{
	const char *dir = m->facts->listing->path;
	size_t n = strlen(dir), length = strlen(name), slash = n && dir[n - 1] == '/' ? 0 : 1;
	if (*name == '/' || *name == '.')
		return entry_path(m->arena, dir, name);
	char *out = arena_alloc(m->arena, n + slash + length + 1);
	memcpy(out, dir, n);
	memcpy(out + n, "/", slash);
	memcpy(out + n + slash, name, length);
	return out;
}

/* As Go prints system errors: lower case. The C library's texts may be translated, so these are our own. */
const char *
errno_words(int e)
{
	switch (e) {
	case ENOENT:
		return "no such file or directory";
	case EACCES:
	case EPERM:
		return "permission denied";
	case ENOTDIR:
		return "not a directory";
	case EISDIR:
		return "is a directory";
	case ELOOP:
		return "too many levels of symbolic links";
	case ENXIO:
		return "no such device or address";
	default:
		return "input/output error";
	}
}

/* The C library's words, where the program is no Go program: they begin with a capital. */
const char *
errno_of(const struct stack *stack, int e)
{
	static const char *const capital[][2] = {{"no such file or directory", "No such file or directory"},
	    {"permission denied", "Permission denied"}, {"not a directory", "Not a directory"},
	    {"is a directory", "Is a directory"}, {"too many levels of symbolic links", "Too many levels of symbolic links"},
	    {"no such device or address", "No such device or address"}};
	const char *words = errno_words(e);
	for (size_t i = 0; strcmp(stack->name, "go") && i < sizeof(capital) / sizeof(capital[0]); i++)
		if (strcmp(words, capital[i][0]) == 0)
			return capital[i][1];
	return words;
}

/* The library of the program for which a row is tried. */
const struct stack *
scope_stack(const struct scope *s)
{
	const struct peer *peer = s->peer ? peer_row(s, s->peer) : s->dialer;
	return peer ? peer_stack(s, peer) : stack_find("go");
}
