#undef _FORTIFY_SOURCE /* it would take pread() away from the hook below */

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "crtlint/limits.h"
#include "scratch.h"

/* Between the fstat before and the one after, deterministically: what happens to the file while it is read. */
static void (*while_reading)(int fd);

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	ssize_t got = syscall(SYS_pread64, fd, p, n, at);
	if (while_reading)
		while_reading(fd);
	return got;
}

static void
setup(void)
{
	while_reading = NULL;
	scratch_setup();
}

START_TEST(plain_files)
{
	struct timespec times[2] = {{1000000000, 5}, {1600000000, 7}};

	put_text("certs/node.crt", "certificate");
	put("certs/node.key", "key", 3, 0600);
	put("certs/empty", "", 0, 04711);
	put("certs/locked", "locked", 6, 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, path_of("certs/node.key"), times, 0), 0);
	ck_assert_int_eq(chmod(path_of("certs"), 0750), 0);

	struct listing *list = load();
	ck_assert_uint_eq(list->n, 4);
	ck_assert_str_eq(list->path, path_of("certs"));
	ck_assert(list->error == 0 && !list->missing && !list->not_directory && !list->too_many);
	ck_assert_uint_eq(list->mode, 0750);
	ck_assert_uint_eq(list->uid, geteuid());
	static const char *const order[] = {"empty", "locked", "node.crt", "node.key"};
	for (size_t i = 0; i < list->n; i++)
		ck_assert_str_eq(list->entries[i].name, order[i]);

	const struct entry *e = find(list, "node.crt");
	check_read(e, "certificate");
	ck_assert(e->type == ENTRY_FILE && e->link == LINK_NONE && e->target == NULL && e->size == 11 && e->mode == 0644);
	e = find(list, "node.key");
	check_read(e, "key");
	ck_assert(e->mode == 0600 && e->uid == geteuid() && e->mtime == 1600000000);
	e = find(list, "empty");
	check_read(e, "");
	ck_assert_msg(e->mode == 04711 && e->size == 0, "mode %o", e->mode);
	e = find(list, "locked");
	ck_assert(e->type == ENTRY_FILE && e->mode == 0 && e->size == 6 && e->uid == geteuid());
	if (geteuid() != 0)
		check_unread(e, ENTRY_FILE, LINK_NONE, EACCES);
	ck_assert_ptr_null(listing_find(list, "node"));
	ck_assert_ptr_null(listing_find(list, ""));
	ck_assert_ptr_null(listing_find(list, "zzz"));
}
END_TEST

START_TEST(special_files)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	ck_assert_int_eq(mkfifo(path_of("certs/fifo.crt"), 0600), 0);
	ck_assert_int_eq(chmod(path_of("certs/fifo.crt"), 0640), 0);
	folder("certs/node.crt");
	put_text("certs/node.crt/inner", "not entered");
	link_to("certs/to-fifo", "fifo.crt");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/certs/sock", root);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	link_to("certs/to-sock", "sock");

	struct listing *list = load();
	close(fd);
	ck_assert_uint_eq(list->n, 5);
	check_unread(find(list, "fifo.crt"), ENTRY_FIFO, LINK_NONE, 0);
	ck_assert_uint_eq(find(list, "fifo.crt")->mode, 0640);
	check_unread(find(list, "to-fifo"), ENTRY_FIFO, LINK_INSIDE, 0);
	check_unread(find(list, "node.crt"), ENTRY_DIRECTORY, LINK_NONE, 0);
	ck_assert_uint_eq(find(list, "node.crt")->mode, 0755);
	check_unread(find(list, "sock"), ENTRY_SOCKET, LINK_NONE, 0);
	check_unread(find(list, "to-sock"), ENTRY_SOCKET, LINK_INSIDE, 0);
}
END_TEST

START_TEST(strange_names)
{
	put_text("certs/client.\xff.crt", "1");
	put_text("certs/client.\\xff.crt", "2");
	put_text("certs/client.\n.crt", "3");
	put_text("certs/client.\x1b[2J.crt", "4");
	put_text("certs/client.M\xc3\xbcller.crt", "5");

	struct listing *list = load();
	ck_assert_uint_eq(list->n, 5);
	static const char *const names[] = {
	    "client.\\u000a.crt", "client.\\u001b[2J.crt", "client.M\xc3\xbcller.crt", "client.\\\\xff.crt", "client.\\xff.crt"};
	static const char *const data[] = {"3", "4", "5", "2", "1"};
	for (size_t i = 0; i < list->n; i++) {
		ck_assert_str_eq(list->entries[i].name, names[i]);
		check_read(&list->entries[i], data[i]);
		ck_assert_uint_eq(list->entries[i].raw.p[list->entries[i].raw.n], 0);
	}
	ck_assert_ptr_eq(listing_find(list, "client.\xff.crt"), &list->entries[4]);
}
END_TEST

