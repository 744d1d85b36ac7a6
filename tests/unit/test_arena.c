#undef _FORTIFY_SOURCE /* its inline functions would stand in for the one below */

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crtlint/arena.h"

/* In place of libc's: tells which byte was wiped, and that it still was mapped then. */
static const char *watched;
static int watched_wiped;

void
explicit_bzero(void *p, size_t n)
{
	uintptr_t at = (uintptr_t)watched, from = (uintptr_t)p;

	if (watched && at >= from && at - from < n && *watched == 's')
		watched_wiped++;
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

/* What _FORTIFY_SOURCE calls instead. */
void __explicit_bzero_chk(void *, size_t, size_t);

void
__explicit_bzero_chk(void *p, size_t n, size_t room)
{
	(void)room;
	explicit_bzero(p, n);
}

static bool
all(const unsigned char *p, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != byte)
			return false;
	}
	return true;
}

START_TEST(every_size)
{
	struct arena *a = arena_new();
	unsigned char *old = NULL;
	size_t old_size = 0;

	for (size_t size = 0; size < 3000000; size = size < 100 ? size + 1 : size * 3 / 2) {
		unsigned char *p = arena_alloc(a, size);
		ck_assert_msg((uintptr_t)p % 16 == 0, "size %zu: not aligned", size);
		ck_assert_msg(p != old, "size %zu: not distinct", size);
		ck_assert_msg(all(p, size, 0), "size %zu: not zeroed", size);
		memset(p, 0xa5, size);
		ck_assert_msg(all(old, old_size, 0xa5), "size %zu: overlaps the next", old_size);
		old = p;
		old_size = size;
	}
	arena_free(a);
	arena_free(NULL);
}
END_TEST

START_TEST(small_after_big)
{
	struct arena *a = arena_new();
	char *x = arena_alloc(a, 16);
	arena_alloc(a, 1 << 20);
	char *y = arena_alloc(a, 16);

	ck_assert_msg(y > x && y - x <= 64, "a big request ended the block being filled");
	arena_free(a);
}
END_TEST

START_TEST(grow)
{
	struct arena *a = arena_new();
	unsigned *list = NULL;
	size_t capacity = 0;

	for (unsigned i = 0; i < 10000; i++) {
		unsigned *before = list;
		size_t room = capacity;
		list = arena_grow(a, list, i, &capacity, sizeof *list);
		if (capacity <= i || (i < room && list != before))
			ck_abort_msg("element %u: capacity %zu", i, capacity);
		list[i] = i;
	}
	for (unsigned i = 0; i < 10000; i++) {
		if (list[i] != i)
			ck_abort_msg("element %u is lost", i);
	}
	arena_free(a);
}
END_TEST

START_TEST(strings)
{
	struct arena *a = arena_new();
	char big[1000];

	ck_assert_str_eq(arena_strdup(a, "node"), "node");
	ck_assert_str_eq(arena_strdup(a, ""), "");
	ck_assert_str_eq(arena_strndup(a, "node.crt", 4), "node");
	ck_assert_str_eq(arena_strndup(a, NULL, 0), "");
	ck_assert_str_eq(arena_printf(a, "%s.%d", "client", 7), "client.7");
	for (size_t n = 254; n < 259; n++) {
		memset(big, 'x', n);
		big[n] = '\0';
		ck_assert_str_eq(arena_printf(a, "%s", big), big);
	}
	arena_free(a);
}
END_TEST

START_TEST(wiped)
{
	static const size_t sizes[] = {8, 40000, 3 << 20};
	struct arena *a = arena_new();
	char *secret = NULL;

	for (int i = 0; i <= _i; i++) {
		secret = arena_alloc(a, sizes[i]);
		memset(secret, 's', sizes[i]);
	}
	watched = secret + sizes[_i] - 1;
	watched_wiped = 0;
	arena_free(a);
	watched = NULL;
	ck_assert_msg(watched_wiped == 1, "last byte of %zu wiped %d times", sizes[_i], watched_wiped);
}
END_TEST

/* The flags of the mapping that holds p; false: the system does not tell. */
static bool
mapping_flags(const void *p, char *flags, size_t size)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	unsigned long from, to;
	bool within = false, found = false;

	if (!f)
		return false;
	while (!found && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			within = (uintptr_t)p >= from && (uintptr_t)p < to;
		found = within && strncmp(line, "VmFlags:", 8) == 0;
	}
	fclose(f);
	if (found)
		snprintf(flags, size, "%s", line);
	return found;
}

START_TEST(kept_out_of_dumps)
{
	static const size_t sizes[] = {8, 3 << 20};
	struct arena *a = arena_new();
	char flags[512];

	if (mapping_flags(arena_alloc(a, sizes[_i]), flags, sizeof flags))
		ck_assert_msg(strstr(flags, " dd") != NULL, "size %zu: %s", sizes[_i], flags);
	arena_free(a);
}
END_TEST

static void
too_large(struct arena *a)
{
	arena_alloc(a, SIZE_MAX);
}

static void
too_many(struct arena *a)
{
	arena_array(a, SIZE_MAX / 8 + 2, 8);
}

static void
not_to_be_had(struct arena *a)
{
	arena_alloc(a, PTRDIFF_MAX / 2);
}

static void
too_grown(struct arena *a)
{
	size_t capacity = SIZE_MAX / 2 + 1;
	arena_grow(a, NULL, capacity, &capacity, 1);
}

static void
string_too_long(struct arena *a)
{
	arena_strndup(a, "", SIZE_MAX);
}

static const struct {
	const char *name;
	void (*run)(struct arena *);
} ends[] = {
    {"alloc", too_large},
    {"array", too_many},
    {"mmap", not_to_be_had},
    {"grow", too_grown},
    {"strndup", string_too_long},
};

START_TEST(memory_ends)
{
	static const char message[] = "crtlint: out of memory\n";
	char said[100] = "";
	int fds[2], status;

	ck_assert_int_eq(pipe(fds), 0);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(fds[1], STDERR_FILENO);
		ends[_i].run(arena_new());
		_exit(0);
	}
	close(fds[1]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ssize_t n = read(fds[0], said, sizeof said - 1);
	close(fds[0]);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 3, "%s: status %#x", ends[_i].name, (unsigned)status);
	ck_assert_msg(n == (ssize_t)sizeof message - 1 && strcmp(said, message) == 0, "%s: said %s", ends[_i].name, said);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("arena");
	TCase *t = tcase_create("arena");

	tcase_add_test(t, every_size);
	tcase_add_test(t, small_after_big);
	tcase_add_test(t, grow);
	tcase_add_test(t, strings);
	tcase_add_loop_test(t, wiped, 0, 3);
	tcase_add_loop_test(t, kept_out_of_dumps, 0, 2);
	tcase_add_loop_test(t, memory_ends, 0, sizeof ends / sizeof *ends);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	SRunner *r = srunner_create(suite());

	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
