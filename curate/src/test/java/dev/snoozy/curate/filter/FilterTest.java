package dev.snoozy.curate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.curate.records.DataRecord;
import dev.snoozy.curate.records.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/** Each filter with a table of what it lets pass and what it does not. */
class FilterTest {
    private static final String PROSE =
            "The river rises in the mountains. It flows through three valleys and two large towns. "
                    + "Farmers use its water all summer long. In winter it freezes over for some weeks";

    private static Verdict judge(FilterKind kind, String prompt, String response) {
        return kind.make(kind.defaults()).judge(DataRecord.of(prompt, response, "test"));
    }

    private static void keeps(FilterKind kind, String prompt, String response) {
        assertThat(judge(kind, prompt, response)).as("%s", response).isEqualTo(Verdict.KEEP);
    }

    private static void removes(FilterKind kind, String prompt, String response, String reason) {
        assertThat(judge(kind, prompt, response))
                .as("%s", response)
                .isInstanceOfSatisfying(
                        Verdict.Remove.class, r -> assertThat(r.reason()).contains(reason));
    }

    @Test
    void empty() {
        removes(FilterKind.EMPTY, "", "Yes", "prompt is empty");
        removes(FilterKind.EMPTY, "What?", " \n\t\u200b\u00a0", "response is empty");
        keeps(FilterKind.EMPTY, "?", "-");
        keeps(FilterKind.EMPTY, "2 + 2", "4");
    }

    @Test
    void tooShort() {
        removes(FilterKind.SHORT, "?", "Yes", "a prompt of 1 characters");
        keeps(FilterKind.SHORT, "Hi", "Yes");
        keeps(FilterKind.SHORT, "Which sign?", "-");
        RowFilter three =
                FilterKind.SHORT.make(FilterKind.SHORT.defaults().with("response-words", 3));
        assertThat(three.judge(DataRecord.of("Who?", "Not me", "")))
                .isInstanceOf(Verdict.Remove.class);
        assertThat(three.judge(DataRecord.of("Who?", "It was you", ""))).isEqualTo(Verdict.KEEP);
    }

