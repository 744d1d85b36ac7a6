#include "crtlint/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
enum { REDZONE = 16 };
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { REDZONE = 0 };
#endif

enum {
	ALIGN = 16,
	BLOCK_FIRST = 64 << 10,
	BLOCK_MAX = 1 << 20,
	KEEP = 2 << 20, /* bytes of blocks that outlive a reset */
};

struct block {
	struct block *next;
	size_t size; /* of the mapping */
	size_t used; /* of the mapping, this header included */
};

struct arena {
	struct block *blocks; /* the first is the one that is being filled */
	struct block *spare; /* kept by a reset, wiped */
	size_t next_size;
};

static size_t
round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static _Noreturn void
die(void)
{
	static const char message[] = "crtlint: out of memory\n";

	/* Without stdio: half a report in its buffers must not look like a whole one. */
	ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
	(void)written;
	_exit(3);
}

static struct block *
block_new(size_t size)
{
	struct block *b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		die();
	/* Best effort: a kernel without it still gives an arena. */
	(void)madvise(b, size, MADV_DONTDUMP);
	b->size = size;
	b->used = round_up(sizeof *b, ALIGN);
	POISON((char *)b + b->used, size - b->used);
	return b;
}

static void *
block_take(struct block *b, size_t size, size_t room)
{
	char *p = (char *)b + b->used;
	b->used += room;
	UNPOISON(p, size);
	return p;
}

struct arena *
arena_new(void)
{
	struct block *b = block_new(BLOCK_FIRST);
	struct arena *a = block_take(b, sizeof *a, round_up(sizeof *a, ALIGN) + REDZONE);
	a->blocks = b;
	a->next_size = BLOCK_FIRST * 2;
	return a;
}

static void
blocks_free(struct block *b)
{
	struct block *next;

	for (; b; b = next) {
		next = b->next;
		size_t size = b->size;
		UNPOISON(b, size);
		explicit_bzero(b, b->used); /* the rest was never written */
		munmap(b, size);
	}
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	struct block *blocks = a->blocks; /* a itself lies in one of them */
	blocks_free(a->spare);
	blocks_free(blocks);
}

void
arena_reset(struct arena *a)
{
	size_t header = round_up(sizeof(struct block), ALIGN), kept = 0;
	struct block *home = (struct block *)(void *)((char *)a - header), *next, *spare = a->spare;

	for (struct block *b = spare; b; b = b->next)
		kept += b->size;
	for (struct block *b = a->blocks; b; b = next) {
		next = b->next;
		size_t from = b == home ? header + round_up(sizeof *a, ALIGN) + REDZONE : header;
		if (b != home && (b->size > BLOCK_MAX || kept + b->size > KEEP)) {
			b->next = NULL;
			blocks_free(b);
			continue;
		}
		UNPOISON((char *)b + from, b->used - from);
		explicit_bzero((char *)b + from, b->used - from);
		b->used = from;
		POISON((char *)b + from, b->size - from);
		if (b == home)
			continue;
		kept += b->size;
		b->next = spare;
		spare = b;
	}
	home->next = NULL;
	a->blocks = home;
	a->spare = spare;
}

/* A request of a fair part of a block gets its own, so that the rest of the one being filled is not lost. */
static void *
alloc_slow(struct arena *a, size_t size, size_t room)
{
	size_t header = round_up(sizeof(struct block), ALIGN);

	if (a->spare && header + room <= a->spare->size) {
		struct block *b = a->spare;
		a->spare = b->next;
		b->next = a->blocks;
		a->blocks = b;
		return block_take(b, size, room);
	}
	if (room > a->next_size / 4) {
		struct block *b = block_new(round_up(header + room, 4096));
		b->next = a->blocks->next;
		a->blocks->next = b;
		return block_take(b, size, room);
	}
	struct block *b = block_new(a->next_size);
	if (a->next_size < BLOCK_MAX)
		a->next_size *= 2;
	b->next = a->blocks;
	a->blocks = b;
	return block_take(b, size, room);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	if (size > PTRDIFF_MAX / 2)
		die();
	size_t room = round_up(size ? size : 1, ALIGN) + REDZONE;
	struct block *b = a->blocks;
	return room <= b->size - b->used ? block_take(b, size, room) : alloc_slow(a, size, room);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		die();
	return arena_alloc(a, total);
}

void *
arena_grow(struct arena *a, void *old, size_t used, size_t *capacity, size_t size)
{
	if (used < *capacity)
		return old;
	size_t want = used < 4 ? 8 : used;
	if (used >= 4 && __builtin_mul_overflow(used, (size_t)2, &want))
		die();
	void *p = arena_array(a, want, size);
	if (used > 0)
		memcpy(p, old, used * size);
	*capacity = want;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	if (n == SIZE_MAX)
		die();
	char *p = arena_alloc(a, n + 1);
	if (n > 0)
		memcpy(p, s, n);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	char small[256];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (n < 0)
		die();
	if ((size_t)n < sizeof small)
		return arena_strndup(a, small, (size_t)n);
	char *p = arena_alloc(a, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return p;
}
