#include "crtlint/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "crtlint/text.h"

void
error_add(struct errors *errors, const char *path, struct loc loc, const char *format, ...)
{
	struct buf text = {.arena = errors->arena};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	errors->list = arena_grow(errors->arena, errors->list, errors->n, &errors->capacity, sizeof *errors->list);
	errors->list[errors->n++] = (struct error){.path = path, .loc = loc, .text = buf_text(&text)};
}

static int
by_place(const void *x, const void *y)
{
	const struct error *a = x, *b = y;

	if (a->loc.line != b->loc.line)
		return a->loc.line < b->loc.line ? -1 : 1;
	return a->loc.column < b->loc.column ? -1 : a->loc.column > b->loc.column;
}

void
error_sort(struct errors *errors, size_t from)
{
	if (errors->n > from)
		qsort(errors->list + from, errors->n - from, sizeof *errors->list, by_place);
}
