package dev.snoozy.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Puts questions into words, as the evaluation harness does for the seven tasks. */
final class Prompts {
    private static final Pattern BRACKETS = Pattern.compile("\\[.*?\\]");

    private Prompts() {}

    static Item of(Question question, Profile profile) {
        return switch (question) {
            case Question.YesNo q -> {
                String context = q.passage() + "\nQuestion: " + q.question() + "?\nAnswer:";
                yield item(q, context, List.of("no", "yes"));
            }
            case Question.Goal q -> item(q, "Question: " + q.goal() + "\nAnswer:", q.ways());
            case Question.Scene q ->
                    item(q, scene(q, profile), q.ends().stream().map(Prompts::clean).toList());
            case Question.Gap q -> gap(q);
            case Question.Stem q -> item(q, q.stem(), q.answers());
        };
    }

    /** ARC's questions are announced, those of OpenBookQA are not. */
    static Item of(Task task, Question question, Profile profile) {
        if (question instanceof Question.Stem q && task != Task.OPENBOOKQA) {
            return item(q, "Question: " + q.stem() + "\nAnswer:", q.answers());
        }
        return of(question, profile);
    }

    /** The words for people: of a sentence with a gap what belongs there, else what is scored. */
    static ItemText text(Task task, Question question, Profile profile) {
        if (question instanceof Question.Gap q) {
            return new ItemText(q.sentence(), q.options());
        }
        List<Item.Choice> choices = of(task, question, profile).choices();
        return new ItemText(
                choices.getFirst().context(), choices.stream().map(Item.Choice::text).toList());
    }

    private static Item item(Question question, String context, List<String> answers) {
        List<Item.Choice> choices = new ArrayList<>();
        for (String answer : answers) {
            choices.add(new Item.Choice(context, " " + answer, answer));
        }
        return new Item(question.index(), question.gold(), choices);
    }

    private static String scene(Question.Scene q, Profile profile) {
        String context =
                profile == Profile.LLAMA_CPP
                        ? q.context()
                        : q.first() + " " + capitalised(q.second());
        return clean(q.activity() + ": " + context);
    }

    /**
     * The options stand in the contexts, and what follows the gap is scored (Trinh and Le 2018).
     */
    private static Item gap(Question.Gap q) {
        int gap = q.sentence().indexOf('_');
        String before = q.sentence().substring(0, gap);
        String after = q.sentence().substring(gap + 1).strip();
        List<Item.Choice> choices = new ArrayList<>();
        for (String option : q.options()) {
            choices.add(new Item.Choice(before + option, " " + after, after));
        }
        return new Item(q.index(), q.gold(), choices);
    }

    /** As Python's capitalize: the first character is a title's, all others are small. */
    static String capitalised(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        String title = title(text.codePointAt(0));
        return title + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String title(int codePoint) {
        String one = Character.toString(codePoint);
        int title = Character.toTitleCase(codePoint);
        return title != codePoint || one.toUpperCase(Locale.ROOT).length() == one.length()
                ? Character.toString(title)
                : titleOfMany(one);
    }

    /** Characters such as ß become several, of which the first alone is large. */
    private static String titleOfMany(String one) {
        String upper = one.toUpperCase(Locale.ROOT);
        int first = upper.offsetByCodePoints(0, 1);
        return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
    }

    /** Marks of the WikiHow part are taken out, and double blanks made one, in one pass. */
    static String clean(String text) {
        String plain = text.strip().replace(" [title]", ". ");
        return BRACKETS.matcher(plain).replaceAll("").replace("  ", " ");
    }
}
