package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.DataRecord;
import dev.snoozy.curate.records.Message;

import java.util.List;
import java.util.regex.Pattern;

/**
 * See {@link FilterKind#REFUSAL}. A refusal stands at the beginning of an answer: only that is
 * looked at, so that a story may have a robot who says such things.
 */
record RefusalFilter(int first) implements RowFilter {
    /**
     * A pattern.
     *
     * @param name in the reason of a removed row
     * @param words in lower case: whatever the pattern finds has one of them, so that a text with
     *     none need not be searched
     */
    record Rule(String name, List<String> words, Pattern pattern) {}

    private static final String CANNOT =
            "(?:can ?not|can't|cant|could not|couldn't|will not|won't|am not able to|am unable to"
                    + "|'m not able to|'m unable to|'m afraid i can't)";

    static final List<Rule> RULES =
            List.of(
                    rule(
                            "as-an-ai",
                            List.of(
                                    " ai",
                                    " a.i.",
                                    " artificial intelligence",
                                    " chatbot",
                                    " chat bot",
                                    " virtual assistant",
                                    " model"),
                            "\\bas an? (?:\\w+ )?(?:ai|a\\.i\\.|artificial intelligence|chat ?bot|virtual assistant|language model)\\b"),
                    rule(
                            "i-am-an-ai",
                            List.of(
                                    " ai",
                                    " model",
                                    " chatbot",
                                    " chat bot",
                                    " artificial intelligence",
                                    " program"),
                            "\\bi(?:'m| am)(?: just| only| merely)? an? (?:\\w+ )?(?:ai|language model|chat ?bot|artificial intelligence|computer program)\\b(?! (?:researcher|engineer|enthusiast|student|company))"),
                    rule(
                            "language-model",
                            List.of(" model", " program", " machine"),
                            "\\b(?:being|just|only|merely|simply) an? (?:ai |large |computer )*(?:language model|program)\\b|\\bi,? as an? (?:\\w+ ){0,2}(?:model|program|machine)\\b"),
                    rule(
                            "vendor",
                            List.of("openai", "anthropic"),
                            "\\b(?:trained|created|developed|made|built) by (?:openai|anthropic)\\b|\\b(?:openai's|anthropic's) (?:content |use ?case |usage )?polic"),
                    rule(
                            "my-programming",
                            List.of(
                                    "my programming",
                                    "my training data",
                                    "my knowledge cut",
                                    "my capabilities as an"),
                            "\\b(?:my|beyond my|within my) (?:programming|training data|knowledge cut-?off|capabilities as an)\\b"),
                    rule(
                            "no-feelings",
                            List.of(
                                    "feelings",
                                    "emotions",
                                    "opinions",
                                    "beliefs",
                                    "preferences",
                                    "experiences",
                                    "consciousness"),
                            "\\bi (?:do not|don't) (?:have|possess) (?:any )?(?:personal |human |real |physical )*(?:feelings|emotions|opinions|beliefs|preferences|experiences|consciousness)\\b"),
                    rule(
                            "cannot-help",
                            List.of(
                                    "i can",
                                    "i could",
                                    "i will not",
                                    "i won't",
                                    "i am not able",
                                    "i am unable",
                                    "'m not able",
                                    "'m unable",
                                    "'m afraid i can't"),
                            "\\bi(?: "
                                    + CANNOT
                                    + "|'m (?:not able|unable) to|'m afraid i can't) (?:\\w+ )?(?:help|assist|provide|fulfil|fulfill|comply|complete|answer|generate|create|write|engage|support|discuss) (?:you |with |that|this|your|any|the|such|to |it\\b)"),
                    rule(
                            "sorry-but-i",
                            List.of("sorry", "apologies", "i apologi", "unfortunately"),
                            "^\\W*(?:i'm |i am )?(?:very |really |so )?(?:sorry|my apologies|apologies|i apologi[sz]e|unfortunately),? (?:but )?(?:i|as an|there is not enough)(?: "
                                    + CANNOT
                                    + "|'m (?:not able|unable)| do(?: not|n't) (?:have|understand|know)| need more| an|\\b information)"),
                    rule(
                            "not-appropriate",
                            List.of("appropriate", "ethical", "acceptable"),
                            "\\bit(?:'s| is| would be| wouldn't be| would not be) (?:not (?:appropriate|ethical|acceptable)|inappropriate|unethical|appropriate) (?:for me )?to (?:help|provide|assist|write|generate|create|discuss|make|engage)\\b"),
                    rule(
                            "illegal",
                            List.of("illegal", "harmful", "violence", "hate"),
                            "\\b(?:illegal and (?:dangerous|unethical|harmful)|(?:promotes?|encourages?|condones?) (?:illegal|harmful|violence|hate))\\b[^.]*\\bi (?:can|will|do|must)"),
                    rule(
                            "not-enough",
                            List.of("context", "information", "input"),
                            "^\\W*(?:there (?:is|was)|i (?:was )?(?:do not|don't) have) (?:no|not|insufficient|enough) (?:enough )?(?:context|information|input)\\b|^\\W*(?:no|insufficient) (?:context|input) (?:was |is )?(?:given|provided)"),
                    rule(
                            "real-time",
                            List.of("access", "browse"),
                            "\\bi (?:do not|don't|can ?not|can't) (?:have )?(?:access (?:to )?(?:the internet|real-?time|current|external|live)|browse)"));

    private static final List<String> WORDS =
            RULES.stream().flatMap(rule -> rule.words.stream()).distinct().toList();

    private static final Spotter SPOTTER = new Spotter(WORDS);

    /** For each rule which of the words allow it, a bit for each. */
    private static final long[] ALLOWED =
            RULES.stream()
                    .mapToLong(rule ->
                            rule.words.stream().mapToLong(word -> 1L << WORDS.indexOf(word)).sum())
                    .toArray();

    RefusalFilter(Thresholds thresholds) {
        this(thresholds.whole("first-characters"));
    }

    private static Rule rule(String name, List<String> words, String pattern) {
        return new Rule(name, words, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
    }

    @Override
    public String name() {
        return FilterKind.REFUSAL.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        for (Message message : row.row().messages()) {
            if (message.role().equals(DataRecord.ASSISTANT)) {
                Verdict verdict = judge(message.content());
                if (verdict != Verdict.KEEP) {
                    return verdict;
                }
            }
        }
        return Verdict.KEEP;
    }

    private Verdict judge(String answer) {
        String start =
                answer.substring(0, Math.min(first, answer.length())).replace('\u2019', '\'');
        long found = SPOTTER.find(start);
        for (int i = 0; found != 0 && i < ALLOWED.length; i++) {
            if ((found & ALLOWED[i]) != 0) {
                Rule rule = RULES.get(i);
                var match = rule.pattern.matcher(start);
                if (match.find()) {
                    return new Verdict.Remove(rule.name + ": \"" + match.group().strip() + "\"");
                }
            }
        }
        return Verdict.KEEP;
    }
}
