/*
 * crtlint explain: a rule, or what a message means.
 */
#include "explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

static const char usage[] =
    "usage: crtlint explain RULE\n"
    "       crtlint explain [--in DIR [OPTION]...] [MESSAGE | -]\n\n"
    "Says what a rule means, why it matters, what to do, and where it comes from.\n"
    "Or says of a message, a whole log line, or several (from standard input with - or without argument): what it means,\n"
    "which end says it and what the other end shows, which rules lead to it, and what to do first. With --in, judges the\n"
    "directory with the options of crtlint check, and names what in it explains the message.\n\n"
    "exit status: 0 recognised (and with --in explained), 1 not recognised, or nothing in the directory explains it, 2 wrong "
    "use\n";

void
explain_paragraph(const char *label, const char *text)
{
	size_t column = 0;
	printf("\n%s\n", label);
	while (*text) {
		size_t n = strcspn(text, " ");
		if (column && column + 1 + n > 74) {
			putchar('\n');
			column = 0;
		}
		printf("%s%.*s", column ? " " : "    ", (int)n, text);
		column += n + (column ? 1 : 0);
		text += n;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void
explain_rule(struct arena *arena, const struct rule *r)
{
	printf("%s: %s\n", r->id, r->title);
	if (r->level == r->mixed)
		printf("\nlevel when it breaks nothing: %s\n", level_text(r->level));
	else
		printf("\nlevel when it breaks nothing: %s; %s where a peer verifies by OpenSSL\n", level_text(r->level),
		    level_text(r->mixed));
	explain_paragraph("what it says of a file", rule_text(arena, r->says));
	explain_paragraph("why", r->why);
	explain_paragraph("what to do", rule_text(arena, r->fix));
	explain_paragraph("source", r->source);
}

/* One word of the shape of an id is a slip in one, not a message. */
static bool
like_a_rule(const char *word)
{
	return strchr(word, '-') && word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static enum status
no_rule(struct arena *arena, const char *word)
{
	const char *names[RULE_COUNT];
	for (int i = 0; i < RULE_COUNT; i++)
		names[i] = rule_get((enum rule_id)i)->id;
	const char *meant = text_nearest(word, names, RULE_COUNT);
	fprintf(stderr, "crtlint: no rule '%s'%s%s%s; crtlint rules lists them\n", text_safe(arena, slice_of(word), TEXT_VALUE),
	    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
	return STATUS_USAGE;
}

static const char *
side_text(enum message_side side)
{
	static const char *const sides[] = {
	    [MESSAGE_READER] = "reader: the program that reads the directory, when it starts or reloads, or before it dials",
	    [MESSAGE_DIALER] = "dialer: the end that dials",
	    [MESSAGE_LISTENER] = "listener: the end that is dialed",
	    [MESSAGE_VERIFIER] = "verifier: the end that looks at the other's certificate, whichever that is",
	    [MESSAGE_REFUSED] = "refused: the end whose certificate the other one refused; it only heard so",
	    [MESSAGE_NOBODY] = "nobody: no certificate is to blame",
	};
	return sides[side];
}

/* The pattern with NAMEs in place of <names>. */
static const char *
pattern_text(struct arena *arena, const char *pattern)
{
	struct buf out = {.arena = arena};
	struct token t;
	while (template_next(&pattern, &t)) {
		char *piece = arena_strndup(arena, (const char *)t.text.p, t.text.n);
		for (char *p = piece; t.is_name && *p; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
		buf_add(&out, t.is_name && strcmp(piece, "ERROR") == 0 ? "..." : piece);
	}
	return buf_text(&out);
}

static void
print_rules(const char *rules)
{
	printf("\nrules that lead to it, the likeliest first\n");
	for (size_t n; *rules; rules += n + (rules[n] == ' ')) {
		char id[64];
		n = strcspn(rules, " ");
		snprintf(id, sizeof(id), "%.*s", (int)n, rules);
		const struct rule *r = rule_find(id);
		printf("    %-32s %s\n", id, r ? r->title : "");
	}
}

/* What is inside counts; where that says nothing of its own, what is around it. */
static const char *
rules_of(const struct matches *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (*found->list[i].message->rules)
			return i == 0 || found->wrappers == 0 ? found->list[i].message->rules : "";
	return "";
}

static void
explain_message(struct arena *arena, const struct matches *found)
{
	const struct match *best = &found->list[0];
	const struct message *m = best->message;
	char id[64];

	printf("%s\n", pattern_text(arena, m->pattern));
	for (size_t i = 0; i < best->n_values; i++)
		printf("    %s: %s\n", best->values[i].name, best->values[i].text);
	explain_paragraph("meaning", m->meaning);
	explain_paragraph("said by", side_text(matches_side(found)));
	if (m->where)
		printf("    (%s)\n", m->where);
	if (m->sees && *m->sees)
		explain_paragraph("the other end shows", pattern_text(arena, m->sees));
	for (size_t i = found->wrappers; i < found->n; i++)
		if (i > 0)
			printf("%s    %s%s%s%s\n", i == found->wrappers || i == 1 ? "\nmet inside\n" : "",
			    pattern_text(arena, found->list[i].message->pattern), found->list[i].message->where ? " (" : "",
			    found->list[i].message->where ? found->list[i].message->where : "",
			    found->list[i].message->where ? ")" : "");
	const char *rules = rules_of(found);
	if (*rules)
		print_rules(rules);
	snprintf(id, sizeof(id), "%.*s", (int)strcspn(rules, " "), rules);
	const struct rule *r = rule_find(id);
	if (*m->first || r)
		explain_paragraph("what to do first", *m->first ? m->first : rule_text(arena, r->fix));
	for (size_t i = 1; i < found->wrappers; i++)
		printf("%s    %s\n", i == 1 ? "\nalso possible, or also in this text\n" : "",
		    pattern_text(arena, found->list[i].message->pattern));
}

static struct slice
standard_input(struct arena *arena)
{
	uint8_t *p = arena_alloc(arena, LIMIT_MESSAGE);
	return (struct slice){p, fread(p, 1, LIMIT_MESSAGE, stdin)};
}

/* The words, put together again as the shell took them apart. */
static struct slice
joined(struct arena *arena, const struct words *words)
{
	struct buf out = {.arena = arena};
	for (size_t i = 0; i < words->n; i++)
		buf_printf(&out, "%s%s", i ? " " : "", words->list[i]);
	return slice_of(buf_text(&out));
}

static enum status
recognise(struct options *o, const char *directory, struct slice text, const char *only_word)
{
	size_t n;
	const struct profile *const *profiles = profiles_load(o->arena, &n), *own = NULL;
	if (o->profile && !(own = profile_named(o->arena, o->profile, &o->errors))) {
		complain(&o->errors);
		return STATUS_USAGE;
	}
	const struct messages *messages = messages_new(o->arena, own ? &own : profiles, own ? 1 : n);
	struct matches found = messages_match(o->arena, messages, text);
	if (found.n) {
		explain_message(o->arena, &found);
	} else if (only_word && like_a_rule(only_word)) {
		return no_rule(o->arena, only_word);
	} else if (!text.n) {
		fprintf(stderr, "crtlint: there is no message to explain\n");
		return STATUS_USAGE;
	} else if (!directory) {
		printf("This message is not known. Known are what Go's and OpenSSL's TLS libraries say of certificates and keys, "
		       "and what the\n"
		       "systems say that crtlint profiles lists. The line before or after it in the log may say more.\n");
	}
	enum status status = found.n ? STATUS_CLEAN : STATUS_FINDINGS;
	if (directory)
		status = explain_in(o, directory, messages, text, &found);
	return status;
}

enum status
explain_command(int argc, char **argv)
{
	if (wants_help(argc, argv, usage))
		return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	struct arena *arena = arena_new();
	struct options options;
	const char *directory = NULL;
	bool from_input = false;
	int kept = 0;
	options_init(&options, arena);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0)
			from_input = true;
		else if (strcmp(argv[i], "--in") == 0 && i + 1 < argc)
			directory = argv[++i];
		else if (strncmp(argv[i], "--in=", 5) == 0)
			directory = argv[i] + 5;
		else
			argv[kept++] = argv[i];
	}
	options_parse(&options, kept, argv);
	if (options.cluster || options.previous.n || options.recursive || options.lists.n)
		error_add(&options.errors, NULL, (struct loc){0, 0},
		    "explain looks into one directory: not with --cluster, --previous, -r or --from-file");
	if (options.errors.n || (from_input && options.paths.n)) {
		complain(&options.errors);
		if (!options.errors.n)
			fprintf(stderr, "crtlint: explain takes a message or -, not both\n");
		arena_free(arena);
		return STATUS_USAGE;
	}
	const char *word = options.paths.n == 1 ? options.paths.list[0] : NULL;
	enum status status = STATUS_CLEAN;
	if (word && !directory && rule_find(word)) {
		explain_rule(arena, rule_find(word));
	} else if (options.paths.n) {
		status = recognise(&options, directory, joined(arena, &options.paths), word);
	} else if (from_input || !isatty(STDIN_FILENO)) {
		status = recognise(&options, directory, standard_input(arena), NULL);
	} else {
		fputs("crtlint: explain takes a rule or a message; crtlint rules lists the rules\n", stderr);
		status = STATUS_USAGE;
	}
	if (!flush_output())
		status = STATUS_FAILED;
	arena_free(arena);
	return status;
}
