#include "gunzip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "crtlint/limits.h"

enum { BUFFER = 65536, BLOCK = 512, MAGIC_AT = 257 };

struct gunzip {
	struct arena *arena;
	int fd;
	enum gunzip_kind kind;
	enum gunzip_end end;
	int error;
	bool eof; /* of the descriptor */
	bool between; /* behind the end of a gzip member */
	size_t in, out; /* bytes so far */
	size_t zeros;
	z_stream z;
	uint8_t raw[BUFFER], plain[BUFFER];
	size_t have; /* in raw, not yet taken */
};

/* zlib's window holds what the archive holds: it belongs into the arena, which is wiped. */
static voidpf
take(voidpf arena, uInt n, uInt size)
{
	return arena_array(arena, n, size);
}

static void
give_back(voidpf arena, voidpf p)
{
	(void)arena;
	(void)p;
}

/* Fill raw behind what it holds. */
static void
fill(struct gunzip *g)
{
	while (!g->eof && g->have < BUFFER) {
		ssize_t n = read(g->fd, g->raw + g->have, BUFFER - g->have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			g->error = errno;
			g->end = GUNZIP_ERROR;
		}
		if (n <= 0) {
			g->eof = true;
			return;
		}
		g->have += (size_t)n;
		g->in += (size_t)n;
		if (g->in > LIMIT_ARCHIVE + BUFFER) {
			g->end = GUNZIP_LIMIT;
			return;
		}
		if (g->have >= BLOCK)
			return; /* a pipe gives what it has */
	}
}

struct gunzip *
gunzip_open(struct arena *arena, int fd, struct slice *start)
{
	struct gunzip *g = arena_alloc(arena, sizeof *g);

	g->arena = arena;
	g->fd = fd;
	fill(g);
	*start = (struct slice){g->raw, g->have};
	if (g->have >= 2 && g->raw[0] == 0x1f && g->raw[1] == 0x8b)
		g->kind = GUNZIP_GZIP;
	else if (g->have >= BLOCK && memcmp(g->raw + MAGIC_AT, "ustar", 5) == 0)
		g->kind = GUNZIP_TAR;
	if (g->kind == GUNZIP_GZIP) {
		g->z = (z_stream){
		    .zalloc = take, .zfree = give_back, .opaque = arena, .next_in = g->raw, .avail_in = (uInt)g->have};
		if (inflateInit2(&g->z, MAX_WBITS + 16) != Z_OK) /* gzip alone, no zlib stream */
			g->end = GUNZIP_DAMAGED;
	}
	return g;
}

void
gunzip_close(struct gunzip *g)
{
	if (g->kind == GUNZIP_GZIP)
		inflateEnd(&g->z);
}

enum gunzip_kind
gunzip_kind(const struct gunzip *g)
{
	return g->kind;
}

enum gunzip_end
gunzip_end(const struct gunzip *g)
{
	return g->end;
}

int
gunzip_error(const struct gunzip *g)
{
	return g->error;
}

size_t
gunzip_zeros(const struct gunzip *g)
{
	return g->zeros;
}

/* Count what goes out, and how many zeros it ends with. */
static struct slice
deliver(struct gunzip *g, struct slice s)
{
	size_t zeros = 0;

	if (s.n > LIMIT_ARCHIVE - g->out) {
		g->end = GUNZIP_LIMIT;
		return (struct slice){0};
	}
	g->out += s.n;
	while (zeros < s.n && s.p[s.n - 1 - zeros] == 0)
		zeros++;
	g->zeros = zeros == s.n ? g->zeros + zeros : zeros;
	return s;
}

static void
refill(struct gunzip *g)
{
	if (g->z.avail_in > 0)
		return;
	g->have = 0;
	fill(g);
	g->z.next_in = g->raw;
	g->z.avail_in = (uInt)g->have;
}

/* Behind a member: another one may follow (RFC 1952 2.2), or zeros that fill up a tape's block. */
static void
next_member(struct gunzip *g)
{
	while (g->z.avail_in > 0 && *g->z.next_in == 0) {
		g->z.next_in++;
		g->z.avail_in--;
		if (g->z.avail_in == 0)
			refill(g);
	}
	if (g->z.avail_in == 0) {
		g->end = g->end == GUNZIP_RUNS ? GUNZIP_DONE : g->end;
		return;
	}
	if (*g->z.next_in != 0x1f)
		g->end = GUNZIP_BEHIND;
	else if (inflateReset(&g->z) != Z_OK)
		g->end = GUNZIP_DAMAGED;
	g->between = false;
}

static struct slice
inflate_some(struct gunzip *g)
{
	g->z.next_out = g->plain;
	g->z.avail_out = BUFFER;
	while (g->end == GUNZIP_RUNS && g->z.avail_out == BUFFER) {
		refill(g);
		if (g->end != GUNZIP_RUNS)
			break;
		if (g->between) {
			next_member(g);
			continue;
		}
		if (g->z.avail_in == 0) {
			g->end = GUNZIP_SHORT;
			break;
		}
		int status = inflate(&g->z, Z_NO_FLUSH);
		if (status == Z_STREAM_END)
			g->between = true;
		else if (status != Z_OK && status != Z_BUF_ERROR)
			g->end = GUNZIP_DAMAGED;
	}
	return (struct slice){g->plain, BUFFER - g->z.avail_out};
}

struct slice
gunzip_read(struct gunzip *g)
{
	struct slice out = {0};

	if (g->kind == GUNZIP_GZIP)
		out = inflate_some(g);
	if (g->kind == GUNZIP_TAR && g->end == GUNZIP_RUNS) {
		if (g->out > 0) {
			g->have = 0;
			fill(g);
		}
		out = (struct slice){g->raw, g->have};
		if (out.n == 0 && g->end == GUNZIP_RUNS)
			g->end = GUNZIP_DONE;
	}
	return deliver(g, out);
}
