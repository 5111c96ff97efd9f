package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.snoozy.text.TextException;
import dev.snoozy.text.template.ChatTemplate;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Conversations with tools become variables that a template can read. */
class ToolVariablesTest {
    private static final ToolCall CALL =
            new ToolCall("call_0123456789", "get_weather", "{\"location\": \"Oslo\", \"days\": 3}");
    private static final List<TemplateMessage> CONVERSATION =
            List.of(
                    TemplateMessage.of("system", "Be brief."),
                    TemplateMessage.of("user", "How is the weather?"),
                    new TemplateMessage("assistant", "", "", List.of(CALL), "", ""),
                    TemplateMessage.result(CALL, "minus three degrees"));

    /** Shows the system message only before the last words of the user. */
    private static final String LATE_SYSTEM = "mistralai-Mistral-Nemo-Instruct-2407";

    /** Templates that cannot be rendered with an answer in the conversation, and why. */
    private static final Map<String, String> FAIL =
            Map.of(
                    "MiroThinker", "changes a message",
                    "gpt4all-DeepSeek-R1-Distill-Qwen-7B-Q4-0", "wants a filter 'regex_replace'",
                    "gpt4all-wizardlm-13b-v1.2.Q4-0", "reads a variable that does not exist");

    private static final String CHATML =
            "{%- for m in messages %}<|im_start|>{{ m.role }}\n"
                    + "{{ m.content }}<|im_end|>\n"
                    + "{% endfor %}";

