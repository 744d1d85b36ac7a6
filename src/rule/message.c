/*
 * The texts that are known: the table, and the templates of the profiles with what their rows ask.
 */
#include "crtlint/message.h"

#include <string.h>

#include "crtlint/text.h"

#include "message_table.h"

static const struct message table[] = {
#define MESSAGE(side_, pattern_, sees_, meaning_, first_, rules_)                                                                \
	{.side = MESSAGE_##side_,                                                                                                \
	    .pattern = (pattern_),                                                                                               \
	    .sees = (sees_),                                                                                                     \
	    .meaning = (meaning_),                                                                                               \
	    .first = (first_),                                                                                                   \
	    .rules = (rules_)},
#define WRAPPER(side_, pattern_, meaning_, rules_)                                                                               \
	{.side = MESSAGE_##side_, .wraps = true, .pattern = (pattern_), .meaning = (meaning_), .first = "", .rules = (rules_)},
#define MEANS(check_, of_, meaning_, rules_)
#include "messages.def"
#undef MESSAGE
#undef WRAPPER
#undef MEANS
};

enum of { OF_FILE, OF_KEY, OF_DIRECTORY, OF_LIST, OF_DN };

static const struct {
	enum check check;
	enum of of;
	const char *meaning, *rules;
} means[] = {
#define MESSAGE(side_, pattern_, sees_, meaning_, first_, rules_)
#define WRAPPER(side_, pattern_, meaning_, rules_)
#define MEANS(check_, of_, meaning_, rules_) {CHECK_##check_, OF_##of_, (meaning_), (rules_)},
#include "messages.def"
#undef MESSAGE
#undef WRAPPER
#undef MEANS
};

static const char *
lower(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text);

	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 0x20;
	return out;
}

/* Adjacent literal bytes become one piece; "..." stands for any text, like a name. */
static void
compile(struct arena *a, struct row *row)
{
	const char *text = row->message->pattern;
	struct token token;
	size_t capacity = 0;

	while (template_next(&text, &token)) {
		struct slice left = token.text;

		while (left.n || token.is_name) {
			const uint8_t *dots = token.is_name || left.n < 3 ? NULL : memmem(left.p, left.n, "...", 3);
			size_t n = dots ? (size_t)(dots - left.p) : left.n;
			struct piece *last = row->n ? &row->pieces[row->n - 1] : NULL;

			if (n && !token.is_name && last && !last->name) {
				last->literal = arena_printf(a, "%s%.*s", last->literal, (int)n, (const char *)left.p);
			} else if (n) {
				const char *copy = arena_strndup(a, (const char *)left.p, n);
				row->pieces = arena_grow(a, row->pieces, row->n, &capacity, sizeof(*row->pieces));
				row->pieces[row->n++] = token.is_name ? (struct piece){.name = copy}
				                                      : (struct piece){.literal = copy};
			}
			if (dots) {
				row->pieces = arena_grow(a, row->pieces, row->n, &capacity, sizeof(*row->pieces));
				row->pieces[row->n++] = (struct piece){.name = "..."};
			}
			if (token.is_name || !dots)
				break;
			left = (struct slice){dots + 3, left.n - n - 3};
		}
	}
	for (size_t i = 0; i < row->n; i++)
		if (row->pieces[i].literal) {
			row->pieces[i].literal = lower(a, row->pieces[i].literal);
			row->weight += (unsigned)strlen(row->pieces[i].literal);
		}
}

static void
add(struct messages *m, const struct message *message)
{
	struct row *row;

	m->rows = arena_grow(m->arena, m->rows, m->n, &m->capacity, sizeof(*m->rows));
	row = &m->rows[m->n++];
	*row = (struct row){.message = message};
	compile(m->arena, row);
}

/* A text that several rows of a profile have is one: the rules of all of them lead to it. */
static void
add_template(struct messages *m, struct message message, enum check check, enum of of)
{
	const char *error = strstr(message.pattern, "<error>");
	size_t n = strlen(message.pattern);

	for (enum of any = of;; any = OF_FILE) { /* what nothing special is known of is as for files */
		for (size_t i = 0; !message.rules && i < sizeof(means) / sizeof(*means); i++)
			if (means[i].check == check && means[i].of == any) {
				message.meaning = means[i].meaning;
				message.rules = means[i].rules;
			}
		if (any == OF_FILE)
			break;
	}
	/* Behind what cannot be read stand the system's words only. */
	message.wraps = check != CHECK_BE_READABLE && (error || (n > 3 && strcmp(message.pattern + n - 3, "...") == 0));
	message.first = "";
	message.meaning = message.meaning ? message.meaning : "";
	message.rules = message.rules ? message.rules : "";
	for (size_t i = m->profile_from; i < m->n; i++) {
		struct message *known = (struct message *)m->rows[i].message;

		if (strcmp(known->pattern, message.pattern))
			continue;
		if (known->side == message.side && !strstr(known->rules, message.rules))
			known->rules = arena_printf(m->arena, "%s %s", known->rules, message.rules);
		return;
	}
	struct message *copy = arena_alloc(m->arena, sizeof(*copy));
	*copy = message;
	add(m, copy);
}

