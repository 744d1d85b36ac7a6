/* A file through a snapshot and back: whoever reads it sees the same blocks and the same key, and finds no base64 of the original. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/load.h"
#include "crtlint/object.h"
#include "crtlint/snapshot.h"
#include "crtlint/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define SAME(a, b)                                                                                                               \
	do {                                                                                                                     \
		if ((a) != (b)) {                                                                                                \
			fprintf(stderr, "%s:%d: " #a "\n", __FILE__, __LINE__);                                                  \
			abort();                                                                                                 \
		}                                                                                                                \
	} while (0)

static const unsigned releases[] = {GO(19, 99), GO(20, 0), GO(23, 99), GO(24, 0), GO_NEWEST};

static void
compare_keys(struct arena *arena, const struct pem *p, const struct pem *q, const struct entry *e)
{
	struct key_stand_in stand_in = {e->key_facts, e->content};

	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		const struct key *a = key_parse(arena, p, releases[i]);
		const struct key *b = e->substituted ? key_parse_stand_in(arena, q, releases[i], &stand_in)
		                                     : key_parse(arena, q, releases[i]);
		SAME(a->flaw, b->flaw);
		SAME(a->form, b->form);
		SAME(a->lax, b->lax);
		SAME(a->type, b->type);
		SAME(a->curve, b->curve);
		SAME(a->bits, b->bits);
		SAME(a->encrypted, b->encrypted);
		SAME(a->blocks, b->blocks);
		SAME(a->line, b->line);
		SAME(!a->go_error, !b->go_error);
		SAME(b->scalar.n, 0U);
	}
}

static void
compare_certs(struct arena *arena, struct slice der, struct slice other)
{
	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		const struct cert *a = cert_parse(arena, der, releases[i]), *b = cert_parse(arena, other, releases[i]);
		SAME(strcmp(a->go_error ? a->go_error : "", b->go_error ? b->go_error : ""), 0);
		if (!a->go_error)
			SAME(slice_eq(a->raw, b->raw), true);
	}
}

static void
compare(struct arena *arena, struct slice in, const struct entry *e)
{
	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct pem p = pem_scan(arena, in, d), q = pem_scan(arena, e->data, d);
		SAME(p.n, q.n);
		SAME(p.too_many, q.too_many);
		SAME(p.skipped, q.skipped);
		SAME(p.flaw, q.flaw);
		SAME(p.flaw_line, q.flaw_line);
		for (size_t i = 0; i < p.n; i++) {
			const struct pem_block *a = &p.blocks[i], *b = &q.blocks[i];
			SAME(a->label.n, b->label.n);
			SAME(a->der.n, b->der.n);
			SAME(a->headers, b->headers);
			SAME(a->encrypted, b->encrypted);
			SAME(a->line, b->line);
			SAME(key_is_private(a->label), key_is_private(b->label));
			SAME(a->cipher, b->cipher);
			if (slice_is(a->label, "CERTIFICATE"))
				compare_certs(arena, a->der, b->der);
		}
		if (d != PEM_OPENSSL) /* nobody asks for those */
			compare_keys(arena, &p, &q, e);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new();
	struct entry e = {
	    .raw = slice_of("f"), .name = "f", .type = ENTRY_FILE, .mode = 0600, .size = n, .read = true, .data = {bytes, n}};
	struct listing l = {.path = "d", .mode = 0755, .entries = &e, .n = 1};
	struct snapshot *s = snapshot_new(arena);
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	if (n > LIMIT_FILE || fd < 0)
		abort();
	snapshot_add(s, &l, "d");
	if (!snapshot_write(s, fd) || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	const struct archive *a = load_archive(arena, arena_printf(arena, "/proc/self/fd/%d", fd));
	SAME(a->n, 1U);
	SAME(a->list[0]->n_notes, 0U);
	SAME(a->list[0]->n, 1U);
	SAME(a->list[0]->entries[0].size, n);
	SAME(a->list[0]->entries[0].data.n, n);
	compare(arena, (struct slice){bytes, n}, &a->list[0]->entries[0]);
	close(fd);
	arena_free(arena);
	return 0;
}
