/*
 * labels: stand-ins for what lines say behind BEGIN and END. Readers of PEM ask only whether two of them are alike, and up to where: of
 * any two that part at some byte the stand-ins part there, too, and labels that have a meaning stand for themselves.
 */
#ifndef SNAPSHOT_LABELS_H
#define SNAPSHOT_LABELS_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/arena.h"

struct labels;

/* labels_new(arena, words, n): nothing read but those words. */
struct labels *labels_new(struct arena *, const char *const *, size_t);

/* labels_start(labels): a label begins. */
void labels_start(struct labels *);

/* labels_step(labels, byte, same): what stands for the label's next byte: a byte of its class, or itself if it has to be. */
uint8_t labels_step(struct labels *, uint8_t, bool);

/* labels_blank(byte): what stands for a byte that need not be told from others of its class: base64, blank, control, above 0x7f, other. */
uint8_t labels_blank(uint8_t);

#endif
