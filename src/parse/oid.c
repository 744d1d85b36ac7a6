#include "crtlint/cert.h"
#include "crtlint/text.h"

enum { OID_SHOWN = 256 };

/* An arc that does not fit 64 bits, or one that is cut off, leaves only the bytes to show. */
static const char *
oid_hex(struct arena *arena, struct slice oid)
{
	struct buf text = {.arena = arena};
	buf_add(&text, "?");
	for (size_t i = 0; i < oid.n && i < OID_SHOWN; i++)
		buf_printf(&text, "%02x", oid.p[i]);
	return buf_text(&text);
}

const char *
oid_text(struct arena *arena, struct slice oid)
{
	struct buf text = {.arena = arena};
	uint64_t arc = 0;
	if (oid.n == 0 || oid.n > OID_SHOWN || (oid.p[oid.n - 1] & 0x80))
		return oid_hex(arena, oid);
	for (size_t i = 0; i < oid.n; i++) {
		if (arc >> 57)
			return oid_hex(arena, oid);
		arc = arc << 7 | (oid.p[i] & 0x7fU);
		if (oid.p[i] & 0x80)
			continue;
		if (text.n > 0)
			buf_printf(&text, ".%llu", (unsigned long long)arc);
		else
			buf_printf(&text, "%u.%llu", arc < 80 ? (unsigned)arc / 40 : 2,
			    (unsigned long long)(arc < 80 ? arc % 40 : arc - 80));
		arc = 0;
	}
	return buf_text(&text);
}
