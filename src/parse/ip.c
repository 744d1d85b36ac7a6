#include "ip.h"

#include "crtlint/cert.h"
#include "crtlint/text.h"
#include "quote.h"

static bool
ip_fail(struct ip_parsed *ip, const char *why, struct slice at)
{
	ip->why = why;
	ip->at = at;
	return false;
}

/* netip.parseIPv4Fields. */
static bool
ip_read_v4(struct slice s, struct ip_parsed *ip, uint8_t *out)
{
	static const struct slice nowhere;
	unsigned value = 0, digits = 0, field = 0;
	for (size_t i = 0; i < s.n; i++) {
		struct slice at = {s.p + i, s.n - i};
		if (s.p[i] >= '0' && s.p[i] <= '9') {
			if (digits == 1 && value == 0)
				return ip_fail(ip, "IPv4 field has octet with leading zero", nowhere);
			value = value * 10 + (unsigned)(s.p[i] - '0');
			digits++;
			if (value > 255)
				return ip_fail(ip, "IPv4 field has value >255", nowhere);
		} else if (s.p[i] == '.') {
			if (i == 0 || i == s.n - 1 || s.p[i - 1] == '.')
				return ip_fail(ip, "IPv4 field must have at least one digit", at);
			if (field == 3)
				return ip_fail(ip, "IPv4 address too long", nowhere);
			out[field++] = (uint8_t)value;
			value = digits = 0;
		} else {
			return ip_fail(ip, "unexpected character", at);
		}
	}
	if (field < 3)
		return ip_fail(ip, "IPv4 address too short", nowhere);
	out[3] = (uint8_t)value;
	return true;
}

