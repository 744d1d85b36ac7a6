/* Why a place that looks like a PEM block gave none. Words for people: no library says this much. */
#include "crtlint/pem.h"

#include "pem_scan.h"

#define BOM   "\xef\xbb\xbf"
#define BEGIN "-----BEGIN "

static const char *const texts[] = {
    [PEM_SOUND] = "sound PEM",
    [PEM_EMPTY] = "empty",
    [PEM_IS_DER] = "DER instead of PEM",
    [PEM_UTF16] = "UTF-16 text",
    [PEM_BOM] = "a byte order mark before BEGIN",
    [PEM_INDENTED] = "blanks before BEGIN",
    [PEM_CR_ONLY] = "lines that end in CR alone",
    [PEM_CUT_OFF] = "BEGIN without END",
    [PEM_LABELS] = "BEGIN and END lines that do not belong together",
    [PEM_BASE64] = "broken base64",
    [PEM_GARBAGE] = "nothing that looks like PEM",
};

const char *
pem_flaw_text(enum pem_flaw flaw)
{
	return texts[flaw];
}

/* Where the word BEGIN stands in the line, behind blanks and a byte order mark; PEM_NONE: it does not. */
static size_t
begins(struct slice line)
{
	size_t at = pem_has(line, 0, BOM) ? strlen(BOM) : 0;

	while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t'))
		at++;
	return pem_has(line, at, BEGIN) ? at : PEM_NONE;
}

/* The flaw of the BEGIN at that offset of the line that starts at from. */
static enum pem_flaw
judge(struct slice file, size_t from, size_t at)
{
	size_t next;
	struct slice line = pem_line(file, from, &next), label;

	if (memchr(line.p, '\r', line.n))
		return PEM_CR_ONLY;
	if (pem_has(line, 0, BOM))
		return PEM_BOM;
	if (at > 0)
		return PEM_INDENTED;
	label = pem_piece(line, strlen(BEGIN), line.n);
	if (label.n < 5 || !pem_has(label, label.n - 5, "-----"))
		return PEM_LABELS;
	label.n -= 5;
	while (next < file.n) {
		line = pem_line(file, next, &next);
		if (begins(line) != PEM_NONE)
			return PEM_CUT_OFF;
		if (!pem_has(line, 0, "-----END"))
			continue;
		bool fits = line.n == 9 + label.n + 5 && pem_has(line, 8, " ") &&
		            slice_eq(pem_piece(line, 9, 9 + label.n), label) && pem_has(line, 9 + label.n, "-----");
		return fits ? PEM_BASE64 : PEM_LABELS;
	}
	return PEM_CUT_OFF;
}

static bool
is_der(struct slice f)
{
	size_t length = 0;

	if (f.n < 2 || f.p[0] != 0x30)
		return false;
	if (f.p[1] < 0x80)
		return f.n - 2 == f.p[1];
	unsigned bytes = f.p[1] & 0x7f;
	if (bytes == 0 || bytes > 4 || f.n < 2u + bytes)
		return false;
	for (unsigned i = 0; i < bytes; i++)
		length = length << 8 | f.p[2 + i];
	return f.n - 2 - bytes == length;
}

/* With a mark, or with every other one of the first bytes zero. */
static bool
is_utf16(struct slice f)
{
	if (pem_has(f, 0, "\xff\xfe") || pem_has(f, 0, "\xfe\xff"))
		return true;
	if (f.n < 8)
		return false;
	bool little = true, big = true;
	for (size_t i = 0; i < 8; i += 2) {
		little = little && f.p[i] != 0 && f.p[i + 1] == 0;
		big = big && f.p[i] == 0 && f.p[i + 1] != 0;
	}
	return little || big;
}

static bool
is_blank(struct slice f)
{
	for (size_t i = 0; i < f.n; i++)
		if (f.p[i] != ' ' && (f.p[i] < '\t' || f.p[i] > '\r'))
			return false;
	return true;
}

/* The flaw of a file that holds no block and no line that begins one. */
static enum pem_flaw
judge_file(struct slice f)
{
	if (is_blank(f))
		return PEM_EMPTY;
	if (is_utf16(f))
		return PEM_UTF16;
	if (is_der(f))
		return PEM_IS_DER;
	if (!memchr(f.p, '\n', f.n) && memchr(f.p, '\r', f.n) && pem_find(f, 0, BEGIN) != PEM_NONE)
		return PEM_CR_ONLY;
	return PEM_GARBAGE;
}

void
pem_diagnose(struct pem_scan *s)
{
	struct pem *out = s->out;
	struct slice file = s->file;
	size_t next, block = 0;
	unsigned number = 1;

	for (size_t at = 0; at < s->end; at = next, number++) {
		size_t word = begins(pem_line(file, at, &next));
		if (word == PEM_NONE)
			continue;
		/* a long line can hold more than one block for OpenSSL */
		while (block < out->n && out->blocks[block].line < number)
			block++;
		if (block < out->n && out->blocks[block].line == number)
			continue;
		if (out->skipped++ == 0) {
			out->flaw = judge(file, at, word);
			out->flaw_line = number;
		}
	}
	if (out->n == 0 && out->skipped == 0)
		out->flaw = judge_file(file);
}