START_TEST(limits)
{
	char name[32];
	const char *full = arena_alloc(arena, LIMIT_FILE);

	put("certs/a-full", full, LIMIT_FILE, 0644);
	put_text("certs/b-large", "x");
	ck_assert_int_eq(truncate(path_of("certs/b-large"), LIMIT_FILE + 1), 0);
	put_text("certs/c-huge", "x");
	ck_assert_int_eq(truncate(path_of("certs/c-huge"), 1LL << 40), 0);
	for (int i = 0; i < LIMIT_DIRECTORY / LIMIT_FILE; i++) {
		snprintf(name, sizeof name, "certs/d%02d", i);
		put_text(name, "x");
		ck_assert_int_eq(truncate(path_of(name), LIMIT_FILE), 0);
	}
	put_text("certs/e-empty", "");

	struct listing *list = load();
	const struct entry *e = find(list, "a-full");
	ck_assert_msg(e->read && e->data.n == LIMIT_FILE, "a file of exactly the limit");
	check_unread(find(list, "b-large"), ENTRY_FILE, LINK_NONE, 0);
	ck_assert(find(list, "b-large")->too_large);
	ck_assert(find(list, "c-huge")->too_large && find(list, "c-huge")->size == 1ULL << 40);
	snprintf(name, sizeof name, "d%02d", LIMIT_DIRECTORY / LIMIT_FILE - 2);
	ck_assert(find(list, name)->read);
	snprintf(name, sizeof name, "d%02d", LIMIT_DIRECTORY / LIMIT_FILE - 1);
	ck_assert_msg(find(list, name)->too_large && !find(list, name)->read, "above LIMIT_DIRECTORY");
	check_read(find(list, "e-empty"), "");
}
END_TEST

START_TEST(too_many_entries)
{
	for (int i = 0; i < LIMIT_ENTRIES; i++) {
		const char *path = arena_printf(arena, "%s/certs/%05d", root, i);
		if (mknod(path, S_IFREG | 0600, 0) != 0)
			ck_abort_msg("%s: %s", path, strerror(errno));
	}
	struct listing *list = load();
	ck_assert_uint_eq(list->n, LIMIT_ENTRIES);
	ck_assert(!list->too_many);
	for (size_t i = 1; i < list->n; i++) {
		if (strcmp(list->entries[i - 1].name, list->entries[i].name) >= 0)
			ck_abort_msg("not sorted at %zu", i);
	}
	put_text("certs/one-more", "");
	list = load();
	ck_assert_uint_eq(list->n, LIMIT_ENTRIES);
	ck_assert(list->too_many);
}
END_TEST

static int reads;
static const char *writing;

static void
append_once(int fd)
{
	(void)fd;
	if (reads++ > 0)
		return;
	int out = open(path_of(writing), O_WRONLY | O_APPEND | O_CLOEXEC);
	ck_assert(out >= 0 && write(out, "+", 1) == 1);
	close(out);
}

static void
append_always(int fd)
{
	reads = 0;
	append_once(fd);
}

static void
shorten(int fd)
{
	(void)fd;
	if (reads++ == 0)
		ck_assert_int_eq(truncate(path_of(writing), 2), 0);
}

/* Same length, other bytes: only the time tells. */
static void
overwrite_always(int fd)
{
	struct timespec times[2] = {{1, 0}, {1600000000, reads++}};

	(void)fd;
	ck_assert_int_eq(utimensat(AT_FDCWD, path_of(writing), times, 0), 0);
}

static const struct {
	const char *title;
	void (*hook)(int);
	const char *data; /* NULL: given up */
	uint64_t size;
} changes[] = {
    {"appended once", append_once, "data+", 5},
    {"appended always", append_always, NULL, 6},
    {"shortened", shorten, "da", 2},
    {"overwritten always", overwrite_always, NULL, 4},
};

START_TEST(changed_while_read)
{
	put_text("certs/node.crt", "data");
	reads = 0;
	writing = "certs/node.crt";
	while_reading = changes[_i].hook;
	struct listing *list = load();
	while_reading = NULL;

	const struct entry *e = find(list, "node.crt");
	ck_assert_msg(reads > 0, "%s: the hook was not called", changes[_i].title);
	if (changes[_i].data)
		check_read(e, changes[_i].data);
	else
		ck_assert_msg(e->changed && !e->read && e->error == 0, "%s: read", changes[_i].title);
	ck_assert_msg(e->size == changes[_i].size, "%s: size %d", changes[_i].title, (int)e->size);
}
END_TEST

/* What vanishes or becomes a link after the directory was listed. */
static void
replace_next(int fd)
{
	(void)fd;
	while_reading = NULL;
	unlink(path_of("certs/b"));
	unlink(path_of("certs/c"));
	unlink(path_of("certs/d"));
	link_to("certs/c", "../outside/secret.key");
	ck_assert_int_eq(mkfifo(path_of("certs/d"), 0600), 0);
}

