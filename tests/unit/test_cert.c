/*
 * The certificate reader. Certificates are written in a small notation: two hexadecimal digits are a byte, or with a bracket
 * behind them a tag and its contents, whose length is worked out; text stands between apostrophes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "crtlint/cert.h"
#include "crtlint/version.h"
#include "test_cert_rows.h"

enum { ROOM = 4096 };

static const char *
assemble(const char *s, uint8_t *out, size_t *n)
{
	while (*s && *s != ')') {
		if (*s == ' ') {
			s++;
		} else if (*s == '\'') {
			for (s++; *s != '\''; s++)
				out[(*n)++] = (uint8_t)*s;
			s++;
		} else {
			char digits[3] = {s[0], s[1], '\0'};
			out[(*n)++] = (uint8_t)strtoul(digits, NULL, 16);
			s += 2;
			if (*s != '(')
				continue;
			static uint8_t bodies[16][ROOM];
			static unsigned depth;
			ck_assert(depth < 16);
			uint8_t *body = bodies[depth++];
			size_t length = 0;
			s = assemble(s + 1, body, &length) + 1;
			depth--;
			if (length >= 0x100) {
				out[(*n)++] = 0x82;
				out[(*n)++] = (uint8_t)(length >> 8);
			} else if (length >= 0x80) {
				out[(*n)++] = 0x81;
			}
			out[(*n)++] = (uint8_t)length;
			ck_assert(*n + length < ROOM);
			memcpy(out + *n, body, length);
			*n += length;
		}
	}
	return s;
}

static const char *const sound[PARTS] = {
    [VERSION] = "a0(02(02))",
    [SERIAL] = "02(05)",
    [INNER] = ED25519,
    [ISSUER] = "30(31(30(06(55040a)13('Cockroach')))31(30(06(550403)0c('Cockroach CA'))))",
    [VALIDITY] = "30(17('230101000000Z')17('330101000000Z'))",
    [SUBJECT] = "30(31(30(06(550403)0c('node'))))",
    [SPKI] = "30(" ED25519 "03(00" KEY32 "))",
    [TAIL] = "",
    [OUTER] = ED25519,
    [SIGNATURE] = "03(00" KEY32 KEY32 ")",
    [TRAILING] = "",
};

static struct arena *arena;
static uint8_t der[ROOM];

static void
setup(void)
{
	arena = arena_new();
}

static void
teardown(void)
{
	arena_free(arena);
}

static struct cert *
parse_with(enum part part, const char *text, unsigned go)
{
	char spec[ROOM] = "30(30(";
	for (unsigned i = 0; i < PARTS; i++) {
		if (i == OUTER)
			strcat(spec, ")");
		if (i == TRAILING)
			strcat(spec, ")");
		strcat(spec, part == i ? text : sound[i]);
	}
	size_t n = 0;
	assemble(spec, der, &n);
	return cert_parse(arena, (struct slice){der, n}, go);
}

static struct cert *
parse_extension(const char *oid, bool critical, const char *value, unsigned go)
{
	char spec[ROOM / 2];
	snprintf(spec, sizeof(spec), "a3(30(30(06(%s)%s04(%s))))", oid, critical ? "01(ff)" : "", value);
	return parse_with(TAIL, spec, go);
}

static void
assert_error(const char *row, const struct cert *c, const char *error)
{
	if (!error)
		ck_assert_msg(c->go_error == NULL, "%s: refused: %s", row, c->go_error);
	else
		ck_assert_msg(
		    c->go_error && strcmp(c->go_error, error) == 0, "%s: %s", row, c->go_error ? c->go_error : "accepted");
}

START_TEST(test_parts)
{
	assert_error(parts[_i].name, parse_with(parts[_i].part, parts[_i].text, parts[_i].go), parts[_i].error);
}
END_TEST

START_TEST(test_extensions)
{
	struct cert *c = parse_extension(extensions[_i].oid, extensions[_i].critical, extensions[_i].value, extensions[_i].go);
	assert_error(extensions[_i].name, c, extensions[_i].error);
	ck_assert_msg(c->usable && c->n_extensions == 1, "%s: not read on", extensions[_i].name);
}
END_TEST

START_TEST(test_unhandled)
{
	struct cert *c = parse_extension(criticals[_i].oid, true, criticals[_i].value, criticals[_i].go);
	assert_error(criticals[_i].name, c, NULL);
	ck_assert_msg(c->unhandled_critical == criticals[_i].unhandled, "%s", criticals[_i].name);
	if (criticals[_i].unhandled)
		ck_assert_msg(slice_eq(c->unhandled_oid, c->extensions[0].oid), "%s", criticals[_i].name);
	c = parse_extension(criticals[_i].oid, false, criticals[_i].value, criticals[_i].go);
	ck_assert_msg(!c->unhandled_critical, "%s: not critical", criticals[_i].name);
}
END_TEST

static const struct {
	const char *time;
	int64_t seconds;
} times[] = {
    {"17('700101000000Z')", 0},
    {"17('700101000000+0100')", -3600},
    {"17('700101000000-0030')", 1800},
    {"17('500101000000Z')", -631152000},
    {"17('491231235959Z')", 2524607999},
    {"18('20491231235959Z')", 2524607999},
    {"18('99991231235959Z')", 253402300799},
    {"18('00000229000000Z')", -62162121600},
};

START_TEST(test_times)
{
	char spec[64];
	snprintf(spec, sizeof(spec), TIMES("%s"), times[_i].time);
	struct cert *c = parse_with(VALIDITY, spec, GO_NEWEST);
	assert_error(times[_i].time, c, NULL);
	ck_assert_msg(c->not_before == times[_i].seconds, "%s: %lld", times[_i].time, (long long)c->not_before);
}
END_TEST

static const struct {
	const char *name, *subject, *cn, *text;
} names[] = {
    {"empty", "30()", "", ""},
    {"last CN", "30(31(30(06(550403)13('a')))31(30(06(55040a)13('o')))31(30(06(550403)13('b'))))", "b", "CN=a, O=o, CN=b"},
    {"one set", "30(31(30(06(550403)13('a'))30(06(55040b)13('u'))))", "a", "CN=a+OU=u"},
    {"Latin-1", CN("14('caf' e9)"), "caf\xc3\xa9", "CN=caf\xc3\xa9"},
    {"BMP", CN("1e(006100e920ac0000)"), "a\xc3\xa9\xe2\x82\xac", "CN=a\xc3\xa9\xe2\x82\xac"},
    {"universal", CN("1c(0001f600)"), "\xf0\x9f\x98\x80", "CN=\xf0\x9f\x98\x80"},
    {"specials", CN("0c(' a,b+c\\ ')"), " a,b+c\\ ", "CN=\\ a\\,b\\+c\\\\\\ "},
    {"escape sequence", CN("0c(1b'[31m')"), "\x1b[31m", "CN=\\u001b[31m"},
    {"other type", "30(31(30(06(2a03)0c('x'))))", "", "1.2.3=x"},
    {"mail", "30(31(30(06(2a864886f70d010901)16('a@b'))))", "", "emailAddress=a@b"},
};

START_TEST(test_names)
{
	struct cert *c = parse_with(SUBJECT, names[_i].subject, GO_NEWEST);
	ck_assert_msg(slice_is(cert_cn(arena, c), names[_i].cn), "%s", names[_i].name);
	ck_assert_msg(
	    strcmp(name_text(arena, &c->subject), names[_i].text) == 0, "%s: %s", names[_i].name, name_text(arena, &c->subject));
}
END_TEST

START_TEST(test_values)
{
	struct cert *c = parse_with(TAIL,
	    "a3(30("
	    "30(06(551d0f)01(ff)04(03(0186)))"
	    "30(06(551d13)01(ff)04(30(01(ff)02(00))))"
	    "30(06(551d25)04(30(06(2b06010505070301)06(2a03))))"
	    "30(06(551d0e)04(04(0102)))30(06(551d23)04(30(80(0304))))"
	    "30(06(551d11)04(30(82('a.example')87(0a000001)81('m@x')86('spiffe://x/y')88(2a03))))"
	    "30(06(551d1e)01(ff)04(30(a0(30(82('.a'))30(87(0a000000ff000000)))a1(30(86('u'))30(81('m'))))))"
	    "30(06(2b06010505070101)04(30(30(06(2b06010505073001)86('http://o'))30(06(2b06010505073002)86('http://i')))))"
	    "30(06(551d20)04(30(30(06(2a03)))))))",
	    GO_NEWEST);
	assert_error("values", c, NULL);
	ck_assert(c->usable && c->version == 3 && c->serial.n == 1 && c->sig == SIG_ED25519 && c->signature.n == 64);
	ck_assert(c->raw.p == der && c->tbs.p == der + 4 && !c->unhandled_critical && !cert_self_issued(c));
	ck_assert(c->spki.type == KEY_ED25519 && c->spki.bits == 256 && c->spki.point.n == 32);
	ck_assert(c->has_key_usage && c->key_usage == (KU_DIGITAL_SIGNATURE | KU_CERT_SIGN | KU_CRL_SIGN));
	ck_assert(c->has_basic_constraints && c->is_ca && c->max_path_len == 0);
	ck_assert(c->n_eku == 2 && cert_has_eku(c, OID_EKU_SERVER) && !cert_has_eku(c, OID_EKU_CLIENT));
	ck_assert(slice_is(c->ski, "\x01\x02") && slice_is(c->aki, "\x03\x04"));
	static const enum san_kind kinds[] = {SAN_DNS, SAN_IP, SAN_MAIL, SAN_URI, SAN_OTHER};
	ck_assert(c->has_san && c->n_sans == 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert(c->sans[i].kind == kinds[i]);
	ck_assert(slice_is(c->sans[0].value, "a.example") && c->sans[1].value.n == 4);
	ck_assert(c->has_constraints && c->n_constraints == 4);
	ck_assert(
	    c->constraints[0].kind == CONSTRAINT_DNS && !c->constraints[0].excluded && slice_is(c->constraints[0].value, ".a"));
	ck_assert(c->constraints[1].kind == CONSTRAINT_IP && c->constraints[1].value.n == 8);
	ck_assert(c->constraints[2].kind == CONSTRAINT_URI && c->constraints[2].excluded);
	ck_assert(c->constraints[3].kind == CONSTRAINT_MAIL && c->constraints[3].excluded);
	ck_assert(c->n_ocsp == 1 && slice_is(c->ocsp[0], "http://o"));
	ck_assert(c->has_policies && c->n_policies == 1);
	ck_assert_str_eq(name_text(arena, &c->issuer), "O=Cockroach, CN=Cockroach CA");
}
END_TEST

/* What OpenSSL peers may still take is read on behind Go's error. */
START_TEST(test_reads_on)
{
	struct cert *c = parse_with(
	    TAIL, "a3(30(30(06(551d11)04(30(87(0102030405)82('a')87(01020304))))30(06(551d0f)04(03(0780)))))", GO_NEWEST);
	assert_error("five bytes", c, "x509: cannot parse IP address of length 5");
	ck_assert(c->usable && c->n_sans == 3 && c->has_key_usage && c->signature.n == 64);
	c = parse_with(SERIAL, "02(80)", GO_NEWEST);
	ck_assert(c->go_error && c->usable && c->serial.n == 1 && c->subject.n == 1 && c->not_after > c->not_before);
	c = parse_with(SERIAL, "02(0001)", GO_NEWEST);
	ck_assert(c->go_error && c->usable && c->serial.n == 2);
	c = parse_with(SUBJECT, CN("1c(00000041)"), GO_NEWEST);
	ck_assert(c->go_error && c->usable && slice_is(cert_cn(arena, c), "A"));
	c = parse_with(VERSION, "", GO_NEWEST);
	ck_assert(!c->go_error && c->usable && c->version == 1 && c->max_path_len == -1);
	c = cert_parse(arena, (struct slice){NULL, 0}, GO_NEWEST);
	assert_error("nothing", c, "x509: malformed certificate");
	ck_assert(!c->usable);
}
END_TEST

