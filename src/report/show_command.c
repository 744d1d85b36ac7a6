#include "show.h"

#include <string.h>

#include "crtlint/text.h"

static bool
has_foreign(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s >= 0x80)
			return true;
	}
	return false;
}

/* In '...' only the apostrophe needs care. In $'...' the visible escapes of the gate (\xff, \u001b, and \\ in file names)
 * are those of the shell, so that the command names the file itself and not its escaped name. */
static void
quote(struct buf *out, const char *s, bool escapes)
{
	char one[2] = "";

	buf_add(out, escapes ? "$'" : "'");
	for (; *s != '\0'; s++) {
		one[0] = *s;
		buf_add(out, *s != '\'' ? one : escapes ? "\\'" : "'\\''");
	}
	buf_add(out, "'");
}

const char *
show_command(struct arena *arena, const struct words *argv, bool ascii)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+:,./-=";
	struct buf text = {.arena = arena};

	for (size_t i = 0; i < argv->n; i++) {
		const char *word = argv->list[i];
		bool assigns = i == 0 && strchr(word, '=') != NULL;
		buf_add(&text, i > 0 ? " " : "");
		if (*word != '\0' && word[strspn(word, plain)] == '\0' && !assigns)
			buf_add(&text, word);
		else
			quote(&text, word, strchr(word, '\\') != NULL || (ascii && has_foreign(word)));
	}
	return buf_text(&text);
}
