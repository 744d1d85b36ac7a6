/* Any bytes as a profile; what binds is matched against a name, as the model would. */
#include <stddef.h>
#include <stdint.h>

#include "crtlint/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new();
	struct errors errors = {.arena = arena};
	const struct profile *p = profile_read(arena, "fuzz.yaml", (struct slice){bytes, n}, &errors);
	struct binds binds;

	if ((p != NULL) != (errors.n == 0))
		__builtin_trap();
	for (size_t i = 0; p && i < p->n_files; i++)
		for (size_t j = 0; j < p->files[i].patterns.n; j++)
			pattern_match(p, p->files[i].patterns.list[j], slice_of("client.a.b.crt"), &binds);
	arena_free(arena);
	return 0;
}