static const struct {
	const char *name, *spki, *text;
	unsigned bits;
} keys[] = {
    {"RSA", SPKI_RSA("30(02(00c1)02(03))"), "RSA 8", 8},
    {"RSA-PSS", "30(30(06(2a864886f70d01010a))03(0030(02(0180)02(03))))", "RSA-PSS 9", 9},
    {"P-256", "30(30(" EC_OID P256_OID ")03(0004" P256_X P256_Y "))", "ECDSA P-256", 256},
    {"Ed25519", "30(" ED25519 "03(00" KEY32 "))", "Ed25519", 256},
    {"Ed448", "30(30(06(2b6571))03(00))", "Ed448", 456},
    {"unknown", "30(30(06(2a03))03(00))", "unknown key type", 0},
};

START_TEST(test_keys)
{
	struct cert *c = parse_with(SPKI, keys[_i].spki, GO_NEWEST);
	ck_assert_msg(c->spki.bits == keys[_i].bits, "%s: %u bits", keys[_i].name, c->spki.bits);
	ck_assert_msg(
	    strcmp(spki_text(arena, &c->spki), keys[_i].text) == 0, "%s: %s", keys[_i].name, spki_text(arena, &c->spki));
}
END_TEST

/* Bits that are not used shift the others, as Go does it. */
START_TEST(test_right_align)
{
	struct cert *c = parse_with(SIGNATURE, "03(04 a5f0)", GO_NEWEST);
	assert_error("unused bits", c, NULL);
	ck_assert(slice_eq(c->signature, (struct slice){(const uint8_t *)"\x0a\x5f", 2}));
}
END_TEST

