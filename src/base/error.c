#include "crtlint/error.h"

#include <stdarg.h>
#include <stdio.h>

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
