#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../../src/load/open.h"
#include "crtlint/limits.h"
#include "scratch.h"

static void
make_links(void)
{
	folder("certs/..2026_11_20");
	put_text("certs/..2026_11_20/tls.crt", "tls");
	link_to("certs/..data", "..2026_11_20");
	link_to("certs/tls.crt", "..data/tls.crt");
	put_text("certs/real.crt", "real");
	link_to("certs/inside", "real.crt");
	link_to("certs/up-and-in", "..2026_11_20/../real.crt");
	link_to("certs/self", ".");
	link_to("certs/through-self", "self/self/real.crt");
	link_to("certs/slash", "real.crt/");
	link_to("certs/folder-slash", "..data/");
	link_to("certs/outside", "../outside/secret.key");
	link_to("certs/absolute", path_of("outside/secret.key"));
	link_to("certs/parent", "..");
	link_to("certs/sneaky", "..data/../../outside/secret.key");
	link_to("certs/to-outside", "outside");
	link_to("certs/device", "/dev/null");
	link_to("certs/back", path_of("certs/real.crt"));
	link_to("certs/back-relative", "../certs/tls.crt");
	link_to("certs/dangling", "nothing.crt");
	link_to("certs/dangling-folder", "nothing/node.crt");
	link_to("certs/dangling-file", "real.crt/node.crt");
	link_to("certs/dangling-outside", "../outside/nothing");
	link_to("certs/loop", "loop2");
	link_to("certs/loop2", "loop");
	link_to("certs/bad\nname", "re\\al\xff");
}

static const struct {
	const char *name;
	enum entry_type type;
	enum entry_link link;
	int error;
	const char *data; /* NULL: not read */
} links[] = {
    {"..2026_11_20", ENTRY_DIRECTORY, LINK_NONE, 0, NULL},
    {"..data", ENTRY_DIRECTORY, LINK_INSIDE, 0, NULL},
    {"tls.crt", ENTRY_FILE, LINK_INSIDE, 0, "tls"},
    {"inside", ENTRY_FILE, LINK_INSIDE, 0, "real"},
    {"up-and-in", ENTRY_FILE, LINK_INSIDE, 0, "real"},
    {"self", ENTRY_DIRECTORY, LINK_INSIDE, 0, NULL},
    {"through-self", ENTRY_FILE, LINK_INSIDE, 0, "real"},
    {"slash", ENTRY_NOTHING, LINK_DANGLING, ENOTDIR, NULL},
    {"folder-slash", ENTRY_DIRECTORY, LINK_INSIDE, 0, NULL},
    {"outside", ENTRY_FILE, LINK_OUTSIDE, 0, NULL},
    {"absolute", ENTRY_FILE, LINK_OUTSIDE, 0, NULL},
    {"parent", ENTRY_DIRECTORY, LINK_OUTSIDE, 0, NULL},
    {"sneaky", ENTRY_FILE, LINK_OUTSIDE, 0, NULL},
    {"to-outside", ENTRY_FILE, LINK_OUTSIDE, 0, NULL},
    {"device", ENTRY_DEVICE, LINK_OUTSIDE, 0, NULL},
    {"back", ENTRY_FILE, LINK_INSIDE, 0, "real"},
    {"back-relative", ENTRY_FILE, LINK_INSIDE, 0, "tls"},
    {"dangling", ENTRY_NOTHING, LINK_DANGLING, ENOENT, NULL},
    {"dangling-folder", ENTRY_NOTHING, LINK_DANGLING, ENOENT, NULL},
    {"dangling-file", ENTRY_NOTHING, LINK_DANGLING, ENOTDIR, NULL},
    {"dangling-outside", ENTRY_NOTHING, LINK_DANGLING, ENOENT, NULL},
    {"loop", ENTRY_NOTHING, LINK_LOOP, ELOOP, NULL},
    {"loop2", ENTRY_NOTHING, LINK_LOOP, ELOOP, NULL},
    {"bad\nname", ENTRY_NOTHING, LINK_DANGLING, ENOENT, NULL},
};

