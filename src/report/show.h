/*
 * show: single values as reports write them, in one place so that no two formats differ.
 */
#ifndef REPORT_SHOW_H
#define REPORT_SHOW_H

#include "crtlint/report.h"

/* show_serial(arena, contents of the INTEGER): whole bytes in hexadecimal without leading zero bytes, "-" in front of a negative
 * one; "00" for zero. */
const char *show_serial(struct arena *, struct slice);

/* show_eku(arena, OID): RFC 5280's name, else dotted decimal. */
const char *show_eku(struct arena *, struct slice);

/* show_key_type(type): "RSA", "ECDSA", ...; NULL: unknown. show_curve(curve): "P-256"; NULL: none or another. */
const char *show_key_type(enum key_type);
const char *show_curve(enum curve);

/* show_key_form(form): "PKCS#1"; NULL: none. */
const char *show_key_form(enum key_form);

/* show_entry_type(type), show_origin(origin), show_stage(stage; NULL: none). */
const char *show_entry_type(enum entry_type);
const char *show_origin(enum origin);
const char *show_stage(enum stage);

/* show_place(arena, directory, file): "certs/node.crt"; the directory alone for NULL. */
const char *show_place(struct arena *, const char *, const char *);

/* show_holder(arena, facts, cert): "node.crt #2" (the first of a file without number); "not of this directory". */
const char *show_holder(struct arena *, const struct facts *, const struct cert *);

/* show_joined(arena, words, separator): one text. */
const char *show_joined(struct arena *, const struct words *, const char *);

/* show_command(arena, argv, ascii): for a POSIX shell; what the gate has escaped, or is not ASCII where only that can be
 * shown, is written so that bash, ksh and zsh turn it back into the bytes. */
const char *show_command(struct arena *, const struct words *, bool);

/* show_owner(facts, file, &effort): the name of the file whose first certificate this file's private key belongs to, its
 * own first; NULL: none. Looking through the other files takes from effort; when that is used up, only its own is looked
 * at. */
const char *show_owner(const struct facts *, const struct file *, size_t *);

#endif