static int
ip_hex(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One group of hexadecimal digits; their number, 0: refused. */
static size_t
ip_group(struct slice s, bool long_groups, struct ip_parsed *ip, unsigned *value)
{
	size_t n = 0;
	for (*value = 0; n < s.n && ip_hex(s.p[n]) >= 0; n++) {
		*value = *value << 4 | (unsigned)ip_hex(s.p[n]);
		if (n > 3 && !long_groups)
			return (void)ip_fail(ip, "each group must have 4 or less digits", s), 0;
		if (*value > 0xffff)
			return (void)ip_fail(ip, "IPv6 field has value >=2^16", s), 0;
	}
	if (n == 0)
		ip_fail(ip, "each colon-separated field must have at least one digit", s);
	return n;
}

/* netip.parseIPv6 after the zone is gone. */
static bool
ip_read_v6(struct slice s, bool long_groups, struct ip_parsed *ip)
{
	static const struct slice nowhere;
	size_t i = 0, ellipsis = 16;
	if (s.n >= 2 && s.p[0] == ':' && s.p[1] == ':') {
		ellipsis = 0;
		s = (struct slice){s.p + 2, s.n - 2};
		if (s.n == 0)
			return true;
	}
	while (i < 16) {
		unsigned value;
		size_t n = ip_group(s, long_groups, ip, &value);
		if (n == 0)
			return false;
		if (n < s.n && s.p[n] == '.') {
			if (ellipsis == 16 && i != 12)
				return ip_fail(ip, "embedded IPv4 address must replace the final 2 fields of the address", s);
			if (i + 4 > 16)
				return ip_fail(ip, "too many hex fields to fit an embedded IPv4 at the end of the address", s);
			if (!ip_read_v4(s, ip, ip->bytes + i))
				return false;
			s.n = 0;
			i += 4;
			break;
		}
		ip->bytes[i++] = (uint8_t)(value >> 8);
		ip->bytes[i++] = (uint8_t)value;
		s = (struct slice){s.p + n, s.n - n};
		if (s.n == 0)
			break;
		if (s.p[0] != ':')
			return ip_fail(ip, "unexpected character, want colon", s);
		if (s.n == 1)
			return ip_fail(ip, "colon must be followed by more characters", s);
		s = (struct slice){s.p + 1, s.n - 1};
		if (s.p[0] == ':') {
			if (ellipsis != 16)
				return ip_fail(ip, "multiple :: in address", s);
			ellipsis = i;
			s = (struct slice){s.p + 1, s.n - 1};
			if (s.n == 0)
				break;
		}
	}
	if (s.n > 0)
		return ip_fail(ip, "trailing garbage after address", s);
	if (i == 16)
		return ellipsis == 16 || ip_fail(ip, "the :: must expand to at least one field of zeros", nowhere);
	if (ellipsis == 16)
		return ip_fail(ip, "address string too short", nowhere);
	memmove(ip->bytes + ellipsis + 16 - i, ip->bytes + ellipsis, i - ellipsis);
	memset(ip->bytes + ellipsis, 0, 16 - i);
	return true;
}

struct ip_parsed
ip_read(struct slice s, bool long_groups)
{
	struct ip_parsed ip = {.n = 0};
	static const struct slice nowhere;
	size_t i = 0;
	while (i < s.n && s.p[i] != '.' && s.p[i] != ':' && s.p[i] != '%')
		i++;
	if (i == s.n) {
		ip_fail(&ip, "unable to parse IP", nowhere);
	} else if (s.p[i] == '.') {
		if (ip_read_v4(s, &ip, ip.bytes))
			ip.n = 4;
	} else if (s.p[i] == '%') {
		ip_fail(&ip, "missing IPv6 address", nowhere);
	} else {
		const uint8_t *percent = memchr(s.p, '%', s.n);
		size_t length = percent ? (size_t)(percent - s.p) : s.n;
		ip.zone = percent != NULL;
		if (length + 1 == s.n)
			ip_fail(&ip, "zone must be a non-empty string", nowhere);
		else if (ip_read_v6((struct slice){s.p, length}, long_groups, &ip))
			ip.n = 16;
	}
	return ip;
}

const char *
ip_error(struct arena *arena, struct slice s, const struct ip_parsed *ip)
{
	if (ip->at.n == 0)
		return arena_printf(arena, "ParseAddr(%s): %s", quote_go(arena, s), ip->why);
	return arena_printf(arena, "ParseAddr(%s): %s (at %s)", quote_go(arena, s), ip->why, quote_go(arena, ip->at));
}

static const uint8_t ip_mapped[12] = {[10] = 0xff, [11] = 0xff};

size_t
ip_parse(const char *string, uint8_t *out)
{
	struct ip_parsed ip = ip_read(slice_of(string), false);
	if (ip.n == 0 || ip.zone)
		return 0;
	size_t skip = ip.n == 16 && memcmp(ip.bytes, ip_mapped, sizeof(ip_mapped)) == 0 ? 12 : 0;
	memcpy(out, ip.bytes + skip, ip.n - skip);
	return ip.n - skip;
}

const char *
ip_text(struct arena *arena, struct slice ip)
{
	struct buf text = {.arena = arena};
	if (ip.n == 16 && memcmp(ip.p, ip_mapped, sizeof(ip_mapped)) == 0)
		ip = (struct slice){ip.p + 12, 4};
	if (ip.n == 4)
		return arena_printf(arena, "%u.%u.%u.%u", ip.p[0], ip.p[1], ip.p[2], ip.p[3]);
	if (ip.n != 16) {
		buf_add(&text, "?");
		for (size_t i = 0; i < ip.n && i < 64; i++)
			buf_printf(&text, "%02x", ip.p[i]);
		return buf_text(&text);
	}
	/* RFC 5952: the first of the longest runs of at least two zero groups is shortened. */
	size_t best = 8, longest = 1;
	for (size_t i = 0, run = 0; i < 8; i++) {
		run = ip.p[2 * i] == 0 && ip.p[2 * i + 1] == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			best = i + 1 - run;
		}
	}
	for (size_t i = 0; i < 8; i++) {
		if (i == best) {
			buf_add(&text, "::");
			i += longest - 1;
			continue;
		}
		if (i > 0 && !(best < 8 && i == best + longest))
			buf_add(&text, ":");
		buf_printf(&text, "%x", (unsigned)ip.p[2 * i] << 8 | ip.p[2 * i + 1]);
	}
	return buf_text(&text);
}
