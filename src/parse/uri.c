#include "uri.h"

#include "quote.h"
#include "uri_host.h"

static const char *
uri_authority(struct arena *arena, struct slice authority, unsigned go, struct slice *host)
{
	size_t at = uri_last(authority, '@');
	bool has_user = at < authority.n;
	const char *error = uri_host(arena, has_user ? uri_from(authority, at + 1) : authority, go, host);
	if (error || !has_user)
		return error;
	struct slice user = uri_to(authority, at);
	for (size_t i = 0; i < user.n; i++)
		if (!uri_alpha(user.p[i]) && !uri_digit(user.p[i]) &&
		    (user.p[i] == '\0' || !strchr("-._:~!$&'()*+,;=%@", user.p[i])))
			return "net/url: invalid userinfo";
	size_t colon = uri_index(user, ':');
	error = uri_unescape(arena, uri_to(user, colon), URI_OTHER, NULL);
	if (!error && colon < user.n)
		error = uri_unescape(arena, uri_from(user, colon + 1), URI_OTHER, NULL);
	return error;
}

/* url.getScheme: the length of the scheme with its colon, 0: none; SIZE_MAX: a colon without a scheme. */
static size_t
uri_scheme(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':')
			return i == 0 ? SIZE_MAX : i + 1;
		if (!uri_alpha(s.p[i]) && (i == 0 || (!uri_digit(s.p[i]) && s.p[i] != '+' && s.p[i] != '-' && s.p[i] != '.')))
			return 0;
	}
	return 0;
}

/* url.parse: everything but the fragment. */
static const char *
uri_main(struct arena *arena, struct slice s, unsigned go, struct slice *host)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return "net/url: invalid control character in URL";
	size_t scheme = uri_scheme(s);
	if (scheme == SIZE_MAX)
		return "missing protocol scheme";
	struct slice rest = uri_from(s, scheme);
	rest = uri_to(rest, uri_index(rest, '?'));
	if (!uri_prefix(rest, "/")) {
		if (scheme > 0)
			return NULL;
		struct slice segment = uri_to(rest, uri_index(rest, '/'));
		if (uri_index(segment, ':') < segment.n)
			return "first path segment in URL cannot contain colon";
	}
	if (uri_prefix(rest, "//") && (scheme > 0 || !uri_prefix(rest, "///"))) {
		struct slice authority = uri_from(rest, 2);
		authority = uri_to(authority, uri_index(authority, '/'));
		rest = uri_from(rest, 2 + authority.n);
		const char *error = uri_authority(arena, authority, go, host);
		if (error)
			return error;
	}
	return uri_unescape(arena, rest, URI_OTHER, NULL);
}

const char *
uri_read(struct arena *arena, struct slice s, unsigned go, struct slice *host)
{
	*host = (struct slice){NULL, 0};
	size_t hash = uri_index(s, '#');
	struct slice shown = uri_to(s, hash);
	const char *error = uri_main(arena, shown, go, host);
	if (!error && hash < s.n) {
		shown = s;
		error = uri_unescape(arena, uri_from(s, hash + 1), URI_OTHER, NULL);
	}
	return error ? arena_printf(arena, "parse %s: %s", quote_go(arena, shown), error) : NULL;
}
