/*
 * The rows of test_cert.c: what stands in the place of one part or as the only extension, and what Go says of it.
 */
#ifndef CRTLINT_TEST_CERT_ROWS_H
#define CRTLINT_TEST_CERT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/version.h"

#define KEY32    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define ED25519  "30(06(2b6570))"
#define P256_OID "06(2a8648ce3d030107)"
#define P256_X   "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define P256_Y   "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define RSA_OID  "06(2a864886f70d010101)"
#define EC_OID   "06(2a8648ce3d0201)"
#define DSA_OID  "06(2a8648ce380401)"

enum part { VERSION, SERIAL, INNER, ISSUER, VALIDITY, SUBJECT, SPKI, TAIL, OUTER, SIGNATURE, TRAILING, PARTS };

#define RDN           "x509: invalid RDNSequence"
#define VALUE         RDN ": invalid attribute value: "
#define CN(value)     "30(31(30(06(550403)" value ")))"
#define TIMES(time)   "30(" time "17('330101000000Z'))"
#define SPKI_RSA(key) "30(30(" RSA_OID "05())03(00" key "))"

static const struct {
	const char *name;
	enum part part;
	const char *text;
	unsigned go;
	const char *error;
} parts[] = {
    {"as it is", TRAILING, "", GO_NEWEST, NULL},
    {"trailing byte", TRAILING, "00", GO_NEWEST, "x509: trailing data"},
    {"version 1", VERSION, "", GO_NEWEST, NULL},
    {"version 4", VERSION, "a0(02(03))", GO_NEWEST, "x509: invalid version"},
    {"version negative", VERSION, "a0(02(ff))", GO_NEWEST, "x509: malformed version"},
    {"version not alone", VERSION, "a0(02(02)00)", GO_NEWEST, "x509: malformed version"},
    {"version cut off", VERSION, "a0ff", GO_NEWEST, "x509: malformed version"},
    {"serial zero", SERIAL, "02(00)", GO_NEWEST, NULL},
    {"serial not minimal", SERIAL, "02(0001)", GO_NEWEST, "x509: malformed serial number"},
    {"serial empty", SERIAL, "02()", GO_NEWEST, "x509: malformed serial number"},
    {"serial negative", SERIAL, "02(80)", GO(23, 0), "x509: negative serial number"},
    {"serial negative before 1.23", SERIAL, "02(80)", GO(22, 99), NULL},
    {"inner no sequence", INNER, "31()", GO_NEWEST, "x509: malformed signature algorithm identifier"},
    {"outer no sequence", OUTER, "31()", GO_NEWEST, "x509: malformed algorithm identifier"},
    {"algorithms differ", OUTER, "30(06(2b6571))", GO_NEWEST,
        "x509: inner and outer signature algorithm identifiers don't match"},
    {"issuer no sequence", ISSUER, "31()", GO_NEWEST, "x509: malformed issuer"},
    {"subject no sequence", SUBJECT, "31()", GO_NEWEST, "x509: malformed issuer"},
    {"subject empty", SUBJECT, "30()", GO_NEWEST, NULL},
    {"set missing", SUBJECT, "30(30())", GO_NEWEST, RDN},
    {"attribute missing", SUBJECT, "30(31(31()))", GO_NEWEST, RDN ": invalid attribute"},
    {"attribute type", SUBJECT, "30(31(30(06()0c())))", GO_NEWEST, RDN ": invalid attribute type"},
    {"attribute type padded", SUBJECT, "30(31(30(06(55048003)0c())))", GO(21, 0), RDN ": invalid attribute type"},
    {"attribute type padded before 1.21", SUBJECT, "30(31(30(06(55048003)0c())))", GO(20, 99), NULL},
    {"attribute type arc too large", SUBJECT, "30(31(30(06(55889080808000)0c())))", GO_NEWEST, RDN ": invalid attribute type"},
    {"attribute value", SUBJECT, "30(31(30(06(550403)0c)))", GO_NEWEST, RDN ": invalid attribute value"},
    {"printable", SUBJECT, CN("13('a*&b=?')"), GO_NEWEST, NULL},
    {"not printable", SUBJECT, CN("13('a_b')"), GO_NEWEST, VALUE "invalid PrintableString"},
    {"not UTF-8", SUBJECT, CN("0c(eda080)"), GO_NEWEST, VALUE "invalid UTF-8 string"},
    {"not ASCII", SUBJECT, CN("16(80)"), GO_NEWEST, VALUE "invalid IA5String"},
    {"not numeric", SUBJECT, CN("12('1a')"), GO_NEWEST, VALUE "invalid NumericString"},
    {"BMP odd", SUBJECT, CN("1e(00)"), GO_NEWEST, VALUE "invalid BMPString"},
    {"BMP surrogate", SUBJECT, CN("1e(d83dde00)"), GO(25, 0), VALUE "invalid BMPString"},
    {"BMP surrogate before 1.25", SUBJECT, CN("1e(d83dde00)"), GO(24, 99), NULL},
    {"universal string", SUBJECT, CN("1c(00000041)"), GO_NEWEST, VALUE "unsupported string type: 28"},
    {"validity no sequence", VALIDITY, "31()", GO_NEWEST, "x509: malformed validity"},
    {"one time only", VALIDITY, "30(17('330101000000Z'))", GO_NEWEST, "x509: unsupported time format"},
    {"UTC without seconds", VALIDITY, TIMES("17('2301010000Z')"), GO_NEWEST, NULL},
    {"UTC with offset", VALIDITY, TIMES("17('230101000000+0130')"), GO_NEWEST, NULL},
    {"UTC with zero offset", VALIDITY, TIMES("17('230101000000+0000')"), GO_NEWEST, "x509: malformed UTCTime"},
    {"UTC with 25 hours", VALIDITY, TIMES("17('230101000000+2500')"), GO(23, 0), "x509: malformed UTCTime"},
    {"UTC with 25 hours before 1.23", VALIDITY, TIMES("17('230101000000+2500')"), GO(22, 99), NULL},
    {"29 February", VALIDITY, TIMES("17('240229000000Z')"), GO_NEWEST, NULL},
    {"no 29 February", VALIDITY, TIMES("17('230229000000Z')"), GO_NEWEST, "x509: malformed UTCTime"},
    {"leap second", VALIDITY, TIMES("17('230101000060Z')"), GO_NEWEST, "x509: malformed UTCTime"},
    {"generalized without seconds", VALIDITY, TIMES("18('202301010000Z')"), GO_NEWEST, "x509: malformed GeneralizedTime"},
    {"generalized with fraction", VALIDITY, TIMES("18('20230101000000.5Z')"), GO_NEWEST, "x509: malformed GeneralizedTime"},
    {"spki no sequence", SPKI, "31()", GO_NEWEST, "x509: malformed spki"},
    {"spki algorithm", SPKI, "30(31())", GO_NEWEST, "x509: malformed public key algorithm identifier"},
    {"spki OID", SPKI, "30(30(05()))", GO_NEWEST, "x509: malformed OID"},
    {"spki parameters", SPKI, "30(30(06(2b6570)05))", GO_NEWEST, "x509: malformed parameters"},
    {"spki bits", SPKI, "30(" ED25519 "03(08))", GO_NEWEST, "x509: malformed subjectPublicKey"},
    {"unknown key", SPKI, "30(30(06(2a03))03(00))", GO_NEWEST, NULL},
    {"Ed25519 parameters", SPKI, "30(30(06(2b6570)05())03(00" KEY32 "))", GO_NEWEST,
        "x509: Ed25519 key encoded with illegal parameters"},
    {"Ed25519 length", SPKI, "30(" ED25519 "03(00" KEY32 "00))", GO_NEWEST, "x509: wrong Ed25519 public key size"},
    {"RSA", SPKI, SPKI_RSA("30(02(00c1)02(03))"), GO_NEWEST, NULL},
    {"RSA without NULL", SPKI, "30(30(" RSA_OID ")03(0030(02(00c1)02(03))))", GO_NEWEST, "x509: RSA key missing NULL parameters"},
    {"RSA no sequence", SPKI, SPKI_RSA("31()"), GO_NEWEST, "x509: invalid RSA public key"},
    {"RSA modulus", SPKI, SPKI_RSA("30(02())"), GO_NEWEST, "x509: invalid RSA modulus"},
    {"RSA modulus negative", SPKI, SPKI_RSA("30(02(c1)02(03))"), GO_NEWEST, "x509: RSA modulus is not a positive number"},
    {"RSA exponent", SPKI, SPKI_RSA("30(02(00c1)02(010000000000000001))"), GO_NEWEST, "x509: invalid RSA public exponent"},
    {"RSA exponent zero", SPKI, SPKI_RSA("30(02(00c1)02(00))"), GO_NEWEST, "x509: RSA public exponent is not a positive number"},
    {"P-256", SPKI, "30(30(" EC_OID P256_OID ")03(0004" P256_X P256_Y "))", GO_NEWEST, NULL},
    {"off the curve", SPKI, "30(30(" EC_OID P256_OID ")03(0004" P256_X P256_X "))", GO_NEWEST,
        "x509: failed to unmarshal elliptic curve point"},
    {"compressed point", SPKI, "30(30(" EC_OID P256_OID ")03(0003" P256_X "))", GO_NEWEST,
        "x509: failed to unmarshal elliptic curve point"},
    {"other curve", SPKI, "30(30(" EC_OID "06(2b8104000a))03(0004))", GO_NEWEST, "x509: unsupported elliptic curve"},
    {"explicit parameters", SPKI, "30(30(" EC_OID "30())03(0004))", GO_NEWEST, "x509: invalid ECDSA parameters"},
    {"DSA", SPKI, "30(30(" DSA_OID "30(02(05)02(03)02(02)))03(0002(04)))", GO_NEWEST, NULL},
    {"DSA key", SPKI, "30(30(" DSA_OID ")03(00))", GO_NEWEST, "x509: invalid DSA public key"},
    {"DSA parameters", SPKI, "30(30(" DSA_OID ")03(0002(04)))", GO_NEWEST, "x509: invalid DSA parameters"},
    {"DSA zero", SPKI, "30(30(" DSA_OID "30(02(05)02(00)02(02)))03(0002(04)))", GO_NEWEST,
        "x509: zero or negative DSA parameter"},
    {"issuer unique id", TAIL, "8105", GO_NEWEST, "x509: malformed issuerUniqueID"},
    {"subject unique id", TAIL, "81(00)8205", GO_NEWEST, "x509: malformed subjectUniqueID"},
    {"extensions cut off", TAIL, "a305", GO_NEWEST, "x509: malformed extensions"},
    {"extensions no sequence", TAIL, "a3(31())", GO_NEWEST, "x509: malformed extensions"},
    {"extension no sequence", TAIL, "a3(30(31()))", GO_NEWEST, "x509: malformed extension"},
    {"extension OID", TAIL, "a3(30(30(04())))", GO_NEWEST, "x509: malformed extension OID field"},
    {"extension critical", TAIL, "a3(30(30(06(2a03)01(01)04())))", GO_NEWEST, "x509: malformed extension critical field"},
    {"extension value", TAIL, "a3(30(30(06(2a03)01(00))))", GO_NEWEST, "x509: malformed extension value field"},
    {"extension twice", TAIL, "a3(30(30(06(2a03)04())30(06(2a04)04())30(06(2a03)04())))", GO(23, 0),
        "x509: certificate contains duplicate extension with OID \"1.2.3\""},
    {"extension twice before 1.23", TAIL, "a3(30(30(06(2a03)04())30(06(2a03)04())))", GO(22, 99),
        "x509: certificate contains duplicate extensions"},
    {"malformed before twice", TAIL, "a3(30(30(06(2a03)04())31()30(06(2a03)04())))", GO_NEWEST, "x509: malformed extension"},
    {"twice before malformed", TAIL, "a3(30(30(06(2a03)04())30(06(2a03)04())31()))", GO(22, 0),
        "x509: certificate contains duplicate extensions"},
    {"something else after the key", TAIL, "a4(00)", GO_NEWEST, NULL},
    {"signature no bits", SIGNATURE, "04(00)", GO_NEWEST, "x509: malformed signature"},
    {"first error counts", VERSION, "a0(02(03)) 02(80)", GO_NEWEST, "x509: invalid version"},
};

