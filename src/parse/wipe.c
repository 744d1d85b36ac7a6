#include "wipe.h"

#include <stddef.h>
#include <stdint.h>

enum { WORDS = (96 << 10) / sizeof(uint64_t) };

/*
 * Volatile stores instead of a call of explicit_bzero(): when that is bound lazily, the linker saves the vector registers, and a secret
 * in one of them, below the very buffer that is wiped (seen with Ed25519).
 */
void __attribute__((noinline)) wipe_stack(void)
{
	uint64_t scratch[WORDS];
	volatile uint64_t *p = scratch;

	for (size_t i = 0; i < WORDS; i++)
		p[i] = 0;
}
