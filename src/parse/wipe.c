#include "wipe.h"

#include <stdint.h>

/*
 * Volatile stores instead of a call of explicit_bzero(): when that is bound lazily, the linker saves the vector registers, and a secret
 * in one of them, below the very buffer that is wiped (seen with Ed25519).
 */
void __attribute__((noinline)) wipe_stack(size_t bytes)
{
	/* Sixteen bytes at once as every machine can, four times a round: this is done for each key. The stack grows downwards, so that
	 * the end of the buffer is what was used first. */
	__attribute__((vector_size(16))) uint64_t scratch[WIPE_DEEP / 16], zero = {0, 0};
	volatile __attribute__((vector_size(16))) uint64_t *p = scratch;

	for (size_t i = (WIPE_DEEP - bytes) / 16; i < WIPE_DEEP / 16; i += 4) {
		p[i] = zero;
		p[i + 1] = zero;
		p[i + 2] = zero;
		p[i + 3] = zero;
	}
}
