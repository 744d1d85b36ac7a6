#include "crtlint/pem.h"

#include "crtlint/limits.h"
#include "pem_scan.h"

size_t
pem_find(struct slice file, size_t from, const char *text)
{
	const uint8_t *at = from < file.n ? memmem(file.p + from, file.n - from, text, strlen(text)) : NULL;

	return at ? (size_t)(at - file.p) : PEM_NONE;
}

bool
pem_has(struct slice file, size_t at, const char *text)
{
	/* Asked of every line, and few begin so. */
	if (*text && (at >= file.n || file.p[at] != (uint8_t)*text))
		return false;

	size_t n = strlen(text);

	return at <= file.n && file.n - at >= n && memcmp(file.p + at, text, n) == 0;
}

struct slice
pem_piece(struct slice file, size_t from, size_t to)
{
	return (struct slice){file.p ? file.p + from : NULL, to - from};
}

struct slice
pem_line(struct slice file, size_t from, size_t *next)
{
	const uint8_t *newline = from < file.n ? memchr(file.p + from, '\n', file.n - from) : NULL;
	size_t end = newline ? (size_t)(newline - file.p) : file.n;

	*next = newline ? end + 1 : end;
	if (newline && end > from && file.p[end - 1] == '\r')
		end--;
	while (end > from && (file.p[end - 1] == ' ' || file.p[end - 1] == '\t'))
		end--;
	return pem_piece(file, from, end);
}

bool
pem_add(struct pem_scan *s, size_t begin, struct pem_block block)
{
	struct pem *out = s->out;

	if (out->n == LIMIT_BLOCKS) {
		out->too_many = true;
		s->end = begin;
		return false;
	}
	for (; s->counted < begin; s->counted++)
		s->line += s->file.p[s->counted] == '\n';
	block.line = s->line;
	out->blocks = arena_grow(s->arena, out->blocks, out->n, &s->capacity, sizeof *out->blocks);
	out->blocks[out->n++] = block;
	return true;
}

static struct slice
trim(struct slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
		s.n--;
	return s;
}

void
pem_header(struct slice line, struct pem_block *block)
{
	const uint8_t *colon = memchr(line.p, ':', line.n);
	size_t at = colon ? (size_t)(colon - line.p) : line.n;

	if (!colon)
		return;
	struct slice name = trim(pem_piece(line, 0, at));
	if (slice_is(name, "Proc-Type") && slice_is(trim(pem_piece(line, at + 1, line.n)), "4,ENCRYPTED"))
		block->encrypted = true;
	if (slice_is(name, "DEK-Info")) {
		block->cipher = true;
		if (block->encrypted)
			block->dek_info = trim(pem_piece(line, at + 1, line.n));
	}
}

struct pem
pem_scan(struct arena *arena, struct slice file, enum pem_dialect dialect)
{
	struct pem out = {0};
	struct pem_scan s = {.arena = arena, .file = file, .dialect = dialect, .out = &out, .line = 1, .end = file.n};

	switch (dialect) {
	case PEM_GO:
		pem_go_scan(&s);
		break;
	case PEM_GO_1253:
	case PEM_GO_1254:
		pem_go_end_first(&s);
		break;
	case PEM_OPENSSL:
		pem_openssl_scan(&s);
		break;
	}
	pem_diagnose(&s);
	return out;
}
