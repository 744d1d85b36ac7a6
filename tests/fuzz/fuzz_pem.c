/* The PEM reader in every dialect: no fault, and blocks that stand in the order of the file. */
#include <stdlib.h>

#include "crtlint/limits.h"
#include "crtlint/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct arena *arena = arena_new();
		struct pem pem = pem_scan(arena, (struct slice){bytes, n}, d);

		if (pem.n > LIMIT_BLOCKS || (pem.n == 0 && pem.flaw == PEM_SOUND) || (pem.skipped > 0) != (pem.flaw_line > 0))
			abort();
		for (size_t i = 0; i < pem.n; i++) {
			const struct pem_block *b = &pem.blocks[i];
			if (b->line == 0 || b->der.n > n || b->label.p < bytes || b->label.p + b->label.n > bytes + n)
				abort();
			if (i > 0 && (b->line < b[-1].line || b->label.p <= b[-1].label.p))
				abort();
		}
		if (!pem_flaw_text(pem.flaw))
			abort();
		arena_free(arena);
	}
	return 0;
}
