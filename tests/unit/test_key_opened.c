/* Keys behind an empty passphrase, and keys that have more than their form. The files were made with openssl and Go for these tests alone. */
#include <check.h>

#include "crtlint/object.h"
#include "crtlint/version.h"
#include "data_keys.h"

static const char aes[] = "-----BEGIN EC PRIVATE KEY-----\n"
                          "Proc-Type: 4,ENCRYPTED\n"
                          "DEK-Info: AES-192-CBC,ba9a72a27731554e74e4248f25fa3666\n"
                          "\n"
                          "BrNWzSJoZwtAjVfH9DCAlQY51DaAu4HGtvDQrFltC1Enki5MLlaWCnSqBEaGRt2/\n"
                          "1VZ1fQCK96N+kRA/eb4EFVpTekiml4fsYcOEvZ1/PTOH2Z3MP01drWuYmfKkj6BO\n"
                          "F9LvkWLFjSn800uPYPWyBCfOjTVUATFGz0SNHVhvW/U=\n"
                          "-----END EC PRIVATE KEY-----\n";

static const char triple_des[] = "-----BEGIN EC PRIVATE KEY-----\n"
                                 "Proc-Type: 4,ENCRYPTED\n"
                                 "DEK-Info: DES-EDE3-CBC,14133e2e0d6d73ec\n"
                                 "\n"
                                 "MYLDSo1O0tnBiPi3j8mZhqPePtdzuJxWHMTj7Gjr3EQNBFatPVOjI9us76JgiCtG\n"
                                 "48yFlR+tf3o+/Jd20SdkLtc6dXtOyJeXLrnES7AX+STjs/SQHz+ujGTVliSZYEXH\n"
                                 "mYKU/33t/Ztw9d8hHis8HZ/QxkBGsr403PR6Ff2jQnI=\n"
                                 "-----END EC PRIVATE KEY-----\n";

