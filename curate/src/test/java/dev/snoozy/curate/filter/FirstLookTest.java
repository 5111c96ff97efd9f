package dev.snoozy.curate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.snoozy.curate.records.DataRecord;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/** Looking for words and clues before any pattern runs changes no verdict. */
class FirstLookTest {
    /** One and more for each pattern of refusals, which are then spoilt at random. */
    private static final List<String> REFUSALS =
            List.of(
                    "As an AI language model, I have no favourite",
                    "as a virtual assistant or chat bot that I know of",
                    "I am just an AI and I'm a computer program",
                    "Being a large language model, I, as a very large machine",
                    "It was made by OpenAI under Anthropic's use case policy",
                    "beyond my programming and my knowledge cutoff, my capabilities as an",
                    "I don't have any personal human feelings, I do not possess consciousness",
                    "I'm afraid I can't help with this, I cannot provide the list",
                    "I 'm not able to write it and i could not create any",
                    "I\u2019m very sorry, but I cannot say more",
                    "Unfortunately, there is not enough information",
                    "It would be unethical for me to help, it's not acceptable to discuss",
                    "This promotes violence and I will not; it is illegal and harmful, I must",
                    "There was insufficient context",
                    "no input was given",
                    "I can not have access to real-time data and I don't browse");

    private static final String[] OTHERS =
            "as an|a|ai|A.I.|chatbot|language model|program|i|I am|i'm|not|cannot|can't|it|the|to|help"
                    .split("\\|");

    @Test
    void refusals() {
        RowFilter filter = FilterKind.REFUSAL.make(FilterKind.REFUSAL.defaults());
        SplittableRandom random = new SplittableRandom(8);
        Map<String, Integer> found = new HashMap<>();
        for (int i = 0; i < 40_000; i++) {
            String given = REFUSALS.get(random.nextInt(REFUSALS.size()));
            given += random.nextBoolean() ? "" : " " + REFUSALS.get(random.nextInt(9));
            List<String> words = new ArrayList<>(List.of(given.split(" ")));
            for (int n = random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(words.size());
                switch (random.nextInt(3)) {
                    case 0 -> words.set(at, OTHERS[random.nextInt(OTHERS.length)]);
                    case 1 -> words.add(at, OTHERS[random.nextInt(OTHERS.length)]);
                    default -> words.set(at, words.get(at).toUpperCase(Locale.ROOT));
                }
            }
            String answer = String.join(random.nextInt(20) == 0 ? "" : " ", words);
            String rule = firstRefusal(answer.replace('\u2019', '\''));
            found.merge(rule, 1, Integer::sum);
            Verdict verdict = filter.judge(DataRecord.of("Tell me.", answer, ""));
            String said = verdict instanceof Verdict.Remove remove ? remove.reason() : "";
            if (!said.startsWith(rule) || said.isEmpty() != rule.isEmpty()) {
                fail("\"%s\": expected %s, said %s", answer, rule, said);
            }
        }
        for (RefusalFilter.Rule rule : RefusalFilter.RULES) {
            assertThat(found).containsKey(rule.name());
        }
        assertThat(found).containsKey("");
    }

    private static String firstRefusal(String answer) {
        for (RefusalFilter.Rule rule : RefusalFilter.RULES) {
            if (rule.pattern().matcher(answer).find()) {
                return rule.name();
            }
        }
        return "";
    }

    /** Things that the patterns find, which are then cut, joined and spoilt at random. */
    private static final List<String> PERSONAL =
            List.of(
                    "jane.doe@gmail.com",
                    "GB82 WEST 1234 5698 7654 32",
                    "DE89370400440532013000",
                    "4111 1111 1111 1111",
                    "4111111111111111",
                    "3782-822463-10005",
                    "+49 (30) 901820",
                    "+1-212.736.5000",
                    "(212) 736-5000",
                    "212 736.5000",
                    "91.198.174.192",
                    "sk-abcdefghijklmnopqrstuvwx",
                    "ghp_" + "a1B2".repeat(9),
                    "AKIA" + "A1B2".repeat(4),
                    "hf_" + "a1B2".repeat(8),
                    "xoxb-" + "a1B2".repeat(6),
                    "AIza" + "a1B2c".repeat(7));

    private static final String SPOILING = "0123456789 .-()+@,aZ";

    @Test
    void personalData() {
        RowFilter filter = FilterKind.PERSONAL_DATA.make(FilterKind.PERSONAL_DATA.defaults());
        SplittableRandom random = new SplittableRandom(9);
        Map<String, Integer> found = new HashMap<>();
        for (int i = 0; i < 40_000; i++) {
            StringBuilder text = new StringBuilder("At ");
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                text.append(PERSONAL.get(random.nextInt(PERSONAL.size())));
                text.append(random.nextInt(3) == 0 ? "" : " ");
            }
            for (int n = random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(text.length());
                char sign = SPOILING.charAt(random.nextInt(SPOILING.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, sign);
                    case 1 -> text.setCharAt(at, sign);
                    default -> text.deleteCharAt(at);
                }
            }
            String given = text.toString();
            String cleaned = cleaned(given, found);
            Verdict verdict = filter.judge(DataRecord.of("Go", given, ""));
            String kept =
                    verdict instanceof Verdict.Change change ? change.row().response() : given;
            if (!kept.equals(cleaned)) {
                fail("\"%s\": expected \"%s\", got \"%s\"", given, cleaned, kept);
            }
        }
        for (PersonalDataFilter.Rule rule : PersonalDataFilter.RULES) {
            assertThat(found).containsKey(rule.name());
        }
    }

    /** Every pattern, whatever the text looks like. */
    private static String cleaned(String text, Map<String, Integer> found) {
        String now = text;
        for (PersonalDataFilter.Rule rule : PersonalDataFilter.RULES) {
            String next =
                    rule.pattern()
                            .matcher(now)
                            .replaceAll(m ->
                                    Matcher.quoteReplacement(PersonalDataFilter.cleaned(rule, m)));
            if (!next.equals(now)) {
                found.merge(rule.name(), 1, Integer::sum);
            }
            now = next;
        }
        return now;
    }
}
