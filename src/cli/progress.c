/*
 * One line on a terminal: directories, rate, findings, time left.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fleet.h"

enum { EVERY = 200000000 /* ns */ };

struct progress {
	int64_t begun, shown;
	bool visible;
};

static int64_t
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct progress *
progress_new(struct arena *arena, bool wanted)
{
	if (!wanted || !isatty(STDERR_FILENO))
		return NULL;
	struct progress *p = arena_alloc(arena, sizeof(*p));
	p->begun = p->shown = clock_now();
	return p;
}

static unsigned
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

void
progress_show(struct progress *p, const struct summary *s, double share)
{
	char line[160], left[48] = "";
	int64_t now;

	if (!p || (now = clock_now()) - p->shown < EVERY)
		return;
	p->shown = now;
	double seconds = (double)(now - p->begun) / 1e9;
	if (share > 0.001 && share <= 1) {
		double rest = seconds * (1 - share) / share;
		snprintf(left, sizeof(left), rest < 100 ? ", %.0f s left" : ", %.0f min left", rest < 100 ? rest : rest / 60);
	}
	snprintf(line, sizeof(line), "%zu directories, %.0f/s, %zu errors, %zu warnings%s", s->directories,
	    (double)s->directories / seconds, s->errors, s->warnings, left);
	fprintf(stderr, "\r%.*s\033[K", (int)columns() - 1, line);
	fflush(stderr);
	p->visible = true;
}

void
progress_hide(struct progress *p)
{
	if (!p || !p->visible)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->visible = false;
}
