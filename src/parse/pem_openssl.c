/*
 * PEM_read_bio of OpenSSL 3.0 over a memory BIO, called until it fails, as the loaders of chains and CA files call it. It reads
 * pieces of at most 254 bytes, so that a long line is several; everything up to a space at the end of a piece is dropped,
 * bytes above 0x7f included (char is signed where servers run).
 */
#include "pem_scan.h"

#include "base64.h"

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"

enum { PIECE = 254, SHORT_LINE = 64 };

struct reader {
	struct pem_scan *s;
	size_t at;
	bool partial; /* the last piece ended without a newline for want of room */
};

/* The next piece without what sanitize_line strips; false at the end of the file. */
static bool
next_piece(struct reader *r, struct slice *piece, size_t *begin)
{
	struct slice file = r->s->file;
	size_t room = file.n - r->at < PIECE ? file.n - r->at : PIECE;
	const uint8_t *newline = room ? memchr(file.p + r->at, '\n', room) : NULL;
	size_t n = newline ? (size_t)(newline - file.p) - r->at + 1 : room;

	if (n == 0)
		return false;
	*begin = r->at;
	*piece = pem_piece(file, r->at, r->at + n);
	r->at += n;
	r->partial = n == PIECE && !newline;
	return true;
}

static struct slice
strip(struct slice piece)
{
	while (piece.n > 0 && (piece.p[piece.n - 1] <= ' ' || piece.p[piece.n - 1] >= 0x80))
		piece.n--;
	return piece;
}

/* Text is handled as C strings: what follows a NUL is lost. */
static struct slice
string(struct slice s)
{
	const uint8_t *nul = s.n ? memchr(s.p, 0, s.n) : NULL;

	return nul ? (struct slice){s.p, (size_t)(nul - s.p)} : s;
}

static bool
find_begin(struct reader *r, struct slice *label, size_t *begin)
{
	struct slice piece;

	for (bool first = true; next_piece(r, &piece, begin); first = false) {
		if (first && piece.n > 3 && pem_has(piece, 0, "\xef\xbb\xbf"))
			piece = pem_piece(piece, 3, piece.n);
		piece = strip(piece);
		if (pem_has(piece, 0, BEGIN) && pem_has(piece, piece.n - strlen(DASHES), DASHES)) {
			*label = string(pem_piece(piece, strlen(BEGIN), piece.n - strlen(DASHES)));
			return true;
		}
	}
	return false;
}

enum header_state { MAYBE_HEADER, IN_HEADER, POST_HEADER };

/* get_header_and_data. text gathers the lines; data is where the base64 begins in it. */
static bool
read_body(struct reader *r, struct slice label, uint8_t *text, size_t *n, size_t *data, struct pem_block *block)
{
	enum header_state state = MAYBE_HEADER;
	unsigned lines = 0;
	struct pem_block first = {0};
	bool end = false;
	struct slice piece;
	size_t begin;

	*n = *data = 0;
	block->body = r->at;
	for (bool was_partial = false; next_piece(r, &piece, &begin); was_partial = r->partial) {
		if (state == MAYBE_HEADER && memchr(piece.p, ':', piece.n))
			state = IN_HEADER;
		piece = strip(piece);
		if (piece.n == 0) {
			if (was_partial)
				continue;
			if (state == POST_HEADER)
				return false;
			state = POST_HEADER;
			*data = *n;
			block->body = r->at;
			block->headers = lines;
			block->encrypted = first.encrypted;
			continue;
		}
		if (pem_has(piece, 0, END)) {
			struct slice name = pem_piece(piece, strlen(END), piece.n);
			if (state == IN_HEADER)
				*data = *n;
			block->body_end = begin;
			return name.n == label.n + strlen(DASHES) && slice_eq(pem_piece(name, 0, label.n), label) &&
			       pem_has(name, label.n, DASHES);
		}
		if (end || (state == POST_HEADER && piece.n > SHORT_LINE))
			return false;
		end = state == POST_HEADER && piece.n < SHORT_LINE;
		piece = string(piece);
		if (piece.n == 0)
			continue;
		if (state != POST_HEADER && lines++ == 0)
			pem_header(piece, &first);
		memcpy(text + *n, piece.p, piece.n);
		*n += piece.n;
	}
	return false;
}

void
pem_openssl_scan(struct pem_scan *s)
{
	struct reader r = {.s = s};
	uint8_t *text = arena_alloc(s->arena, s->file.n);
	size_t begin, n, data, size;
	struct slice label;

	while (find_begin(&r, &label, &begin)) {
		struct pem_block block = {.label = label};
		s->out->broken = true;
		if (!read_body(&r, label, text, &n, &data, &block))
			return;
		struct slice body = {text + data, n - data};
		if (!base64_openssl(body, NULL, &size) || size == 0)
			return;
		uint8_t *der = arena_alloc(s->arena, size);
		base64_openssl(body, der, &size);
		block.der = (struct slice){der, size};
		if (!pem_add(s, begin, block))
			return;
		s->out->broken = false;
	}
}
