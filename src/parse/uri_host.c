#include "uri_host.h"

#include "crtlint/version.h"
#include "ip.h"
#include "quote.h"

struct slice
uri_from(struct slice s, size_t i)
{
	return (struct slice){s.p + i, s.n - i};
}

struct slice
uri_to(struct slice s, size_t i)
{
	return (struct slice){s.p, i};
}

size_t
uri_index(struct slice s, char c)
{
	const uint8_t *found = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
	return found ? (size_t)(found - s.p) : s.n;
}

size_t
uri_last(struct slice s, char c)
{
	const uint8_t *found = s.n > 0 ? memrchr(s.p, c, s.n) : NULL;
	return found ? (size_t)(found - s.p) : s.n;
}

bool
uri_prefix(struct slice s, const char *prefix)
{
	return s.n >= strlen(prefix) && memcmp(s.p, prefix, strlen(prefix)) == 0;
}

bool
uri_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
uri_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bytes that may stand in a host without an escape. */
static bool
uri_host_byte(uint8_t c)
{
	return uri_alpha(c) || uri_digit(c) || (c != '\0' && strchr("!$&'()*+,;=:[]<>\"-_.~", c) != NULL);
}

static int
uri_hex(uint8_t c)
{
	return uri_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *
uri_unescape(struct arena *arena, struct slice s, enum uri_mode mode, struct slice *out)
{
	uint8_t *bytes = out ? arena_alloc(arena, s.n) : NULL;
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t value = s.p[i];
		if (s.p[i] == '%') {
			struct slice escape = uri_to(uri_from(s, i), s.n - i < 3 ? s.n - i : 3);
			bool sound = escape.n == 3 && uri_hex(escape.p[1]) >= 0 && uri_hex(escape.p[2]) >= 0;
			if (sound)
				value = (uint8_t)(uri_hex(escape.p[1]) << 4 | uri_hex(escape.p[2]));
			if (sound && mode == URI_HOST)
				sound = value >= 0x80 || value == '%';
			if (sound && mode == URI_ZONE)
				sound = value == '%' || value == ' ' || uri_host_byte(value);
			if (!sound)
				return arena_printf(arena, "invalid URL escape %s", quote_go(arena, escape));
			i += 2;
		} else if (mode != URI_OTHER && value < 0x80 && !uri_host_byte(value)) {
			return arena_printf(
			    arena, "invalid character %s in host name", quote_go(arena, uri_to(uri_from(s, i), 1)));
		}
		if (bytes)
			bytes[n++] = value;
	}
	if (out)
		*out = (struct slice){bytes, n};
	return NULL;
}

/* Nothing, or a colon and digits. */
static const char *
uri_port(struct arena *arena, struct slice port)
{
	bool valid = port.n == 0 || port.p[0] == ':';
	for (size_t i = 1; i < port.n; i++)
		valid = valid && uri_digit(port.p[i]);
	return valid ? NULL : arena_printf(arena, "invalid port %s after host", quote_go(arena, port));
}

static size_t
uri_zone(struct slice s)
{
	for (size_t i = 0; i + 3 <= s.n; i++)
		if (memcmp(s.p + i, "%25", 3) == 0)
			return i;
	return s.n;
}

/* A bracketed host as Go read it before it looked into the brackets. */
static const char *
uri_literal_lax(struct arena *arena, struct slice host, struct slice *out)
{
	size_t close = uri_last(host, ']');
	if (close == host.n)
		return "missing ']' in host";
	const char *error = uri_port(arena, uri_from(host, close + 1));
	size_t zone = uri_zone(uri_to(host, close));
	if (error)
		return error;
	if (zone == close)
		return uri_unescape(arena, host, URI_HOST, out);
	struct slice part[3];
	if ((error = uri_unescape(arena, uri_to(host, zone), URI_HOST, &part[0])) ||
	    (error = uri_unescape(arena, uri_from(uri_to(host, close), zone), URI_ZONE, &part[1])) ||
	    (error = uri_unescape(arena, uri_from(host, close), URI_HOST, &part[2])))
		return error;
	uint8_t *joined = arena_alloc(arena, host.n);
	size_t n = 0;
	for (unsigned i = 0; i < 3; n += part[i++].n)
		if (part[i].n > 0)
			memcpy(joined + n, part[i].p, part[i].n);
	*out = (struct slice){joined, n};
	return NULL;
}

/* The same since 1.24.8 and 1.25.2: brackets hold an IPv6 address (CVE-2025-47912). What stands before the last bracket is
 * dropped. Mapped addresses were refused by the first two releases of each line (golang/go#75815). */
static const char *
uri_literal(struct arena *arena, struct slice host, size_t open, unsigned go, struct slice *out)
{
	size_t close = uri_last(host, ']');
	if (close == host.n)
		return "missing ']' in host";
	struct slice port = uri_from(host, close + 1), name, zone = {NULL, 0};
	const char *error = uri_port(arena, port);
	if (error)
		return error;
	/* Go panics on "]" before "["; a finding must come all the same. */
	if (close < open)
		return "missing ']' in host";
	struct slice inner = uri_from(uri_to(host, close), open + 1);
	size_t percent = uri_zone(inner);
	if ((error = uri_unescape(arena, uri_to(inner, percent), URI_HOST, &name)) ||
	    (error = uri_unescape(arena, uri_from(inner, percent), URI_ZONE, &zone)))
		return error;
	uint8_t *joined = arena_alloc(arena, host.n + 2);
	size_t n = 0;
	joined[n++] = '[';
	memcpy(joined + n, name.p, name.n);
	n += name.n;
	memcpy(joined + n, zone.p, zone.n);
	n += zone.n;
	struct slice address = {joined + 1, n - 1};
	struct ip_parsed ip = ip_read(address, false);
	if (ip.n == 0)
		return arena_printf(arena, "invalid host: %s", ip_error(arena, address, &ip));
	bool early = go < GO(24, 10) || (go >= GO(25, 0) && go < GO(25, 4));
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (ip.n == 4 || (early && memcmp(ip.bytes, mapped, sizeof(mapped)) == 0))
		return early ? "invalid IPv6 host" : "invalid IP-literal";
	joined[n++] = ']';
	memcpy(joined + n, port.p, port.n);
	*out = (struct slice){joined, n + port.n};
	return NULL;
}

const char *
uri_host(struct arena *arena, struct slice host, unsigned go, struct slice *out)
{
	if (go >= GO(25, 2) || (go >= GO(24, 8) && go < GO(25, 0))) {
		size_t open = uri_last(host, '[');
		if (open < host.n)
			return uri_literal(arena, host, open, go, out);
	} else if (uri_prefix(host, "[")) {
		return uri_literal_lax(arena, host, out);
	}
	size_t colon = uri_last(host, ':');
	const char *error = colon < host.n ? uri_port(arena, uri_from(host, colon)) : NULL;
	return error ? error : uri_unescape(arena, host, URI_HOST, out);
}
