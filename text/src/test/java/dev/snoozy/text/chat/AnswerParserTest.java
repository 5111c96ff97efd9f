package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.chat.AnswerPart.Content;
import dev.snoozy.text.chat.AnswerPart.Reasoning;
import dev.snoozy.text.chat.AnswerPart.ToolCallArguments;
import dev.snoozy.text.chat.AnswerPart.ToolCallEnd;
import dev.snoozy.text.chat.AnswerPart.ToolCallStart;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class AnswerParserTest {
    private static final ChatFormat QWEN = ChatFormat.of("<tool_call> <think> </think>");
    private static final ParserOptions OPTIONS = ParserOptions.DEFAULT.withTools(HandMade.TOOLS);

    @Test
    void givesTextAsSoonAsItIsCertain() {
        AnswerParser parser = QWEN.parser(OPTIONS);
        assertThat(parser.next("<thi")).isEmpty();
        assertThat(parser.next("nk>Hm")).containsExactly(new Reasoning("Hm"));
        assertThat(parser.next(", \n")).containsExactly(new Reasoning(","));
        assertThat(parser.next("well</")).containsExactly(new Reasoning(" \nwell"));
        assertThat(parser.next("think>\n\nI")).containsExactly(new Content("I"));
        assertThat(parser.next(" look \n<tool_call>")).containsExactly(new Content(" look"));
        assertThat(parser.next("{\"name\": \"get_time\", \"arguments\": {}")).isEmpty();
        assertThat(parser.next("}"))
                .containsExactly(
                        new ToolCallStart(0, "call00000", "get_time"),
                        new ToolCallArguments(0, "{}"),
                        new ToolCallEnd(0));
        assertThat(parser.next("</tool_call>\n")).isEmpty();
        assertThat(parser.finish()).isEmpty();
        assertThat(parser.finish()).isEmpty();
        assertThatThrownBy(() -> parser.next("more")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givesEachCallOfAnArrayWhenItIsComplete() {
        AnswerParser parser = ChatFormat.of("[TOOL_CALLS]").parser(OPTIONS);
        assertThat(parser.next("[TOOL_CALLS][{\"name\": \"get_time\"}, {\"name\": "))
                .hasSize(3)
                .first()
                .isEqualTo(new ToolCallStart(0, "call00000", "get_time"));
        assertThat(parser.next("\"python\"}"))
                .hasSize(3)
                .first()
                .isEqualTo(new ToolCallStart(1, "call00001", "python"));
    }

    @Test
    void asksForIdsOnlyWhereACallHasNone() {
        List<Integer> asked = new ArrayList<>();
        ParserOptions options =
                OPTIONS.withIds(index -> {
                    asked.add(index);
                    return "made" + index;
                });
        String answer =
                "[TOOL_CALLS][{\"name\": \"get_time\", \"id\": \"abcdefghi\"}, "
                        + "{\"name\": \"get_time\"}, {\"name\": \"nothing\"}]";
        ParsedAnswer read = ChatFormat.of("[TOOL_CALLS]").parse(answer, options);
        assertThat(read.calls()).extracting(ToolCall::id).containsExactly("abcdefghi", "made1");
        assertThat(read.content()).isEqualTo(", {\"name\": \"nothing\"}]");
        assertThat(asked).containsExactly(1);
    }

    @Test
    void noTwoCallsHaveTheSameId() {
        String call = "[TOOL_CALLS]get_time[CALL_ID]abcdefghi[ARGS]{}";
        ChatFormat format = ChatFormat.of("[TOOL_CALLS] [ARGS] [CALL_ID]");
        assertThat(format.parse(call + call, OPTIONS).calls())
                .extracting(ToolCall::id)
                .containsExactly("abcdefghi", "call00001");
    }

    @Test
    void leavesReasoningInTheContentIfItIsNotToBeSplit() {
        ParserOptions raw = OPTIONS.withSplitReasoning(false);
        String call = "<tool_call>{\"name\": \"get_time\", \"arguments\": {}}</tool_call>";
        String text = "<think>\n" + call + "\n</think>\n\nAn answer.";
        ParsedAnswer read = QWEN.parse(text + "\n" + call, raw);
        assertThat(read.content()).isEqualTo(text);
        assertThat(read.reasoning()).isEmpty();
        assertThat(read.calls()).hasSize(1);
        String rest = "Hm.\n</think>\n\nAn answer.\n";
        assertThat(QWEN.parse(rest, raw.withPromptEnd("<think>\n")).content()).isEqualTo(rest);
    }

    @Test
    void leavesHeadersOfMessagesInTheContentIfReasoningIsNotToBeSplit() {
        String text =
                "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"
                        + "<|channel|>final<|message|>Hello.";
        ParserOptions raw = OPTIONS.withSplitReasoning(false).withPromptEnd("<|start|>assistant");
        ChatFormat harmony = ChatFormat.of("<|channel|> <|message|>");
        assertThat(harmony.parse(text, raw).content()).isEqualTo(text);
    }

    @Test
    void dropsControlTokensThatAreNoMarks() {
        ParserOptions options =
                OPTIONS.withControlNames(Set.of("<s>", "<|im_end|>", "<think>", "<tool_call>"));
        String answer =
                "<s><think>a<s>b</think>c<|im_end|>d<tool_call>{\"name\":"
                        + " \"get_time\"}</tool_call><s>";
        ParsedAnswer read = QWEN.parse(answer, options);
        assertThat(read.content()).isEqualTo("cd");
        assertThat(read.reasoning()).isEqualTo("ab");
        assertThat(read.calls()).hasSize(1);
    }

    @Test
    void anAnswerOfWhiteSpaceIsContent() {
        assertThat(QWEN.parse(" \n", OPTIONS).content()).isEqualTo(" \n");
        assertThat(QWEN.parse("  a \n\n", OPTIONS).content()).isEqualTo("  a \n\n");
        String spaces = " ".repeat(5000);
        assertThat(QWEN.parse(spaces, OPTIONS).content()).isEqualTo(spaces);
        assertThat(QWEN.parse("a" + spaces + "b", OPTIONS).content()).isEqualTo("a" + spaces + "b");
    }

    @Test
    void callsOfAnyNameAreCallsIfTheyAreAllowed() {
        String call = "<tool_call>{\"name\": \"new_tool\", \"arguments\": {\"a\": 1}}</tool_call>";
        assertThat(QWEN.parse(call, ParserOptions.DEFAULT).content()).isEqualTo(call);
        assertThat(QWEN.parse(call, OPTIONS).content()).isEqualTo(call);
        assertThat(QWEN.parse(call, ParserOptions.DEFAULT.withAnyTool(true)).calls())
                .containsExactly(new ToolCall("call00000", "new_tool", "{\"a\": 1}"));
    }

    @Test
    void numbersStayAsTheyWereWritten() {
        String arguments = "{\"a\": 1.0, \"b\": 12345678901234567890, \"c\": 1e400}";
        String call = "{\"name\": \"get_time\", \"arguments\": " + arguments + "}";
        assertThat(QWEN.parse(call, OPTIONS).calls())
                .containsExactly(new ToolCall("call00000", "get_time", arguments));
    }
}
