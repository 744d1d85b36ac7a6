#include "domain.h"

#include "crtlint/version.h"

bool
domain_strict(unsigned go)
{
	return go == GO(24, 8) || go == GO(25, 2);
}

/* The releases since which domainNameValid stands in for domainToReverseLabels. */
static bool
domain_by_name(unsigned go)
{
	return go >= GO(25, 2) || (go >= GO(24, 8) && go < GO(25, 0));
}

/* No empty label, no label above longest, no byte outside 33 to 126 unless any is set. */
static bool
domain_labels(struct slice s, size_t longest, bool any)
{
	size_t label = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && label == 0)
			return false;
		label = s.p[i] == '.' ? 0 : label + 1;
		if (label > longest || (!any && (s.p[i] < 33 || s.p[i] > 126)))
			return false;
	}
	return label > 0;
}

static struct slice
domain_undotted(struct slice s)
{
	return s.n > 0 && s.p[0] == '.' ? (struct slice){s.p + 1, s.n - 1} : s;
}

/* domainToReverseLabels; up to Go 1.22 it overlooked one empty label at the start. */
static bool
domain_reversible(struct slice s, unsigned go)
{
	if (s.n == 0)
		return true;
	return domain_labels(go < GO(23, 0) ? domain_undotted(s) : s, SIZE_MAX, false);
}

bool
domain_valid(struct slice s, bool constraint, unsigned go)
{
	if (!domain_by_name(go))
		return domain_reversible(constraint ? domain_undotted(s) : s, go);
	bool strict = domain_strict(go);
	if (s.n == 0)
		return constraint || !strict;
	if (strict && s.n > 253)
		return false;
	return domain_labels(constraint ? domain_undotted(s) : s, strict ? 63 : SIZE_MAX, strict);
}

static bool
domain_within(uint8_t c, unsigned low, unsigned high)
{
	return c >= low && c <= high;
}

/* The quoted form of a local part; its length with both quotes, 0: malformed. */
static size_t
domain_quoted_local(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		uint8_t c = s.p[i];
		if (c == '"')
			return i + 1;
		if (c == '\\') {
			if (++i == s.n)
				return 0;
			c = s.p[i];
			if (!domain_within(c, 1, 9) && c != 11 && c != 12 && !domain_within(c, 14, 127))
				return 0;
		} else if (!domain_within(c, 1, 8) && c != 11 && c != 12 && !domain_within(c, 14, 127)) {
			return 0;
		}
	}
	return 0;
}

static bool
domain_atom_byte(uint8_t c)
{
	return domain_within(c, '0', '9') || domain_within(c, 'a', 'z') || domain_within(c, 'A', 'Z') ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* The plain form: a backslash takes the byte after it; dots neither at an end nor beside each other. 0: malformed. */
static size_t
domain_plain_local(struct slice s)
{
	size_t i = 0;
	uint8_t last = '.';
	while (i < s.n) {
		if (s.p[i] == '\\') {
			if (++i == s.n)
				return 0;
		} else if (!domain_atom_byte(s.p[i])) {
			break;
		}
		if (s.p[i] == '.' && last == '.')
			return 0;
		last = s.p[i++];
	}
	return last == '.' ? 0 : i;
}

bool
domain_of_mailbox(struct slice s, unsigned go, struct slice *domain)
{
	if (s.n == 0)
		return false;
	size_t local = s.p[0] == '"' ? domain_quoted_local(s) : domain_plain_local(s);
	if (local == 0 || local == s.n || s.p[local] != '@')
		return false;
	*domain = (struct slice){s.p + local + 1, s.n - local - 1};
	return domain_reversible(*domain, go);
}
