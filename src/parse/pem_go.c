/* Decode of Go's encoding/pem. Where Go reads to the next END anew for every BEGIN, this remembers the END and asks for the
 * base64 first, which fails at the next BEGIN line at the latest: the same answer, in linear time. */
#include "pem_scan.h"

#include "base64.h"

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"

struct attempt {
	size_t begin;
	struct slice label;
	struct pem_block of; /* what its headers say */
	unsigned headers;
	size_t body, body_end; /* base64 */
	size_t trailer; /* behind END */
	size_t rest; /* where the search goes on: behind what was read when this is no block */
};

/* The type line at begin; false when it does not end in dashes. */
static bool
read_type(struct slice file, struct attempt *a)
{
	a->label = pem_line(file, a->begin + strlen(BEGIN), &a->rest);
	if (a->label.n < strlen(DASHES) || !pem_has(a->label, a->label.n - strlen(DASHES), DASHES))
		return false;
	a->label.n -= strlen(DASHES);
	return true;
}

/* Lines with a colon; false: the file ends here, and with it Go's search. */
static bool
read_headers(struct slice file, struct attempt *a)
{
	for (;;) {
		size_t next;
		struct slice line = pem_line(file, a->rest, &next);

		if (a->rest >= file.n)
			return false;
		if (line.n == 0 || !memchr(line.p, ':', line.n))
			break;
		pem_header(line, &a->of);
		a->headers++;
		a->rest = next;
	}
	a->body = a->rest;
	return true;
}

/* Whether a body is sound is known at its end only, and many may not be: all are decoded into the same room. */
static uint8_t *
scratch(struct pem_scan *s)
{
	if (!s->scratch)
		s->scratch = arena_alloc(s->arena, s->file.n / 4 * 3 + 3);
	return s->scratch;
}

/* Label, dashes and nothing but blanks behind END; the blanks last, since they may be many and are seen once an END then. */
static bool
take_block(struct pem_scan *s, struct attempt *a, struct slice *der)
{
	struct slice file = s->file, body = pem_piece(file, a->body, a->body_end);
	size_t n = a->label.n, after;

	if (file.n - a->trailer < n + strlen(DASHES) || !slice_eq(pem_piece(file, a->trailer, a->trailer + n), a->label) ||
	    !pem_has(file, a->trailer + n, DASHES) || !base64_go(body, scratch(s), &n))
		return false;
	if (pem_line(file, a->trailer + a->label.n + strlen(DASHES), &after).n > 0)
		return false;
	uint8_t *out = arena_alloc(s->arena, n);
	memcpy(out, s->scratch, n);
	*der = (struct slice){out, n};
	a->rest = after;
	return true;
}

static bool
add(struct pem_scan *s, const struct attempt *a, struct slice der)
{
	return pem_add(s, a->begin,
	    (struct pem_block){.label = a->label,
	        .der = der,
	        .headers = a->headers,
	        .encrypted = a->of.encrypted,
	        .cipher = a->of.cipher,
	        .dek_info = a->of.dek_info,
	        .body = a->body,
	        .body_end = a->body_end});
}

/* Up to Go 1.25.1. */
void
pem_go_scan(struct pem_scan *s)
{
	struct slice file = s->file, der;
	size_t rest = 0, end = pem_find(file, 0, "\n" END);

	for (;;) {
		struct attempt a = {.begin = rest};

		if (!pem_has(file, rest, BEGIN)) {
			if ((a.begin = pem_find(file, rest, "\n" BEGIN)) == PEM_NONE)
				return;
			a.begin++;
		}
		bool typed = read_type(file, &a);
		if (typed && !read_headers(file, &a))
			return;
		rest = a.rest;
		if (!typed)
			continue;
		if (a.headers == 0 && pem_has(file, rest, END)) {
			a.body_end = rest;
			a.trailer = rest + strlen(END);
		} else {
			if (end < rest)
				end = pem_find(file, rest, "\n" END);
			if (end == PEM_NONE)
				continue;
			a.body_end = end;
			a.trailer = end + strlen("\n" END);
		}
		if (!take_block(s, &a, &der))
			continue;
		if (!add(s, &a, der))
			return;
		rest = a.rest;
	}
}

static size_t
find_last(struct slice file, size_t from, size_t to, const char *text)
{
	for (size_t at = to; at-- > from;)
		if (file.p[at] == (uint8_t)*text && at + strlen(text) <= to && pem_has(file, at, text))
			return at;
	return PEM_NONE;
}

/*
 * Go 1.25.2 and 1.24.8 on (golang/go#75950). Those two and the next patch of each end the search where no BEGIN line precedes an
 * END, so that one bad block loses the rest; later ones go on behind that END.
 */
void
pem_go_end_first(struct pem_scan *s)
{
	struct slice file = s->file, der = {0};
	bool goes_on = s->dialect == PEM_GO_1254;
	size_t rest = 0, end;

	while ((end = pem_find(file, rest, "\n" END)) != PEM_NONE) {
		struct attempt a = {.begin = find_last(file, rest, end, BEGIN), .trailer = end + strlen("\n" END)};
		size_t behind = a.trailer;

		if (a.begin == PEM_NONE || (a.begin > rest && file.p[a.begin - 1] != '\n')) {
			if (!goes_on)
				return;
			rest = behind;
			continue;
		}
		bool typed = read_type(file, &a);
		if (typed && !read_headers(file, &a))
			return;
		if (goes_on && behind < a.rest)
			return; /* header lines ran past END: Go slices below zero here and panics */
		rest = goes_on ? behind : a.rest;
		if (!typed || (a.headers > 0 && end < a.rest))
			continue;
		a.body_end = end > a.body ? end : a.body;
		if (!take_block(s, &a, &der))
			continue;
		if (!add(s, &a, der))
			return;
		rest = a.rest;
	}
}
