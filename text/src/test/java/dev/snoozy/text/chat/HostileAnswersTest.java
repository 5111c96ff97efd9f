package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Whatever a model writes, nothing is lost, nothing fails and the work stays in bounds. */
class HostileAnswersTest {
    private static final int MEBIBYTE = 1 << 20;

    private static final List<String> MARKS =
            HandMade.all().stream().map(HandMade::marks).distinct().toList();

    private static final List<String> OPENED =
            List.of(
                    "<tool_call> <think> </think>",
                    "<tool_call> <arg_key>",
                    "<tool_call> <parameter=",
                    "<invoke name=",
                    "<|tool_call> <tool_call|>",
                    "<|channel|> <|message|>",
                    ">>>all");

    private static ParsedAnswer parse(String marks, String answer) {
        return parser(marks).parse(answer);
    }

    private static AnswerParser parser(String marks) {
        return ChatFormat.of(marks).parser(ParserOptions.DEFAULT.withTools(HandMade.TOOLS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<tool_call>",
                "<tool_call>{\"name\":\"get_time\",\"arguments\":{\"a\":\"",
                "<tool_call>{\"a\":",
                "<tool_call>[",
                "<tool_call>get_time\n",
                "{\"name\":",
                "{",
                "[",
                "[get_time(",
                "```json\n",
                "<think>",
                "</think>",
                "<thi",
                "\n",
                "        <",
                ">>>get_time\n{",
                "<function=get_time>",
                "<function=get_time><parameter=a>",
                "<function=get_time><parameter=a></parameter> ",
                "<arg_key>a</arg_key><arg_value>",
                "<invoke name=\"get_time\"><parameter name=\"a\">",
                "<|channel|>analysis<|message|>",
                "<|start|>assistant to=functions.get_time<|message|>{",
                "<|tool_call>call:get_time{",
                "<|tool_call>call:get_time{a:<|\"|>",
                "<|python_tag|>get_time(",
                "[TOOL_CALLS]get_time[ARGS]{\"a\":",
                "[TOOL_CALLS]get_time[CALL_ID]",
                "<|tool_call_begin|>functions.get_time:0<|tool_call_argument_begin|>[",
                "<use_mcp_tool><server_name>",
            })
    void aRepeatedBeginningIsReadInBoundedWork(String beginning) {
        String answer = beginning.repeat(5 * MEBIBYTE / 4 / beginning.length());
        for (String marks : OPENED) {
            AnswerParser parser = parser(marks);
            List<AnswerPart> parts = new ArrayList<>();
            for (int from = 0; from < answer.length(); from += 7) {
                int to = Math.min(answer.length(), from + 7);
                parts.addAll(parser.next(answer.substring(from, to)));
            }
            parts.addAll(parser.finish());
            assertThat(ParsedAnswer.of(parts)).isEqualTo(parse(marks, answer));
        }
    }

    @Test
    void aCallOfMoreThanAMebibyteIsContent() {
        String call = "<tool_call>{\"name\":\"get_time\",\"arguments\":{\"a\":\"%s\"}}</tool_call>";
        String fits = call.formatted("x".repeat(MEBIBYTE - 100));
        String large = call.formatted("x".repeat(MEBIBYTE + 100));
        assertThat(parse("<tool_call>", fits).calls()).hasSize(1);
        ParsedAnswer read = parse("<tool_call>", large);
        assertThat(read.calls()).isEmpty();
        assertThat(read.content()).isEqualTo(large);
    }

    @Test
    void deepJsonIsContent() {
        String deep = "<tool_call>" + "{\"a\":".repeat(100_000);
        assertThat(parse("<tool_call>", deep).content()).isEqualTo(deep);
        String list = "[get_time(a=" + "[".repeat(100_000);
        assertThat(parse("", list).content()).isEqualTo(list);
    }

    @Test
    void randomPiecesOfMarksLoseNothingAndAreReadAlikeHoweverTheyAreCut() {
        Random random = new Random(7);
        List<String> words = words();
        for (int i = 0; i < 4000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n >= 0; n--) {
                String word = words.get(random.nextInt(words.size()));
                int end =
                        random.nextInt(5) == 0 ? random.nextInt(word.length() + 1) : word.length();
                text.append(word, 0, end);
            }
            String answer = text.toString();
            String marks = MARKS.get(random.nextInt(MARKS.size()));
            ChatFormat format = ChatFormat.of(marks);
            ParserOptions options =
                    ParserOptions.DEFAULT
                            .withTools(HandMade.TOOLS)
                            .withSplitReasoning(random.nextInt(4) > 0)
                            .withControlNames(Set.of("<s>", "<|im_end|>"));
            ParsedAnswer whole = format.parse(answer, options);
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < answer.length(); ) {
                int to = Math.min(answer.length(), from + 1 + random.nextInt(6));
                pieces.add(answer.substring(from, to));
                from = to;
            }
            assertThat(Pieces.parse(format.parser(options), pieces))
                    .as("%s of %s", answer, marks)
                    .isEqualTo(whole);
            whole.calls()
                    .forEach(call ->
                            assertThat(ReadBack.json(call.arguments()).isObject()).isTrue());
        }
    }

    @Test
    void anAnswerWithoutToolsIsContent() {
        for (HandMade hand : HandMade.all()) {
            if (hand.format().name().equals("gpt-oss-harmony")) {
                continue; // its messages are headed in any case
            }
            ParserOptions options = ParserOptions.DEFAULT.withPromptEnd(hand.prompt());
            ParsedAnswer read = hand.format().parse(hand.answer(), options);
            assertThat(read.calls()).isEmpty();
        }
    }

    /** Words and marks of all answers written by hand. */
    private static List<String> words() {
        Set<String> words = new TreeSet<>();
        for (HandMade hand : HandMade.all()) {
            for (String word : hand.answer().split("(?<=[>\\]\n ])|(?=[<{\\[])")) {
                words.add(word);
            }
        }
        words.add("<s>");
        words.add("\n\n");
        words.add("{\"name\": \"get_time\", \"arguments\": {}}");
        words.remove("");
        return List.copyOf(words);
    }
}
