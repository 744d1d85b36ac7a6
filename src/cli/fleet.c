/*
 * Directories side by side: threads judge, the one that started them finds the directories and writes the reports, in order. Those that
 * are under way or wait for one before them stand in a ring, so that memory does not grow with their number.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "fleet.h"

enum {
	WINDOW = 8, /* slots for each thread */
	BUFFER_KEPT = 1 << 20, /* bytes of a report's memory that are used again */
	STACK = 8 << 20,
	LOOK_EVERY = 200000000, /* ns */
};

struct place { /* of the ring */
	struct slot slot;
	char *text[OUTPUTS_MAX];
	size_t length[OUTPUTS_MAX];
	bool done;
};

struct fleet {
	struct run *run;
	struct source *source;
	pthread_mutex_t lock;
	pthread_cond_t queued, finished;
	struct place *ring;
	size_t size;
	size_t head, taken, tail; /* written, begun, found: how many */
	bool closing;
	pthread_t threads[LIMIT_JOBS];
	unsigned n_threads, most, idle;
};

static void
separate(struct run *run, size_t sink)
{
	struct report report = run->sinks[sink].report; /* the judges read that one */

	report.directories = run->sinks[sink].written++;
	if (report.format->front)
		report.format->front(&report);
}

static void
refused(struct run *run, const struct slot *slot, const char *why)
{
	struct arena *arena = arena_new();

	progress_hide(run->progress);
	if (slot->complaint)
		fputs(slot->complaint, stderr);
	else
		fprintf(stderr, "crtlint: %s: %s\n", text_safe(arena, slice_of(slot->path), TEXT_NAME), why);
	run_worse(run, STATUS_USAGE);
	arena_free(arena);
}

static void
slot_empty(struct slot *slot)
{
	free(slot->complaint);
	free(slot->path);
	free(slot->ends);
	arena_free(slot->memory);
	slot->complaint = slot->path = NULL;
	slot->ends = NULL;
	slot->memory = NULL;
	slot->ids = (struct words){0};
}

static void
end_slot(struct run *run, struct slot *slot)
{
	summary_join(&run->summary, &slot->summary);
	run->signatures += slot->signatures;
	trace_join(run->options, &slot->ids);
	switch (slot->end) {
	case SLOT_JUDGED:
		break;
	case SLOT_MISSING:
		refused(run, slot, "no such file or directory");
		break;
	case SLOT_FOREIGN:
		refused(run, slot, NULL);
		break;
	case SLOT_REFUSED:
		refused(run, slot, NULL);
		run->stop = true;
		break;
	}
	slot_empty(slot);
}

static void *
must(struct run *run, void *p)
{
	if (!p)
		arena_alloc(run->options->arena, SIZE_MAX); /* which says that memory has ended */
	return p;
}

static char *
pull_one(struct run *run, struct source *source)
{
	const char *path = source_next(source);

	return path ? must(run, strdup(path)) : NULL;
}

/* Finds the next directory; false: there is none. With a configuration the one after it, too, so that the last one is known. */
static bool
pull(struct run *run, struct source *source)
{
	if (!run->next)
		run->next = pull_one(run, source);
	if (run->config && run->next && !run->after)
		run->after = pull_one(run, source);
	return run->next;
}

/*
 * Whether the next directory waits until all others are judged: in the last one those suppressions of a configuration are told that
 * met nothing.
 */
static bool
is_last(const struct run *run)
{
	return run->config && !run->after;
}

static void
take(struct run *run, const struct source *source, struct slot *slot)
{
	slot->last = is_last(run) && run->status < STATUS_USAGE && source_status(source) < STATUS_USAGE;
	slot->path = run->next;
	run->next = run->after;
	run->after = NULL;
}

static void
run_alone(struct run *run, struct source *source)
{
	struct judge *judge = must(run, judge_new(run));
	struct slot slot = {.path = NULL};

	for (size_t i = 0; i < run->options->n_outputs; i++)
		slot.out[i] = run->sinks[i].report.out;
	while (!run->stop && pull(run, source)) {
		take(run, source, &slot);
		judge_path(judge, &slot, separate);
		end_slot(run, &slot);
		if (run->progress)
			progress_show(run->progress, &run->summary, source_share(source));
	}
	judge_free(judge);
}

static void
place_open(struct fleet *f, struct place *p)
{
	for (size_t i = 0; i < f->run->options->n_outputs; i++) {
		if (p->slot.out[i] && p->length[i] <= BUFFER_KEPT) {
			fseeko(p->slot.out[i], 0, SEEK_SET);
			continue;
		}
		if (p->slot.out[i])
			fclose(p->slot.out[i]);
		free(p->text[i]);
		p->slot.out[i] = must(f->run, open_memstream(&p->text[i], &p->length[i]));
	}
	p->done = false;
}

