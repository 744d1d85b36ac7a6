#include "crtlint/text.h"

#include <stdio.h>
#include <string.h>

/* Room for n more bytes and the NUL. */
static char *
buf_room(struct buf *b, size_t n)
{
	size_t need = b->n + n + 1;

	if (need > b->capacity) {
		size_t want = b->capacity < 64 ? 64 : b->capacity * 2;
		if (want < need)
			want = need;
		char *p = arena_alloc(b->arena, want);
		if (b->n > 0)
			memcpy(p, b->p, b->n);
		b->p = p;
		b->capacity = want;
	}
	return b->p + b->n;
}

static void
buf_append(struct buf *b, const char *s, size_t n)
{
	memcpy(buf_room(b, n), s, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

void
buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	size_t room = b->capacity - b->n;
	int n = vsnprintf(b->p ? b->p + b->n : NULL, b->p ? room : 0, format, args);
	if (n >= 0 && (size_t)n >= room)
		vsnprintf(buf_room(b, (size_t)n), (size_t)n + 1, format, again);
	va_end(again);
	if (n > 0)
		b->n += (size_t)n;
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

void
buf_bytes(struct buf *b, struct slice bytes)
{
	buf_add(b, text_safe(b->arena, bytes, TEXT_VALUE));
}

void
buf_part(struct buf *b, struct slice part)
{
	buf_append(b, (const char *)part.p, part.n);
}

const char *
buf_text(const struct buf *b)
{
	return b->p ? b->p : "";
}