    /** The rule, what it must find, and what it must let pass. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    as-an-ai|As an AI language model, I have no favourite.|As an aim of the course, we read.
                    i-am-an-ai|I am just an AI and cannot see you.|I am an AI researcher at a university.
                    language-model|Being a language model, I only know texts.|ChatGPT is a large language model by a company.
                    vendor|I was trained by OpenAI to answer.|The site was made by open air artists.
                    my-programming|That goes beyond my programming.|My programs run on two machines.
                    no-feelings|I don't have personal opinions on that.|I don't have any sugar at home.
                    cannot-help|I'm afraid I can't help with this request.|I can't wait to help my sister move.
                    sorry-but-i|I\u2019m sorry, but I cannot say more.|Sorry for the delay: here is the list.
                    not-appropriate|It is not appropriate to provide such a list.|It is not appropriate clothing for a wedding.
                    illegal|This promotes violence, and I will not take part.|A law that promotes violence is bad.
                    not-enough|There is not enough information given.|There is not a cloud in the sky.
                    real-time|I don't have access to real-time data.|I don't have access to the garden.
                    """)
    void refusal(String rule, String refused, String kept) {
        removes(FilterKind.REFUSAL, "Tell me.", refused, rule + ": ");
        keeps(FilterKind.REFUSAL, "Tell me.", kept);
    }

    @Test
    void everyPatternOfRefusalsIsInTheTable() throws NoSuchMethodException {
        String table =
                FilterTest.class
                        .getDeclaredMethod("refusal", String.class, String.class, String.class)
                        .getAnnotation(CsvSource.class)
                        .textBlock();
        List<String> tested = table.lines().map(l -> l.substring(0, l.indexOf('|'))).toList();
        assertThat(tested)
                .containsExactlyElementsOf(
                        RefusalFilter.RULES.stream().map(RefusalFilter.Rule::name).toList());
    }

    @Test
    void aRefusalLateInAStoryIsNone() {
        String story = PROSE.repeat(4) + ". The robot said: As an AI language model, I must rest.";
        keeps(FilterKind.REFUSAL, "A story.", story);
        RowFilter all =
                FilterKind.REFUSAL.make(
                        FilterKind.REFUSAL.defaults().with("first-characters", 9999));
        assertThat(all.judge(DataRecord.of("A story.", story, "")))
                .isInstanceOf(Verdict.Remove.class);
    }

    @Test
    void broken() {
        removes(FilterKind.BROKEN, "Code", "Here:\n```java\nint a;\n", "fence");
        removes(FilterKind.BROKEN, "JSON", "```json\n{\"a\": 1,,}\n```", "fence with JSON");
        removes(FilterKind.BROKEN, "JSON", "{\"name\": \"x\", \"y\": }", "response of JSON");
        removes(
                FilterKind.BROKEN,
                "Caf\u00c3\u00a9s?",
                "Caf\u00c3\u00a9s are nice",
                "decoded wrongly");
        removes(FilterKind.BROKEN, "Say", "It\u00e2\u20ac\u2122s here", "decoded wrongly");
        removes(FilterKind.BROKEN, "Say", "What \uFFFD?", "decoded wrongly");
        keeps(FilterKind.BROKEN, "Code", "```java\nint a;\n```\nand\n```\nb\n```");
        keeps(FilterKind.BROKEN, "JSON", "{\"name\": \"x\", \"list\": [1, 2]}");
        keeps(FilterKind.BROKEN, "JSON", "{\"a\": 1}\n{\"a\": 2}");
        keeps(FilterKind.BROKEN, "Set", "{1, 2, 3}");
        keeps(FilterKind.BROKEN, "C", "{ return 1; }");
        keeps(FilterKind.BROKEN, "Caf\u00e9?", "A na\u00efve caf\u00e9 in S\u00c3O PAULO");
    }

    @Test
    void repetition() {
        String loop = "I like green tea in the morning. ";
        removes(FilterKind.REPETITION, "Talk", loop.repeat(20), "%");
        removes(
                FilterKind.REPETITION,
                "Talk",
                "One two three four five six seven.\n".repeat(12),
                "lines that came before");
        keeps(FilterKind.REPETITION, "Talk", loop.repeat(3));
        keeps(
                FilterKind.REPETITION,
                "Talk",
                PROSE
                        + ". The towns on its banks make paper, cloth and furniture of oak. Their mills"
                        + " were built long ago, when the water still drove each wheel. Today most of"
                        + " them are museums in which visitors may try to spin and to weave.");
        keeps(
                FilterKind.REPETITION,
                "Code",
                "for (int i = 0; i < n; i++) {\n    sum += a[i];\n}\n}\n}\n}\n}\nreturn sum;\n");
    }

    @Test
    void truncated() {
        removes(FilterKind.TRUNCATED, "Rivers", PROSE, "within a sentence");
        removes(FilterKind.TRUNCATED, "Rivers", PROSE + " and the", "\"the\"");
        removes(FilterKind.TRUNCATED, "Rivers", PROSE + ",", "comma");
        keeps(FilterKind.TRUNCATED, "Rivers", PROSE + ".");
        keeps(
                FilterKind.TRUNCATED,
                "Rivers",
                PROSE + ".\n- the Rhine in Germany, France and Switzerland and the Netherlands");
        keeps(FilterKind.TRUNCATED, "Which?", "The one with the");
        keeps(FilterKind.TRUNCATED, "Code", "```\n" + PROSE + "\n```");
        DataRecord said =
                new DataRecord(
                        List.of(new Message("user", "Go"), new Message("assistant", "On.")),
                        "",
                        "",
                        Map.of("finish_reason", "length"));
        assertThat(FilterKind.TRUNCATED.make(FilterKind.TRUNCATED.defaults()).judge(said))
                .isInstanceOf(Verdict.Remove.class);
    }

    @Test
    void echo() {
        String question = "How many innings are played in a professional baseball game today?";
        removes(FilterKind.ECHO, question, question, "begins with the prompt");
        removes(FilterKind.ECHO, question, question + " Nine.", "begins with the prompt");
        String moved = "Well: " + PROSE;
        removes(FilterKind.ECHO, PROSE, moved, "% of the response");
        keeps(
                FilterKind.ECHO,
                question,
                "Nine innings are played in a professional baseball game.");
        keeps(FilterKind.ECHO, "Repeat: yes", "Repeat: yes");
        keeps(
                FilterKind.ECHO,
                "Which rivers? " + PROSE,
                "It flows through three valleys and two large towns.");
    }

    @Test
    void language() {
        String german =
                "Der Fluss entspringt in den Bergen und wird von den Bauern nicht genutzt, weil er tief ist.";
        removes(FilterKind.LANGUAGE, "Fluss?", german, "de");
        removes(
                FilterKind.LANGUAGE,
                "Hi",
                "\u042d\u0442\u043e \u043e\u0447\u0435\u043d\u044c \u0434\u043b\u0438\u043d\u043d\u0430\u044f \u0440\u0435\u043a\u0430",
                "ru");
        removes(
                FilterKind.LANGUAGE,
                "Hi",
                "\u3053\u308c\u306f\u3068\u3066\u3082\u9577\u3044\u5ddd\u3067\u3059\u3088\u306d",
                "ja");
        keeps(FilterKind.LANGUAGE, "Rivers", PROSE);
        keeps(FilterKind.LANGUAGE, "Who?", "Angela Merkel");
        RowFilter both =
                FilterKind.LANGUAGE.make(
                        FilterKind.LANGUAGE.defaults().with("keep", List.of("en", "de")));
        assertThat(both.judge(DataRecord.of("Fluss?", german, ""))).isEqualTo(Verdict.KEEP);
        assertThatThrownBy(() ->
                        FilterKind.LANGUAGE.make(
                                FilterKind.LANGUAGE.defaults().with("keep", List.of("xx"))))
                .hasMessageContaining("xx");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Write to jane.doe@gmail.com now|Write to email@example.com now
                    Pay GB82 WEST 1234 5698 7654 32 soon|Pay [IBAN] soon
                    Card 4111 1111 1111 1111 please|Card [card] please
                    Call +49 30 901820 today|Call [phone] today
                    Call (212) 736-5000 today|Call [phone] today
                    Host 91.198.174.192 is up|Host 192.0.2.1 is up
                    Use sk-abcdefghijklmnopqrstuvwx here|Use [key] here
                    """)
    void personalData(String text, String cleaned) {
        assertThat(judge(FilterKind.PERSONAL_DATA, "Go", text))
                .isInstanceOfSatisfying(
                        Verdict.Change.class,
                        c -> assertThat(c.row().response()).isEqualTo(cleaned));
        keeps(FilterKind.PERSONAL_DATA, "Go", cleaned);
        Thresholds removing = FilterKind.PERSONAL_DATA.defaults().with("action", "remove");
        assertThat(FilterKind.PERSONAL_DATA.make(removing).judge(DataRecord.of("Go", text, "")))
                .isInstanceOf(Verdict.Remove.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Write to you@example.org or a@b
                    Host 192.168.0.1, 10.1.2.3 and version 1.2.3.4
                    The number 4111 1111 1111 1112 is no card
                    GB83 WEST 1234 5698 7654 32 is no account
                    Call 212-555-0123, as in films
                    In 1990-1995 there were 123456789 people
                    3.14159265358979323846
                    """)
    void whatIsNotPersonal(String text) {
        keeps(FilterKind.PERSONAL_DATA, "Go", text);
    }

    @Test
    void aWrongSettingSaysSo() {
        assertThatThrownBy(() ->
                        FilterKind.PERSONAL_DATA.make(
                                FilterKind.PERSONAL_DATA.defaults().with("action", "hide")))
                .hasMessageContaining("replace or remove");
        assertThatThrownBy(
                        () -> FilterKind.ECHO.make(FilterKind.ECHO.defaults().with("share", 2.0)))
                .hasMessageContaining("share: 2.0");
    }
}
