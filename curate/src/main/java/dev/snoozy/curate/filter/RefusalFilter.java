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
    /** What a pattern is called in the reason of a removed row. */
    record Rule(String name, Pattern pattern) {}

    private static final String CANNOT =
            "(?:can ?not|can't|cant|could not|couldn't|will not|won't|am not able to|am unable to"
                    + "|'m not able to|'m unable to|'m afraid i can't)";

    static final List<Rule> RULES =
            List.of(
                    rule(
                            "as-an-ai",
                            "\\bas an? (?:\\w+ )?(?:ai|a\\.i\\.|artificial intelligence|chat ?bot|virtual assistant|language model)\\b"),
                    rule(
                            "i-am-an-ai",
                            "\\bi(?:'m| am)(?: just| only| merely)? an? (?:\\w+ )?(?:ai|language model|chat ?bot|artificial intelligence|computer program)\\b(?! (?:researcher|engineer|enthusiast|student|company))"),
                    rule(
                            "language-model",
                            "\\b(?:being|just|only|merely|simply) an? (?:ai |large |computer )*(?:language model|program)\\b|\\bi,? as an? (?:\\w+ ){0,2}(?:model|program|machine)\\b"),
                    rule(
                            "vendor",
                            "\\b(?:trained|created|developed|made|built) by (?:openai|anthropic)\\b|\\b(?:openai's|anthropic's) (?:content |use ?case |usage )?polic"),
                    rule(
                            "my-programming",
                            "\\b(?:my|beyond my|within my) (?:programming|training data|knowledge cut-?off|capabilities as an)\\b"),
                    rule(
                            "no-feelings",
                            "\\bi (?:do not|don't) (?:have|possess) (?:any )?(?:personal |human |real |physical )*(?:feelings|emotions|opinions|beliefs|preferences|experiences|consciousness)\\b"),
                    rule(
                            "cannot-help",
                            "\\bi(?: "
                                    + CANNOT
                                    + "|'m (?:not able|unable) to|'m afraid i can't) (?:\\w+ )?(?:help|assist|provide|fulfil|fulfill|comply|complete|answer|generate|create|write|engage|support|discuss) (?:you |with |that|this|your|any|the|such|to |it\\b)"),
                    rule(
                            "sorry-but-i",
                            "^\\W*(?:i'm |i am )?(?:very |really |so )?(?:sorry|my apologies|apologies|i apologi[sz]e|unfortunately),? (?:but )?(?:i|as an|there is not enough)(?: "
                                    + CANNOT
                                    + "|'m (?:not able|unable)| do(?: not|n't) (?:have|understand|know)| need more| an|\\b information)"),
                    rule(
                            "not-appropriate",
                            "\\bit(?:'s| is| would be| wouldn't be| would not be) (?:not (?:appropriate|ethical|acceptable)|inappropriate|unethical|appropriate) (?:for me )?to (?:help|provide|assist|write|generate|create|discuss|make|engage)\\b"),
                    rule(
                            "illegal",
                            "\\b(?:illegal and (?:dangerous|unethical|harmful)|(?:promotes?|encourages?|condones?) (?:illegal|harmful|violence|hate))\\b[^.]*\\bi (?:can|will|do|must)"),
                    rule(
                            "not-enough",
                            "^\\W*(?:there (?:is|was)|i (?:was )?(?:do not|don't) have) (?:no|not|insufficient|enough) (?:enough )?(?:context|information|input)\\b|^\\W*(?:no|insufficient) (?:context|input) (?:was |is )?(?:given|provided)"),
                    rule(
                            "real-time",
                            "\\bi (?:do not|don't|can ?not|can't) (?:have )?(?:access (?:to )?(?:the internet|real-?time|current|external|live)|browse)"));

    RefusalFilter(Thresholds thresholds) {
        this(thresholds.whole("first-characters"));
    }

    private static Rule rule(String name, String pattern) {
        return new Rule(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
    }

    @Override
    public String name() {
        return FilterKind.REFUSAL.title();
    }

    @Override
    public Verdict judge(DataRecord row) {
        for (Message message : row.messages()) {
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
        for (Rule rule : RULES) {
            var match = rule.pattern.matcher(start);
            if (match.find()) {
                return new Verdict.Remove(rule.name + ": \"" + match.group().strip() + "\"");
            }
        }
        return Verdict.KEEP;
    }
}