#define SAN           "551d11"
#define NC            "551d1e"
#define DN            "30(31(30(06(550403)0c('x'))))"
#define URI(text)     "30(86('" text "'))"
#define PERMIT(value) "30(a0(30(" value ")))"

static const struct {
	const char *name, *oid;
	bool critical;
	const char *value;
	unsigned go;
	const char *error;
} extensions[] = {
    {"SAN no sequence", SAN, false, "31()", GO_NEWEST, "x509: invalid subject alternative names"},
    {"SAN cut off", SAN, false, "30(82)", GO_NEWEST, "x509: invalid subject alternative name"},
    {"SAN mail", SAN, false, "30(81(80))", GO_NEWEST, "x509: SAN rfc822Name is malformed"},
    {"SAN DNS", SAN, false, "30(82(80))", GO_NEWEST, "x509: SAN dNSName is malformed"},
    {"SAN DNS empty", SAN, false, "30(82())", GO_NEWEST, NULL},
    {"SAN DNS odd", SAN, false, "30(82('a..b'))", GO(25, 3), NULL},
    {"SAN DNS odd, strict", SAN, false, "30(82('a..b'))", GO(25, 2), "x509: SAN dNSName is malformed"},
    {"SAN no GeneralName", SAN, false, "30(8b(00)80())", GO_NEWEST, NULL},
    {"SAN URI high", SAN, false, "30(86(80))", GO_NEWEST, "x509: SAN uniformResourceIdentifier is malformed"},
    {"SAN IP 5", SAN, false, "30(87(0102030405))", GO_NEWEST, "x509: cannot parse IP address of length 5"},
    {"URI", SAN, false, URI("http://u:p@[::1]:80/a%20b?c#d%20"), GO_NEWEST, NULL},
    {"URI opaque", SAN, false, URI("urn:a b%zz"), GO_NEWEST, NULL},
    {"URI bracket", SAN, false, URI("http://[::1/"), GO_NEWEST,
        "x509: cannot parse URI \"http://[::1/\": parse \"http://[::1/\": missing ']' in host"},
    {"URI port", SAN, false, URI("http://a:b/"), GO_NEWEST,
        "x509: cannot parse URI \"http://a:b/\": parse \"http://a:b/\": invalid port \":b\" after host"},
    {"URI control byte", SAN, false, "30(86('a' 0a))", GO_NEWEST,
        "x509: cannot parse URI \"a\\n\": parse \"a\\n\": net/url: invalid control character in URL"},
    {"URI scheme", SAN, false, URI(":a"), GO_NEWEST, "x509: cannot parse URI \":a\": parse \":a\": missing protocol scheme"},
    {"URI colon", SAN, false, URI("1a:b/c"), GO_NEWEST,
        "x509: cannot parse URI \"1a:b/c\": parse \"1a:b/c\": first path segment in URL cannot contain colon"},
    {"URI user", SAN, false, URI("//a b@c"), GO_NEWEST,
        "x509: cannot parse URI \"//a b@c\": parse \"//a b@c\": net/url: invalid userinfo"},
    {"URI host byte", SAN, false, URI("//a{"), GO_NEWEST,
        "x509: cannot parse URI \"//a{\": parse \"//a{\": invalid character \"{\" in host name"},
    {"URI escape in host", SAN, false, URI("//a%41"), GO_NEWEST,
        "x509: cannot parse URI \"//a%41\": parse \"//a%41\": invalid URL escape \"%41\""},
    {"URI escape in fragment", SAN, false, URI("a#%4"), GO_NEWEST,
        "x509: cannot parse URI \"a#%4\": parse \"a#%4\": invalid URL escape \"%4\""},
    {"URI domain", SAN, false, URI("//a..b"), GO_NEWEST, "x509: cannot parse URI \"//a..b\": invalid domain"},
    {"URI dot", SAN, false, URI("//.a"), GO(23, 0), "x509: cannot parse URI \"//.a\": invalid domain"},
    {"URI dot before 1.23", SAN, false, URI("//.a"), GO(22, 99), NULL},
    {"URI domain, strict", SAN, false, URI("//a..b"), GO(24, 8), "x509: cannot parse URI \"//a..b\": %!s(<nil>)"},
    {"URI literal", SAN, false, URI("//[1.2.3.4]"), GO(25, 4),
        "x509: cannot parse URI \"//[1.2.3.4]\": parse \"//[1.2.3.4]\": invalid IP-literal"},
    {"URI literal of 1.25.3", SAN, false, URI("//[::ffff:1.2.3.4]"), GO(25, 3),
        "x509: cannot parse URI \"//[::ffff:1.2.3.4]\": parse \"//[::ffff:1.2.3.4]\": invalid IPv6 host"},
    {"URI literal wrong", SAN, false, URI("//[1::2::3]"), GO_NEWEST,
        "x509: cannot parse URI \"//[1::2::3]\": parse \"//[1::2::3]\": invalid host: ParseAddr(\"1::2::3\"): multiple :: in "
        "address (at \":3\")"},
    {"URI literal before", SAN, false, URI("//[1::2::3]"), GO(25, 1), NULL},
    {"constraints trailing", NC, true, "30(a0(30(82('a'))))00", GO_NEWEST, "x509: invalid NameConstraints extension"},
    {"constraints inside", NC, true, "30(a0(31()))", GO_NEWEST, "x509: invalid NameConstraints extension"},
    {"constraints empty", NC, true, "30()", GO_NEWEST, "x509: empty name constraints extension"},
    {"constraint DNS", NC, true, PERMIT("82('a..b')"), GO_NEWEST, "x509: failed to parse dnsName constraint \"a..b\""},
    {"constraint two dots", NC, true, PERMIT("82('..a')"), GO(22, 99), NULL},
    {"constraint dot alone", NC, true, PERMIT("82('.')"), GO(25, 3), "x509: failed to parse dnsName constraint \".\""},
    {"constraint dot alone before", NC, true, PERMIT("82('.')"), GO(25, 1), NULL},
    {"constraint high", NC, true, PERMIT("82(ff)"), GO_NEWEST,
        "x509: invalid constraint value: x509: \"\\xff\" cannot be encoded as an IA5String"},
    {"constraint IP length", NC, true, PERMIT("87(01020304)"), GO_NEWEST, "x509: IP constraint contained value of length 4"},
    {"constraint IP mask", NC, true, PERMIT("87(0a000000ff00ff00)"), GO_NEWEST,
        "x509: IP constraint contained invalid mask ff00ff00"},
    {"constraint mail", NC, true, PERMIT("81('a..b@c')"), GO_NEWEST, "x509: failed to parse rfc822Name constraint \"a..b@c\""},
    {"constraint mail quoted", NC, true, PERMIT("81('\"a b\"@c')"), GO_NEWEST, NULL},
    {"constraint URI", NC, true, PERMIT("86('a b')"), GO_NEWEST, "x509: failed to parse URI constraint \"a b\""},
    {"constraint URI address", NC, true, PERMIT("86('10.0.0.1')"), GO_NEWEST,
        "x509: failed to parse URI constraint \"10.0.0.1\": cannot be IP address"},
    {"key usage", "551d0f", true, "04()", GO_NEWEST, "x509: invalid key usage"},
    {"basic constraints", "551d13", true, "31()", GO_NEWEST, "x509: invalid basic constraints"},
    {"basic constraints, 1.20", "551d13", true, "31()", GO(20, 99), "x509: invalid basic constraints a"},
    {"basic constraints flag", "551d13", true, "30(01(01))", GO(20, 99), "x509: invalid basic constraints b"},
    {"basic constraints length", "551d13", true, "30(01(ff)02())", GO(20, 99), "x509: invalid basic constraints c"},
    {"path length negative", "551d13", true, "30(01(ff)02(ff))", GO(25, 0), "x509: invalid basic constraints"},
    {"path length negative before 1.25", "551d13", true, "30(01(ff)02(ff))", GO(24, 99), NULL},
    {"EKU no sequence", "551d25", false, "31()", GO_NEWEST, "x509: invalid extended key usages"},
    {"EKU no OID", "551d25", false, "30(05())", GO_NEWEST, "x509: invalid extended key usages"},
    {"AKI", "551d23", false, "30(8005)", GO_NEWEST, "x509: invalid authority key identifier"},
    {"AKI critical", "551d23", true, "30(80(01))", GO(23, 0), "x509: authority key identifier incorrectly marked critical"},
    {"AKI critical before 1.23", "551d23", true, "30(80(01))", GO(22, 99), NULL},
    {"SKI", "551d0e", false, "05()", GO_NEWEST, "x509: invalid subject key identifier"},
    {"SKI critical", "551d0e", true, "04(01)", GO(23, 0), "x509: subject key identifier incorrectly marked critical"},
    {"AIA", "2b06010505070101", false, "30(30(06(2a03)8605))", GO_NEWEST, "x509: invalid authority info access"},
    {"AIA critical", "2b06010505070101", true, "30()", GO(23, 0), "x509: authority info access incorrectly marked critical"},
    {"CRL points", "551d1f", false, "31()", GO_NEWEST, "x509: invalid CRL distribution points"},
    {"CRL point", "551d1f", false, "30(30(a0(82('x'))))", GO_NEWEST, "x509: invalid CRL distribution point"},
    {"policies", "551d20", false, "30(06(2a03))", GO_NEWEST, "x509: invalid certificate policies"},
    {"policies twice", "551d20", false, "30(30(06(2a03))30(06(2a03)))", GO(24, 0), "x509: invalid certificate policies"},
    {"policies twice before 1.24", "551d20", false, "30(30(06(2a03))30(06(2a03)))", GO(23, 99), NULL},
    {"policy long arc", "551d20", false, "30(30(06(2a90808080808001)))", GO(22, 0), NULL},
    {"policy long arc before 1.22", "551d20", false, "30(30(06(2a90808080808001)))", GO(21, 99),
        "x509: invalid certificate policies"},
    {"policy constraints", "551d24", false, "30(80())", GO(24, 0), "x509: invalid policy constraints extension"},
    {"policy mappings", "551d21", false, "30(30(06(2a03)))", GO(24, 0), "x509: invalid policy mappings extension"},
    {"inhibit any policy", "551d36", false, "30()", GO(24, 0), "x509: invalid inhibit any policy extension"},
    {"inhibit any policy before 1.24", "551d36", false, "30()", GO(23, 99), NULL},
};

/* Critical extensions, and whether Go leaves them unhandled. */
static const struct {
	const char *name, *oid, *value;
	unsigned go;
	bool unhandled;
} criticals[] = {
    {"unknown", "2a03", "", GO_NEWEST, true},
    {"SAN of a directory name", SAN, "30(a4(" DN "))", GO_NEWEST, true},
    {"SAN of both", SAN, "30(a4(" DN ")82('a'))", GO_NEWEST, false},
    {"constraint of a directory name", NC, "30(a0(30(a4(" DN "))))", GO_NEWEST, true},
    {"constraint of DNS", NC, PERMIT("82('a')"), GO_NEWEST, false},
    {"key usage", "551d0f", "03(0780)", GO_NEWEST, false},
    {"EKU", "551d25", "30()", GO_NEWEST, false},
    {"policy constraints", "551d24", "30(80(00))", GO(24, 0), false},
    {"policy constraints before 1.24", "551d24", "30(80(00))", GO(23, 99), true},
    {"issuer alternative name", "551d12", "30()", GO_NEWEST, true},
};

#endif
