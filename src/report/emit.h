/*
 * emit: writes JSON to a stream, compactly, value by value. Commas are its business; that every key gets its value and everything
 * opened is closed is the caller's. Texts are safe (text.h), so that a quote and a backslash are all there is to escape.
 */
#ifndef REPORT_EMIT_H
#define REPORT_EMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { EMIT_SIZE = 8 << 10 };

struct emit {
	FILE *out;
	size_t n;   /* bytes that wait in p */
	bool comma; /* a value stands before the next one */
	char p[EMIT_SIZE];
};

/* emit_open(emit, bracket), emit_close(emit, bracket): of an object or an array. */
void emit_open(struct emit *, char);
void emit_close(struct emit *, char);

/* emit_key(emit, key): what follows is its value. */
void emit_key(struct emit *, const char *);

/* Values; a NULL text is null. */
void emit_text(struct emit *, const char *);
void emit_number(struct emit *, int64_t);
void emit_bool(struct emit *, bool);
void emit_null(struct emit *);

/* emit_flush(emit): hand the rest to the stream. */
void emit_flush(struct emit *);

#endif
