#include "write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 512, BUFFER = 65536, NAME_MAX_USTAR = 100, ID_MAX = 07777777 };

#define MTIME_MAX 077777777777LL

struct writer {
	int fd;
	int error;
	z_stream z;
	uint8_t out[BUFFER];
};

/* Where POSIX 1003.1 (pax, "ustar Interchange Format") puts the fields. */
enum field { NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, SUM = 148, TYPE = 156, MAGIC = 257 };

static void
drain(struct writer *w)
{
	size_t n = BUFFER - w->z.avail_out;

	for (size_t at = 0; at < n && !w->error;) {
		ssize_t done = write(w->fd, w->out + at, n - at);
		if (done < 0 && errno != EINTR)
			w->error = errno;
		if (done > 0)
			at += (size_t)done;
	}
	w->z.next_out = w->out;
	w->z.avail_out = BUFFER;
}

static void
put(struct writer *w, const void *bytes, size_t n)
{
	w->z.next_in = (Bytef *)(uintptr_t)bytes;
	w->z.avail_in = (uInt)n;
	while (w->z.avail_in > 0 && !w->error) {
		if (deflate(&w->z, Z_NO_FLUSH) != Z_OK)
			w->error = EIO;
		if (w->z.avail_out == 0)
			drain(w);
	}
}

static void
put_padded(struct writer *w, struct slice s)
{
	static const uint8_t zeros[BLOCK];

	put(w, s.p, s.n);
	put(w, zeros, (BLOCK - s.n % BLOCK) % BLOCK);
}

static void
put_header(struct writer *w, const struct written *e, char type, size_t size)
{
	char h[BLOCK] = {0};
	size_t n = strlen(e->path), slash = e->directory && n < NAME_MAX_USTAR;
	unsigned sum = 0;

	memcpy(h + NAME, e->path, n < NAME_MAX_USTAR ? n : NAME_MAX_USTAR);
	if (slash)
		h[NAME + n] = '/';
	snprintf(h + MODE, 8, "%07o", e->mode & 07777);
	snprintf(h + UID, 8, "%07o", e->uid > ID_MAX ? 0 : e->uid);
	snprintf(h + GID, 8, "%07o", e->gid > ID_MAX ? 0 : e->gid);
	snprintf(h + SIZE, 12, "%011zo", size);
	snprintf(h + MTIME, 12, "%011llo", e->mtime < 0 || e->mtime > MTIME_MAX ? 0ULL : (unsigned long long)e->mtime);
	h[TYPE] = type;
	memcpy(h + MAGIC,
	    "ustar\0"
	    "00",
	    8);
	memset(h + SUM, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (uint8_t)h[i];
	snprintf(h + SUM, 7, "%06o", sum);
	put(w, h, BLOCK);
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts itself. */
static size_t
record(char *out, const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + 3, n = rest + 1;
	char digits[24];

	while (rest + (size_t)snprintf(digits, sizeof digits, "%zu", n) != n)
		n++;
	return (size_t)sprintf(out, "%zu %s=%s\n", n, key, value);
}

static void
put_pax(struct writer *w, const struct written *e)
{
	char number[24];
	size_t n = 0, length = strlen(e->path);
	char *out = malloc(length + 256);

	if (!out) {
		w->error = ENOMEM;
		return;
	}
	if (length >= NAME_MAX_USTAR) {
		n += record(out + n, "hdrcharset", "BINARY"); /* names are bytes */
		n += record(out + n, "path", e->path);
	}
	if (e->uid > ID_MAX && snprintf(number, sizeof number, "%u", e->uid) > 0)
		n += record(out + n, "uid", number);
	if (e->gid > ID_MAX && snprintf(number, sizeof number, "%u", e->gid) > 0)
		n += record(out + n, "gid", number);
	if ((e->mtime < 0 || e->mtime > MTIME_MAX) && snprintf(number, sizeof number, "%lld", (long long)e->mtime) > 0)
		n += record(out + n, "mtime", number);
	if (n > 0) {
		put_header(w, &(struct written){.path = "pax", .mode = 0644}, 'x', n);
		put_padded(w, (struct slice){(uint8_t *)out, n});
	}
	free(out);
}

void
writer_add(struct writer *w, const struct written *e)
{
	put_pax(w, e);
	put_header(w, e, e->directory ? '5' : '0', e->content.n);
	put_padded(w, e->content);
}

struct writer *
writer_open(int fd)
{
	struct writer *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->fd = fd;
	/* zlib's own header names no time and no file */
	if (deflateInit2(&w->z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(w);
		errno = ENOMEM;
		return NULL;
	}
	w->z.next_out = w->out;
	w->z.avail_out = BUFFER;
	return w;
}

bool
writer_close(struct writer *w)
{
	static const uint8_t end[2 * BLOCK];
	int status = Z_OK, error;

	put(w, end, sizeof end);
	w->z.avail_in = 0;
	while (status == Z_OK && !w->error) {
		status = deflate(&w->z, Z_FINISH);
		drain(w);
	}
	deflateEnd(&w->z);
	error = w->error;
	free(w);
	errno = error;
	return error == 0;
}