START_TEST(symbolic_links)
{
	make_links();
	struct listing *list = load();

	ck_assert_uint_eq(list->n, sizeof links / sizeof *links + 1);
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		const struct entry *e = find(list, links[i].name);
		if (links[i].data) {
			check_read(e, links[i].data);
			ck_assert_msg(e->link == links[i].link, "%s: link %d", e->name, (int)e->link);
		} else {
			check_unread(e, links[i].type, links[i].link, links[i].error);
		}
		if (e->link != LINK_NONE)
			ck_assert_msg(e->target != NULL, "%s: no target", e->name);
	}
	/* Facts of the target, not of the link, whose mode is 0777. */
	ck_assert_uint_eq(find(list, "outside")->mode, 0644);
	ck_assert_uint_eq(find(list, "outside")->size, 6);
	ck_assert_str_eq(find(list, "tls.crt")->target, "..data/tls.crt");
	ck_assert_str_eq(find(list, "back-relative")->target, "../certs/tls.crt");
	ck_assert_str_eq(find(list, "bad\nname")->target, "re\\\\al\\xff");
	ck_assert_str_eq(find(list, "bad\nname")->name, "bad\\u000aname");
}
END_TEST

/* A kernel, or a container's filter, without openat2. False: no filters here. */
static bool
take_openat2_away(unsigned error)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
is_same_entry(const struct entry *a, const struct entry *b)
{
	return slice_eq(a->raw, b->raw) && a->type == b->type && a->link == b->link && a->mode == b->mode && a->size == b->size &&
	       a->mtime == b->mtime && a->error == b->error && a->read == b->read && slice_eq(a->data, b->data);
}

START_TEST(without_openat2)
{
	static const unsigned errors[] = {ENOSYS, EPERM};
	int status;

	make_links();
	struct listing *with = load();
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (!take_openat2_away(errors[_i]))
			_exit(77);
		struct listing *without = load();
		if (without->n != with->n)
			_exit(1);
		for (size_t i = 0; i < with->n; i++) {
			if (is_same_entry(&with->entries[i], &without->entries[i]))
				continue;
			fprintf(stderr, "without openat2: %s differs\n", with->entries[i].name);
			_exit(1);
		}
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "status %#x", (unsigned)status);
	ck_assert_msg(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77, "exit %d", WEXITSTATUS(status));
}
END_TEST

START_TEST(followed_by_hand)
{
	char name[32], target[32];
	struct opener o = {.walk = true};

	put_text("certs/link0", "end");
	for (int i = 1; i <= LIMIT_LINKS + 1; i++) {
		snprintf(name, sizeof name, "certs/link%d", i);
		snprintf(target, sizeof target, "link%d", i - 1);
		link_to(name, target);
	}
	const char *deep = path_of("certs");
	char *inside = arena_strdup(arena, "");
	for (int i = 0; i < 40; i++) {
		deep = arena_printf(arena, "%s/d", deep);
		ck_assert_int_eq(mkdir(deep, 0755), 0);
		inside = arena_printf(arena, "%sd/", inside);
	}
	o.directory = open(path_of("certs"), O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(o.directory, 0);
	int lowest = open("/dev/null", O_RDONLY);
	close(lowest);

	snprintf(name, sizeof name, "link%d", LIMIT_LINKS);
	int fd = open_beneath(&o, name, O_RDONLY);
	ck_assert_msg(fd >= 0, "%s: %s", name, strerror(errno));
	close(fd);
	snprintf(name, sizeof name, "link%d", LIMIT_LINKS + 1);
	ck_assert_int_eq(open_beneath(&o, name, O_RDONLY), -1);
	ck_assert_int_eq(errno, EMLINK);
	ck_assert_int_eq(open_beneath(&o, inside, O_RDONLY), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	ck_assert_int_eq(open_beneath(&o, "d/d/../../../x", O_RDONLY), -1);
	ck_assert_int_eq(errno, EXDEV);
	fd = open_beneath(&o, "./d//d/./../../link0", O_RDONLY);
	ck_assert_int_ge(fd, 0);
	close(fd);

	fd = open("/dev/null", O_RDONLY);
	ck_assert_msg(fd == lowest, "descriptors are left open");
	close(fd);

	/* The kernel goes on to 40: no limit of ours. */
	o.walk = false;
	close(open_beneath(&o, "link0", O_RDONLY));
	close(o.directory);
	const struct entry *e = find(load(), name);
	if (o.walk)
		check_unread(e, ENTRY_FILE, LINK_INSIDE, EMLINK);
	else
		check_read(e, "end");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("links");
	TCase *t = tcase_create("links");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, symbolic_links);
	tcase_add_loop_test(t, without_openat2, 0, 2);
	tcase_add_test(t, followed_by_hand);
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