START_TEST(replaced_after_listing)
{
	put_text("certs/a", "a");
	put_text("certs/b", "b");
	put_text("certs/c", "c");
	put_text("certs/d", "d");
	while_reading = replace_next;
	struct listing *list = load();

	ck_assert_uint_eq(list->n, 4);
	check_read(find(list, "a"), "a");
	check_unread(find(list, "b"), ENTRY_NOTHING, LINK_NONE, ENOENT);
	check_unread(find(list, "c"), ENTRY_FILE, LINK_OUTSIDE, 0);
	check_unread(find(list, "d"), ENTRY_FIFO, LINK_NONE, 0);
}
END_TEST

START_TEST(directory_itself)
{
	put_text("certs/node.crt", "x");
	link_to("link", "certs");
	link_to("dangling", "nothing");

	struct listing *list = load_directory(arena, path_of("certs///"));
	ck_assert_str_eq(list->path, path_of("certs"));
	check_read(find(list, "node.crt"), "x");
	list = load_directory(arena, path_of("link"));
	check_read(find(list, "node.crt"), "x");

	list = load_directory(arena, path_of("nothing"));
	ck_assert(list->missing && !list->not_directory && list->error == ENOENT && list->n == 0);
	list = load_directory(arena, path_of("dangling/"));
	ck_assert(list->missing && list->error == ENOENT);
	list = load_directory(arena, "");
	ck_assert(list->missing && list->error == ENOENT);
	ck_assert_str_eq(list->path, "");

	list = load_directory(arena, path_of("certs/node.crt/"));
	ck_assert(list->not_directory && !list->missing && list->error == ENOTDIR && list->mode == 0644);
	list = load_directory(arena, path_of("certs/node.crt/below"));
	ck_assert(!list->not_directory && list->missing && list->error == ENOTDIR);
	ck_assert_int_eq(mkfifo(path_of("fifo"), 0600), 0);
	list = load_directory(arena, path_of("fifo"));
	ck_assert(list->not_directory && list->error == ENOTDIR);

	list = load_directory(arena, "//");
	ck_assert_str_eq(list->path, "/");
	ck_assert(list->error == 0 && list->n > 0);
	folder("a\\b\n");
	list = load_directory(arena, path_of("a\\b\n"));
	ck_assert_str_eq(list->path, path_of("a\\\\b\\u000a"));
	ck_assert(list->error == 0 && list->n == 0 && list->entries == NULL);
	ck_assert_ptr_null(listing_find(list, "node.crt"));
}
END_TEST

/* Root passes every mode: these need an ordinary user. */
START_TEST(closed_directories)
{
	if (geteuid() == 0)
		return;
	put_text("certs/node.crt", "x");
	link_to("certs/link", "node.crt");
	folder("certs/sub");
	put_text("certs/sub/ca.crt", "x");
	link_to("certs/into-sub", "sub/ca.crt");
	put("certs/key", "x", 1, 0);
	link_to("certs/to-key", "key");
	ck_assert_int_eq(chmod(path_of("certs/sub"), 0), 0);

	struct listing *list = load();
	check_unread(find(list, "into-sub"), ENTRY_NOTHING, LINK_INSIDE, EACCES);
	check_unread(find(list, "to-key"), ENTRY_FILE, LINK_INSIDE, EACCES);
	ck_assert_uint_eq(find(list, "to-key")->size, 1);
	ck_assert_int_eq(chmod(path_of("certs/sub"), 0755), 0);

	ck_assert_int_eq(chmod(path_of("certs"), 0444), 0);
	list = load();
	ck_assert(list->error == 0 && list->n == 6);
	check_unread(find(list, "node.crt"), ENTRY_FILE, LINK_NONE, EACCES);
	ck_assert_int_eq(find(list, "link")->error, EACCES);

	ck_assert_int_eq(chmod(path_of("certs"), 0), 0);
	list = load();
	ck_assert(list->error == EACCES && list->n == 0 && !list->missing && !list->not_directory && list->uid == geteuid());
}
END_TEST

START_TEST(content_without_size)
{
	struct listing *list = load_directory(arena, "/proc/sys/kernel/random");
	const struct entry *e = listing_find(list, "boot_id");

	if (e)
		ck_assert_msg(e->changed && !e->read, "more came than stat had announced");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("load");
	TCase *t = tcase_create("load");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, plain_files);
	tcase_add_test(t, special_files);
	tcase_add_test(t, strange_names);
	tcase_add_test(t, limits);
	tcase_add_test(t, too_many_entries);
	tcase_add_loop_test(t, changed_while_read, 0, sizeof changes / sizeof *changes);
	tcase_add_test(t, replaced_after_listing);
	tcase_add_test(t, directory_itself);
	tcase_add_test(t, closed_directories);
	tcase_add_test(t, content_without_size);
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
