#include "wipe.h"

#include <stddef.h>
#include <stdint.h>

enum { BYTES = 96 << 10 };

/*
 * Volatile stores instead of a call of explicit_bzero(): when that is bound lazily, the linker saves the vector registers, and a secret
 * in one of them, below the very buffer that is wiped (seen with Ed25519).
 */
void __attribute__((noinline)) wipe_stack(void)
{
	/* Sixteen bytes at once as every machine can, four times a round: this is done for each key. */
	__attribute__((vector_size(16))) uint64_t scratch[BYTES / 16], zero = {0, 0};
	volatile __attribute__((vector_size(16))) uint64_t *p = scratch;

	for (size_t i = 0; i < BYTES / 16; i += 4) {
		p[i] = zero;
		p[i + 1] = zero;
		p[i + 2] = zero;
		p[i + 3] = zero;
	}
}