static const struct {
	const char *string, *text; /* NULL: no address */
} addresses[] = {
    {"127.0.0.1", "127.0.0.1"},
    {"::ffff:10.0.0.1", "10.0.0.1"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
    {"::1.2.3.4", "::102:304"},
    {"01.2.3.4", NULL},
    {"1.2.3", NULL},
    {"1.2.3.256", NULL},
    {"1.2.3.4.5", NULL},
    {"::1%eth0", NULL},
    {"1::2::3", NULL},
    {"00001::", NULL},
    {"1:2:3:4:5:6:7::8", NULL},
    {":1", NULL},
    {"", NULL},
    {"example.com", NULL},
};

START_TEST(test_addresses)
{
	uint8_t bytes[16];
	size_t n = ip_parse(addresses[_i].string, bytes);
	if (!addresses[_i].text)
		ck_assert_msg(n == 0, "%s: taken", addresses[_i].string);
	else
		ck_assert_msg(n > 0 && strcmp(ip_text(arena, (struct slice){bytes, n}), addresses[_i].text) == 0, "%s: %s",
		    addresses[_i].string, ip_text(arena, (struct slice){bytes, n}));
}
END_TEST

START_TEST(test_texts)
{
	ck_assert_str_eq(ip_text(arena, slice_of("\x01\x02\x03")), "?010203");
	ck_assert_str_eq(oid_text(arena, slice_of(OID_SAN)), "2.5.29.17");
	ck_assert_str_eq(oid_text(arena, slice_of("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b")), "1.2.840.113549.1.1.11");
	ck_assert_str_eq(oid_text(arena, slice_of("\x88\x37\x03")), "2.999.3");
	ck_assert_str_eq(oid_text(arena, slice_of("\x2a\x86")), "?2a86");
}
END_TEST

static size_t
put_header(uint8_t *out, uint8_t tag, size_t length)
{
	const uint8_t head[] = {tag, 0x83, (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};
	memcpy(out, head, sizeof(head));
	return sizeof(head);
}

/* Very many extensions, all different but for the last: must not take quadratic time. */
START_TEST(test_many)
{
	enum { COUNT = 100000, ONE = 9, HEADER = 5 };
	char spec[ROOM] = "";
	size_t front = 0, back = 0, list = (COUNT + 1) * ONE, n = 0;
	for (unsigned i = VERSION; i < TAIL; i++)
		strcat(spec, sound[i]);
	assemble(spec, der, &front);
	uint8_t tail[256], *out = arena_alloc(arena, list + ROOM);
	snprintf(spec, sizeof(spec), "%s%s", sound[OUTER], sound[SIGNATURE]);
	assemble(spec, tail, &back);
	n += put_header(out + n, 0x30, front + list + back + 3 * HEADER);
	n += put_header(out + n, 0x30, front + list + 2 * HEADER);
	memcpy(out + n, der, front);
	n += front;
	n += put_header(out + n, 0xa3, list + HEADER);
	n += put_header(out + n, 0x30, list);
	for (uint32_t i = 0; i <= COUNT; i++, n += ONE) {
		uint32_t id = i < COUNT ? i : 0;
		const uint8_t one[ONE] = {0x30, 7, 6, 3, (uint8_t)(0x2a + (id >> 14)), id >> 7 & 0x7f, id & 0x7f, 4, 0};
		memcpy(out + n, one, ONE);
	}
	memcpy(out + n, tail, back);
	struct cert *c = cert_parse(arena, (struct slice){out, n + back}, GO_NEWEST);
	assert_error("many", c, "x509: certificate contains duplicate extension with OID \"1.2.0.0\"");
	ck_assert(c->n_extensions == COUNT + 1);
}
END_TEST

#define ROWS(t) ((int)(sizeof(t) / sizeof(*(t))))

static Suite *
suite(void)
{
	Suite *s = suite_create("cert");
	TCase *t = tcase_create("cert");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_parts, 0, ROWS(parts));
	tcase_add_loop_test(t, test_extensions, 0, ROWS(extensions));
	tcase_add_loop_test(t, test_unhandled, 0, ROWS(criticals));
	tcase_add_loop_test(t, test_times, 0, ROWS(times));
	tcase_add_loop_test(t, test_names, 0, ROWS(names));
	tcase_add_loop_test(t, test_keys, 0, ROWS(keys));
	tcase_add_loop_test(t, test_addresses, 0, ROWS(addresses));
	tcase_add_test(t, test_values);
	tcase_add_test(t, test_reads_on);
	tcase_add_test(t, test_right_align);
	tcase_add_test(t, test_texts);
	tcase_add_test(t, test_many);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	SRunner *r = srunner_create(suite());
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
