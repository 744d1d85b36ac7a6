/* Any bytes as a pasted message, against the table and the profiles that are compiled in. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crtlint/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct messages *
known(void)
{
	static const struct messages *messages;
	const struct builtin_profile *all;
	const struct profile *profiles[8];
	struct errors errors = {0};
	struct arena *arena;
	size_t n, used = 0;

	if (messages)
		return messages;
	errors.arena = arena = arena_new();
	all = profile_builtin(&n);
	for (size_t i = 0; i < n && used < 8; i++)
		if ((profiles[used] = profile_read(arena, all[i].name, all[i].yaml, &errors)))
			used++;
	return messages = messages_new(arena, profiles, used);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new();
	struct slice text = {bytes, n};
	struct matches found = messages_match(arena, known(), text);
	const char *plain = message_plain(arena, text);

	if (strlen(plain) > n || (found.n && !*plain) || found.wrappers > found.n)
		__builtin_trap();
	for (size_t i = 0; i < found.n; i++)
		if (found.list[i].message->wraps != (i >= found.wrappers) || found.list[i].from >= found.list[i].to)
			__builtin_trap();
	matches_side(&found);
	arena_free(arena);
	return 0;
}
