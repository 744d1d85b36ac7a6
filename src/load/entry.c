#include "crtlint/entry.h"

#include <string.h>

#include "crtlint/text.h"

bool
entry_may(uint32_t mode, uint32_t owner, uint32_t group, struct identity who, unsigned bits)
{
	if (who.uid == 0)
		return true;
	/* The first class that fits decides alone: an owner without a bit does not get it from the group (POSIX 4.5). */
	unsigned shift = who.uid == owner ? 6 : who.gid == group ? 3 : 0;
	return (mode >> shift & bits) == bits;
}

const char *
entry_path(struct arena *arena, const char *directory, const char *name)
{
	size_t n = strlen(directory);

	if (*name == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0)
		return name;
	return arena_printf(arena, "%s%s%s", directory, n > 0 && directory[n - 1] == '/' ? "" : "/", name);
}

const struct entry *
listing_find(const struct listing *listing, const char *name)
{
	size_t low = 0, high = listing->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp((const char *)listing->entries[middle].raw.p, name);
		if (order == 0)
			return &listing->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