static const char pkcs8[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhWtTbMbu1LlAICCAAw\n"
                            "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEB7sivBT2FS+FDJeTnpvC/AEgZAd\n"
                            "kzhmYG0S1FsUyuJ0sDewb/4cmIOdQ6OGAoadg/tgHDsfFnyPC/Mjx0cGFHIa2k5R\n"
                            "WyqPRGQjQbPmtf+g15XM0bxrSAAnDusQ7fGKqNzu4QnG6Vba3aImwDcEXhKVfB+w\n"
                            "APX8vwlWYatZ1hATYv0DcvTJ0Kd0LfWOpRRm0GB/XbjAT4HEYAIkRnj7+3wWiSE=\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char slow[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                           "MIHtMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAjca9KloSyEbAIDFuNg\n"
                           "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBCnYf4BCRDLeD6a6sFO4e2rBIGQ\n"
                           "HKeaBmbkZXKCuDIeTpiichwwrvaWfyhz3Whze8wTKdoFTcoIe2eQII6mkQ4Qkpa+\n"
                           "dNw7OHyFg/459UkwboCycpGOl29wHXGG/6M+Xfy13xI45E5JDytQlnewvawNKS6y\n"
                           "SoOE1MuFuM9BZhcEjXvx/oD55P0aFfucCAsXg06kMN6ox5sqggu04dQQtQvGhbFz\n"
                           "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char locked[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                             "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgFgm3M3maV0wICCAAw\n"
                             "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEENxHXiok8SJ4w60nGtbh5L8EgZCY\n"
                             "72qx+KwB/3VALnB8DTe4h/SQkcY2RbKadYdjQQKiHlXBb4j/QsMhUe9QY+2QpSmj\n"
                             "ONt/8Jl17AoNNSdZA1DM7anhlnilvXOMKWQTUCCtdNtm05705eOERm2NfO5Q6saG\n"
                             "t813iwK+sF47yNjQhzmsUAkh3wyLpNmDaT/15EbVzrds2thXiFGoB8cZ4JB8mLk=\n"
                             "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char version_2[] = "-----BEGIN PRIVATE KEY-----\n"
                                "MFECAQEwBQYDK2VwBCIEIPlMgQmcojI2ZYRTgk5WxR/WuEwUKzMHClZAUQHDXSZM\n"
                                "gSEAJok3De/M3zndwduabC1T1zlcR/RQWMM3xkDgTTtZBsk=\n"
                                "-----END PRIVATE KEY-----\n";

static const char behind[] = "-----BEGIN EC PRIVATE KEY-----\n"
                             "MHkCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n"
                             "AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n"
                             "2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fngUA\n"
                             "-----END EC PRIVATE KEY-----\n";

static const struct {
	const char *name, *file;
	bool opens;
	enum key_form form;
} rows[] = {
    {"AES-192-CBC", aes, true, KEY_FORM_SEC1},
    {"DES-EDE3-CBC", triple_des, true, KEY_FORM_SEC1},
    {"PKCS#8", pkcs8, true, KEY_FORM_PKCS8},
    {"too many rounds, though it is empty", slow, false, KEY_FORM_NONE},
    {"another passphrase", locked, false, KEY_FORM_NONE},
    {"not encrypted", P256_SEC1, false, KEY_FORM_NONE},
    {"no key", CERTIFICATE_ONLY, false, KEY_FORM_NONE},
};

START_TEST(opened)
{
	struct arena *arena = arena_new();
	struct object *o = object_parse(arena, slice_of(rows[_i].file), GO_NEWEST);
	const struct key *k = object_opened(arena, o);

	ck_assert_msg((k != NULL) == rows[_i].opens, "%s", rows[_i].name);
	ck_assert_ptr_eq(object_opened(arena, o), k);
	if (k) {
		struct spki spki = {
		    .type = KEY_EC, .curve = CURVE_P256, .point = {public_p256.der + public_p256.at, public_p256.n}};
		ck_assert_int_eq(key_match(k, &spki), KEY_MATCHES);
		ck_assert_int_eq(k->form, rows[_i].form);
		ck_assert(k->inside && slice_eq(k->label, object_key(arena, o)->label));
	}
	arena_free(arena);
}
END_TEST

START_TEST(locks)
{
	ck_assert_uint_eq(key_locked(slice_of(pkcs8)), 0);
	ck_assert_uint_gt(key_locked(slice_of(locked)), 0);
	ck_assert_uint_gt(key_locked(slice_of(slow)), 0);
}
END_TEST

static const struct {
	const char *name, *file;
	bool lax;
} forms[] = {
    {"RSA PKCS#1", RSA_PKCS1, false},
    {"RSA PKCS#8", RSA_PKCS8, false},
    {"RSA without CRT values", RSA_NO_CRT, true},
    {"RSA, three primes", RSA_THREE_PRIMES, false},
    {"P-256 SEC1", P256_SEC1, false},
    {"P-521 PKCS#8", P521_PKCS8, false},
    {"EC without public part", P256_NO_PUBLIC, false},
    {"EC, compressed public part", P256_COMPRESSED, false},
    {"Ed25519", ED25519, false},
    {"Ed25519 with its public key", version_2, true},
    {"something behind", behind, true},
};

START_TEST(strict)
{
	struct arena *arena = arena_new();
	const struct key *k = object_key(arena, object_parse(arena, slice_of(forms[_i].file), GO_NEWEST));

	ck_assert_msg(k->flaw == KEY_SOUND && k->lax == forms[_i].lax, "%s: lax %d", forms[_i].name, k->lax);
	arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("key_opened");
	TCase *c = tcase_create("key_opened");
	SRunner *r;

	tcase_add_loop_test(c, opened, 0, sizeof rows / sizeof *rows);
	tcase_add_test(c, locks);
	tcase_add_loop_test(c, strict, 0, sizeof forms / sizeof *forms);
	suite_add_tcase(s, c);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