    static Stream<Named<ReadBack>> templates() throws IOException {
        return ReadBackTest.templates();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("templates")
    void everyTemplateShowsToolsCallsAndResults(ReadBack template) {
        assumeFalse(FAIL.containsKey(template.name), () -> FAIL.get(template.name));
        String text = render(template, CONVERSATION);
        assertThat(text)
                .contains("How is the weather?", "get_time", "Weather of a city")
                .contains("get_weather", "Oslo", "minus three degrees");
        assertThat(text.contains("Be brief.")).isEqualTo(!template.name.equals(LATE_SYSTEM));
    }

    private static String render(ReadBack template, List<TemplateMessage> messages) {
        Map<String, Object> variables =
                new HashMap<>(
                        template.format.variables(
                                messages, HandMade.TOOLS, UnaryOperator.identity()));
        return template.renderWith(variables);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("templates")
    void theFormOfACallIsTheOneThatIsAskedFor(ReadBack template) {
        ToolCallSyntax syntax = template.format.toolCallSyntax().orElseThrow();
        List<String> arguments = new ArrayList<>();
        switch (syntax.arguments()) {
            case ToolCallSyntax.Arguments.Json() -> {
                arguments.add("{\"location\": \"Oslo\", \"days\": 3}");
                arguments.add("{}");
            }
            case ToolCallSyntax.Arguments.Tagged tagged -> {
                arguments.add(
                        tagged.beforeName()
                                + "location"
                                + tagged.stringAttribute()
                                + "Oslo"
                                + tagged.afterValue()
                                + tagged.beforeName()
                                + "days"
                                + tagged.afterName()
                                + "3"
                                + tagged.afterValue());
                arguments.add("");
            }
            case ToolCallSyntax.Arguments.Keywords() -> {
                arguments.add("location=\"Oslo\", days=3");
                arguments.add("");
            }
            case ToolCallSyntax.Arguments.Bare(String quote) -> {
                arguments.add("{location:" + quote + "Oslo" + quote + ",days:3}");
                arguments.add("{}");
            }
        }
        String first = call(syntax, "get_weather", arguments.getFirst());
        String second = call(syntax, "get_time", arguments.getLast());
        String calls = syntax.parallel() ? first + syntax.separator() + second : first;
        ParserOptions options = ParserOptions.DEFAULT.withTools(HandMade.TOOLS);
        ParsedAnswer read = template.format.parse(syntax.begin() + calls + syntax.end(), options);
        assertThat(read.content()).isEmpty();
        List<String> expected = new ArrayList<>();
        expected.add("get_weather {\"location\":\"Oslo\",\"days\":3}");
        if (syntax.parallel()) {
            expected.add("get_time {}");
        }
        assertThat(HandMadeAnswersTest.calls(read)).isEqualTo(expected);
    }

    private static String call(ToolCallSyntax syntax, String name, String arguments) {
        return syntax.prefix() + name + syntax.middle() + arguments + syntax.suffix();
    }

    @Test
    void aTemplateWithoutToolsGetsThemInTheSystemMessage() {
        ChatFormat format = ChatFormat.of(CHATML);
        assertThat(format.name()).isEqualTo("generic");
        assertThat(format.templateHasTools()).isFalse();
        assertThat(format.triggers()).containsExactly("<tool_call>");
        String text = render(format, CONVERSATION, UnaryOperator.identity());
        assertThat(text)
                .startsWith("<|im_start|>system\nBe brief.\n\nYou can call these tools.")
                .contains("{\"name\": \"get_time\", \"parameters\": {\"type\":\"object\"")
                .endsWith(
                        """
                        <|im_start|>assistant
                        <tool_call>
                        {"name": "get_weather", "arguments": {"location": "Oslo", "days": 3}}
                        </tool_call><|im_end|>
                        <|im_start|>tool
                        minus three degrees<|im_end|>
                        """);
    }

    @Test
    void withoutToolsNothingIsAdded() {
        ChatFormat format = ChatFormat.of(CHATML);
        Map<String, Object> variables =
                format.variables(CONVERSATION.subList(0, 2), List.of(), UnaryOperator.identity());
        assertThat(variables.get("tools")).isNull();
        assertThat(ChatTemplate.parse(CHATML).render(variables))
                .isEqualTo(
                        "<|im_start|>system\nBe brief.<|im_end|>\n"
                                + "<|im_start|>user\nHow is the weather?<|im_end|>\n");
    }

    @Test
    void aTemplateWithoutRolesForSystemAndToolGetsAllInTheMessagesOfTheUser() {
        String source =
                "{%- for m in messages %}{%- if m.role not in ['user', 'assistant'] %}{{"
                        + " raise_exception('no') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor"
                        + " %}";
        ChatFormat format = ChatFormat.of(source);
        List<TemplateMessage> messages = new ArrayList<>(CONVERSATION.subList(1, 4));
        messages.add(TemplateMessage.result(CALL, "again"));
        Map<String, Object> variables =
                format.variables(messages, HandMade.TOOLS, UnaryOperator.identity());
        assertThat(ChatTemplate.parse(source).render(variables))
                .startsWith("[user]You can call these tools.")
                .contains("How is the weather?[assistant]<tool_call>")
                .endsWith(
                        "[user]<tool_response>\nminus three degrees\n</tool_response>\n"
                                + "<tool_response>\nagain\n</tool_response>");
    }

    @Test
    void everythingThatIsForeignIsGuarded() {
        ToolCall call = new ToolCall("<x>", "<x>", "{\"<x>\": [\"<x>\", {\"a\": \"\\u003cx>\"}]}");
        ToolDefinition tool =
                new ToolDefinition("<x>", "<x>", "{\"type\":\"object\",\"title\":\"<x>\"}");
        List<TemplateMessage> messages =
                List.of(
                        TemplateMessage.of("user", "<x>"),
                        new TemplateMessage("assistant", "<x>", "<x>", List.of(call), "", ""),
                        TemplateMessage.result(call, "<x>"));
        for (String source : List.of(CHATML, "{{ messages | tojson }}{{ tools | tojson }}")) {
            Map<String, Object> variables =
                    ChatFormat.of(source)
                            .variables(messages, List.of(tool), text -> text.replace("<x>", "<!>"));
            assertThat(ChatTemplate.parse(source).render(variables))
                    .contains("<!>")
                    .doesNotContain("<x>");
        }
    }

    @Test
    void idsAreMadeFitForATemplateThatWantsNineCharacters() {
        String source =
                "{%- for m in messages %}{%- for c in m.tool_calls or [] %}{%- if c.id|length != 9"
                        + " %}{{ raise_exception('id') }}{% endif %}[TOOL_CALLS][{\"name\": \"{{"
                        + " c.function.name }}\", \"arguments\": {{ c.function.arguments|tojson }},"
                        + " \"id\": \"{{ c.id }}\"}]{% endfor %}{{ m.content }}{{ m.tool_call_id }}{%"
                        + " endfor %}";
        String text = render(ChatFormat.of(source), CONVERSATION, UnaryOperator.identity(), source);
        assertThat(text).contains("\"id\": \"call00000\"").endsWith("call00000");
    }

    @Test
    void whatIsNoTemplateIsTheGenericFormat() {
        for (String source : List.of("", "{% if", "{{ raise_exception('no') }}", "{{ 1 / 0 }}")) {
            ChatFormat format = ChatFormat.of(source);
            assertThat(format.name()).isEqualTo("generic");
            assertThat(format.templateHasTools()).isFalse();
        }
        assertThat(ChatFormat.none().reasoning()).isEmpty();
    }

    @Test
    void aTemplateThatDoesNotEndIsGivenUp() {
        String endless =
                "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}";
        assertThat(ChatFormat.of(endless).templateHasTools()).isFalse();
    }

    private static String render(
            ChatFormat format, List<TemplateMessage> messages, UnaryOperator<String> guard) {
        return render(format, messages, guard, CHATML);
    }

    private static String render(
            ChatFormat format,
            List<TemplateMessage> messages,
            UnaryOperator<String> guard,
            String source) {
        try {
            return ChatTemplate.parse(source)
                    .render(format.variables(messages, HandMade.TOOLS, guard));
        } catch (TextException e) {
            throw new AssertionError(e);
        }
    }
}