static void
place_write(struct fleet *f, struct place *p)
{
	size_t n = p->slot.summary.directories;

	for (size_t i = 0; i < f->run->options->n_outputs; i++) {
		size_t from = 0;
		for (size_t k = 0; k < n; k++) {
			size_t to = k + 1 < n ? p->slot.ends[k][i] : p->length[i];
			separate(f->run, i);
			fwrite(p->text[i] + from, 1, to - from, f->run->sinks[i].report.out);
			from = to;
		}
	}
	end_slot(f->run, &p->slot);
}

static void *
work(void *context)
{
	struct fleet *f = context;
	struct judge *judge = must(f->run, judge_new(f->run));

	pthread_mutex_lock(&f->lock);
	for (;;) {
		if (f->taken == f->tail) {
			if (f->closing)
				break;
			f->idle++;
			pthread_cond_wait(&f->queued, &f->lock);
			f->idle--;
			continue;
		}
		size_t number = f->taken++;
		struct place *p = &f->ring[number % f->size];
		pthread_mutex_unlock(&f->lock);
		judge_path(judge, &p->slot, NULL);
		for (size_t i = 0; i < f->run->options->n_outputs; i++)
			if (fflush(p->slot.out[i]) != 0 || ferror(p->slot.out[i]))
				must(f->run, NULL);
		pthread_mutex_lock(&f->lock);
		p->done = true;
		if (number == f->head)
			pthread_cond_signal(&f->finished);
	}
	pthread_mutex_unlock(&f->lock);
	judge_free(judge);
	return NULL;
}

/* One thread more, when all have something to do; a thread that the system refuses is done without. */
static void
hire(struct fleet *f)
{
	pthread_attr_t attributes;

	if (f->n_threads == f->most)
		return;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	if (pthread_create(&f->threads[f->n_threads], &attributes, work, f) == 0)
		f->n_threads++;
	else
		f->most = f->n_threads;
	pthread_attr_destroy(&attributes);
}

/* Puts the next directory into the ring. */
static void
queue_next(struct fleet *f)
{
	struct place *p = &f->ring[f->tail % f->size];
	place_open(f, p);
	take(f->run, f->source, &p->slot);
	pthread_mutex_lock(&f->lock);
	f->tail++;
	bool enough = f->idle > 0;
	pthread_cond_signal(&f->queued);
	pthread_mutex_unlock(&f->lock);
	if (!enough)
		hire(f);
}

/* Waits for the first in the ring, or until the progress line wants to be looked at; true: it is done. */
static bool
await_head(struct fleet *f)
{
	struct place *p = &f->ring[f->head % f->size];
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_EVERY;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&f->lock);
	if (!p->done && f->run->progress)
		pthread_cond_timedwait(&f->finished, &f->lock, &until);
	while (!p->done && !f->run->progress)
		pthread_cond_wait(&f->finished, &f->lock);
	done = p->done;
	pthread_mutex_unlock(&f->lock);
	return done;
}

static void
run_together(struct fleet *f)
{
	struct run *run = f->run;
	bool more = true;

	while (!run->stop) {
		while (more && f->tail - f->head < f->size && (more = pull(run, f->source))) {
			if (is_last(run) && f->head != f->tail)
				break;
			queue_next(f);
		}
		if (f->head == f->tail)
			return;
		if (await_head(f)) {
			place_write(f, &f->ring[f->head % f->size]);
			pthread_mutex_lock(&f->lock);
			f->head++;
			pthread_mutex_unlock(&f->lock);
		}
		if (run->progress)
			progress_show(run->progress, &run->summary, source_share(f->source));
	}
}

static void
close_fleet(struct fleet *f)
{
	pthread_mutex_lock(&f->lock);
	f->closing = true;
	f->taken = f->tail; /* what was not begun is not wanted any more */
	pthread_cond_broadcast(&f->queued);
	pthread_mutex_unlock(&f->lock);
	for (unsigned i = 0; i < f->n_threads; i++)
		pthread_join(f->threads[i], NULL);
	for (size_t i = 0; i < f->size; i++) {
		struct place *p = &f->ring[i];
		slot_empty(&p->slot);
		for (size_t k = 0; k < OUTPUTS_MAX; k++) {
			if (p->slot.out[k])
				fclose(p->slot.out[k]);
			free(p->text[k]);
		}
	}
	free(f->ring);
}

/* The processors that this process may use. */
static unsigned
processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n < LIMIT_JOBS ? (unsigned)n : LIMIT_JOBS;
}

void
fleet_run(struct run *run, struct source *source)
{
	struct fleet f = {.run = run,
	    .source = source,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .queued = PTHREAD_COND_INITIALIZER,
	    .finished = PTHREAD_COND_INITIALIZER,
	    .most = run->options->jobs ? run->options->jobs : processors()};

	if (f.most > 1 && !source_single(source)) {
		hire(&f); /* before anything is queued, so that there is somebody to do it */
		if (f.n_threads) {
			f.size = WINDOW * (size_t)f.most;
			f.ring = must(run, calloc(f.size, sizeof(*f.ring)));
			run_together(&f);
			close_fleet(&f);
		}
	}
	if (!f.size)
		run_alone(run, source);
	free(run->next);
	free(run->after);
}
