/* The reader of archives: no fault, names in order, and nothing beyond the limits. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/load.h"
#include "crtlint/object.h"
#include "crtlint/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
look(struct arena *arena, const struct entry *e)
{
	if (e->read != (e->data.p != NULL) || e->data.n > LIMIT_FILE || (e->substituted && !e->read))
		abort();
	if (strlen((const char *)e->raw.p) != e->raw.n || memchr(e->raw.p, '/', e->raw.n))
		abort();
	if (!e->substituted)
		return;
	struct object *o = object_parse(arena, e->data, GO_NEWEST);
	struct key_stand_in stand_in = {e->key_facts, e->content};
	o->stand_in = &stand_in;
	const struct key *key = object_key(arena, o);
	if ((key->flaw == KEY_SOUND) != (key->go_error == NULL) || key->scalar.n > 0)
		abort();
	key_spki(arena, key);
	object_key(arena, object_openssl(arena, o));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new();
	int fd = memfd_create("archive", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	const struct archive *a = load_archive(arena, arena_printf(arena, "/proc/self/fd/%d", fd));
	if ((a->n == 0) != (a->foreign || a->error))
		abort();
	for (size_t i = 0; i < a->n; i++) {
		const struct listing *l = a->list[i];
		for (size_t k = 0; k < l->n; k++) {
			look(arena, &l->entries[k]);
			if (k > 0 && strcmp((const char *)l->entries[k - 1].raw.p, (const char *)l->entries[k].raw.p) >= 0)
				abort();
		}
	}
	close(fd);
	arena_free(arena);
	return 0;
}
