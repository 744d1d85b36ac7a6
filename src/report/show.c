#include "show.h"

#include <string.h>

#include "crtlint/text.h"

const char *
show_serial(struct arena *arena, struct slice serial)
{
	bool negative = serial.n > 0 && serial.p[0] & 0x80;
	static const char digits[] = "0123456789abcdef";
	uint8_t *bytes = arena_alloc(arena, serial.n);
	bool carry = negative;
	size_t first = 0;

	for (size_t i = serial.n; i-- > 0;) {
		bytes[i] = negative ? (uint8_t)(~serial.p[i] + carry) : serial.p[i];
		carry = carry && bytes[i] == 0;
	}
	while (first + 1 < serial.n && bytes[first] == 0)
		first++;
	if (serial.n == 0)
		return "00";
	char *text = arena_array(arena, serial.n + 1, 2), *to = text;
	if (negative)
		*to++ = '-';
	for (size_t i = first; i < serial.n; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	return text;
}

const char *
show_eku(struct arena *arena, struct slice oid)
{
	static const struct {
		const char *oid, *name;
	} known[] = {
	    {OID_EKU_SERVER, "serverAuth"},
	    {OID_EKU_CLIENT, "clientAuth"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x03", "codeSigning"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x04", "emailProtection"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x08", "timeStamping"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x09", "OCSPSigning"},
	};

	if (slice_eq(oid, (struct slice){(const uint8_t *)"\x55\x1d\x25\x00", 4}))
		return "anyExtendedKeyUsage";
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (slice_is(oid, known[i].oid))
			return known[i].name;
	}
	return oid_text(arena, oid);
}

const char *
show_key_type(enum key_type type)
{
	static const char *const names[] = {
	    [KEY_UNKNOWN] = NULL,
	    [KEY_RSA] = "RSA",
	    [KEY_EC] = "ECDSA",
	    [KEY_ED25519] = "Ed25519",
	    [KEY_ED448] = "Ed448",
	    [KEY_DSA] = "DSA",
	    [KEY_RSA_PSS] = "RSA-PSS",
	};
	return names[type];
}

const char *
show_curve(enum curve curve)
{
	static const char *const names[] = {
	    [CURVE_NONE] = NULL,
	    [CURVE_P224] = "P-224",
	    [CURVE_P256] = "P-256",
	    [CURVE_P384] = "P-384",
	    [CURVE_P521] = "P-521",
	    [CURVE_OTHER] = NULL,
	};
	return names[curve];
}

const char *
show_key_form(enum key_form form)
{
	static const char *const names[] = {
	    [KEY_FORM_NONE] = NULL,
	    [KEY_FORM_PKCS1] = "PKCS#1",
	    [KEY_FORM_PKCS8] = "PKCS#8",
	    [KEY_FORM_SEC1] = "SEC1",
	};
	return names[form];
}

const char *
show_entry_type(enum entry_type type)
{
	static const char *const names[] = {
	    [ENTRY_FILE] = "file",
	    [ENTRY_DIRECTORY] = "directory",
	    [ENTRY_FIFO] = "fifo",
	    [ENTRY_SOCKET] = "socket",
	    [ENTRY_DEVICE] = "device",
	    [ENTRY_NOTHING] = "nothing",
	};
	return names[type];
}

const char *
show_origin(enum origin from)
{
	static const char *const names[] = {
	    [FROM_DEFAULT] = "default",
	    [FROM_OPTION] = "option",
	    [FROM_CONFIG] = "config",
	    [FROM_GUESS] = "guess",
	};
	return names[from];
}

const char *
show_stage(enum stage stage)
{
	static const char *const names[] = {
	    [STAGE_NONE] = NULL,
	    [STAGE_CONFIG] = "config",
	    [STAGE_HANDSHAKE] = "handshake",
	    [STAGE_AUTH] = "auth",
	};
	return names[stage];
}

const char *
show_place(struct arena *arena, const char *directory, const char *file)
{
	return file ? entry_path(arena, directory, file) : directory;
}

const char *
show_joined(struct arena *arena, const struct words *words, const char *separator)
{
	struct buf text = {.arena = arena};

	for (size_t i = 0; i < words->n; i++) {
		buf_add(&text, i > 0 ? separator : "");
		buf_add(&text, words->list[i]);
	}
	return buf_text(&text);
}

const char *
show_holder(struct arena *arena, const struct facts *facts, const struct cert *cert)
{
	size_t index;
	const struct file *f = facts_holder(facts, cert, &index);

	if (!f)
		return "not of this directory";
	return index ? arena_printf(arena, "%s #%zu", f->name, index + 1) : f->name;
}