static enum of
of_what(const struct profile *p, const struct step *s)
{
	if (s->of_key)
		return OF_KEY;
	if (s->files.n && strcmp(s->files.list[0], ".") == 0)
		return OF_DIRECTORY;
	for (size_t i = 0; i < s->among.n; i++)
		if (strcmp(s->among.list[i], "DN") == 0)
			return OF_DN;
	return p->n_principals ? OF_FILE : OF_LIST;
}

static void
add_steps(struct messages *m, const struct profile *p, const struct steps *steps, const char *when, bool admission)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *s = &steps->list[i];
		const char *where = arena_printf(
		    m->arena, "%s, %s%s%s", p->name, when, s->kinds.n ? " of " : "", s->kinds.n ? s->kinds.list[0] : "");
		const char *sees = !admission            ? ""
		                   : s->tells            ? s->tells
		                   : s->during_handshake ? "remote error: tls: bad certificate"
		                                         : "the same";

		if (s->says)
			add_template(m,
			    (struct message){.side = admission ? MESSAGE_LISTENER : MESSAGE_READER,
			        .pattern = s->says,
			        .sees = sees,
			        .where = where},
			    s->check, of_what(p, s));
		if (s->tells)
			add_template(m,
			    (struct message){.side = MESSAGE_DIALER, .pattern = s->tells, .sees = s->says, .where = where},
			    s->check, of_what(p, s));
	}
}

static enum message_side
log_side(const struct log_row *log)
{
	static const char *const read[] = {"ignored", "load", "start", "reload"};

	for (size_t i = 0; i < sizeof(read) / sizeof(*read); i++)
		if (strcmp(log->of, read[i]) == 0)
			return MESSAGE_READER;
	return log->to.n ? MESSAGE_LISTENER : MESSAGE_DIALER;
}

static void
add_profile(struct messages *m, const struct profile *p)
{
	m->profile_from = m->n;
	add_steps(m, p, &p->load, "as a file is loaded", false);
	add_steps(m, p, &p->start, "at start", false);
	add_steps(m, p, &p->reload, "at a reload", false);
	add_steps(m, p, &p->dial, "before a connection", false);
	for (size_t i = 0; i < p->n_files; i++)
		if (p->files[i].says)
			add_template(m,
			    (struct message){.pattern = p->files[i].says,
			        .sees = "",
			        .where = arena_printf(m->arena, "%s, a file that is skipped", p->name)},
			    CHECK_NONE, OF_FILE);
	for (size_t i = 0; i < p->n_principals; i++)
		if (p->principals[i].says)
			add_template(m,
			    (struct message){.side = MESSAGE_LISTENER,
			        .pattern = p->principals[i].says,
			        .meaning = "A URI name of the certificate is malformed, so that it is worth no name.",
			        .rules = "subject-scope",
			        .where = arena_printf(m->arena, "%s, admission", p->name)},
			    CHECK_NONE, OF_FILE);
	add_steps(m, p, &p->admission, "admission", true);
	for (size_t i = 0; i < p->n_logs; i++)
		add_template(m,
		    (struct message){.side = log_side(&p->logs[i]),
		        .pattern = p->logs[i].says,
		        .meaning = "The log's words around a text.",
		        .rules = "",
		        .where = arena_printf(m->arena, "%s, the log", p->name)},
		    CHECK_NONE, OF_FILE);
}

struct messages *
messages_new(struct arena *arena, const struct profile *const *profiles, size_t n)
{
	struct messages *m = arena_alloc(arena, sizeof(*m));

	m->arena = arena;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		add(m, &table[i]);
	for (size_t i = 0; i < n; i++)
		add_profile(m, profiles[i]);
	return m;
}

const struct message *
messages_each(const struct messages *m, size_t i)
{
	return i < m->n ? m->rows[i].message : NULL;
}
