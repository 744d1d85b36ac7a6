/*
 * ip: addresses in the notations of Go's net/netip. ip_text() and ip_parse() are declared in crtlint/cert.h.
 */
#ifndef CRTLINT_PARSE_IP_H
#define CRTLINT_PARSE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

struct ip_parsed {
	uint8_t bytes[16];
	size_t n; /* 4 or 16; a mapped address is 16 */
	bool zone;
	const char *why; /* NULL, or what netip.ParseAddr says is wrong */
	struct slice at; /* the place, n 0: none given */
};

/* ip_read(bytes, long_groups): netip.ParseAddr. With long_groups set, more than four digits are taken in a group while the
 * value fits, as net.ParseIP did up to Go 1.20. */
struct ip_parsed ip_read(struct slice, bool);

/* ip_error(arena, bytes, parsed): the words of netip's error; not safe text yet. */
const char *ip_error(struct arena *, struct slice, const struct ip_parsed *);

#endif
