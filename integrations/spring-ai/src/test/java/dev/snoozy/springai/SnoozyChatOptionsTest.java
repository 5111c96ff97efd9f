package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.test.options.AbstractChatOptionsTests;

import java.util.List;
import java.util.Map;

/** Spring AI's own tests of options, and those of the options that only this provider has. */
class SnoozyChatOptionsTest
        extends AbstractChatOptionsTests<SnoozyChatOptions, SnoozyChatOptions.Builder> {
    @Override
    protected Class<SnoozyChatOptions> getConcreteOptionsClass() {
        return SnoozyChatOptions.class;
    }

    @Override
    protected SnoozyChatOptions.Builder readyToBuildBuilder() {
        return SnoozyChatOptions.builder()
                .model("m")
                .maxTokens(1)
                .temperature(0.5)
                .topK(2)
                .topP(0.25)
                .frequencyPenalty(0.125)
                .presencePenalty(1.5)
                .stopSequences(List.of("x"))
                .toolContext(Map.of("who", "me"))
                .seed(3L)
                .minP(0.75)
                .repeatPenalty(1.25)
                .outputSchema("{}")
                .contextPolicy(ContextPolicy.SHIFT)
                .toolChoice(ToolChoice.NONE)
                .parallelToolCalls(false)
                .templateVariables(Map.of("enable_thinking", false));
    }

    @Test
    void everyOptionIsKept() {
        SnoozyChatOptions options = readyToBuildBuilder().build();
        assertThat(options).hasNoNullFieldsOrPropertiesExcept("toolCallbacks", "constraint");
        assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
    }

    @Test
    void optionsThatDifferInOneAreNotEqual() {
        SnoozyChatOptions options = readyToBuildBuilder().build();
        OutputConstraint any = OutputConstraint.of(Grammar.json());
        assertThat(options.mutate().seed(4L).build()).isNotEqualTo(options);
        assertThat(options.mutate().constraint(any).build()).isNotEqualTo(options);
        assertThat(options.mutate().topK(3).build()).isNotEqualTo(options);
    }

    @Test
    void whatIsCombinedOverridesWhatIsThereOnlyWhereItIsSet() {
        SnoozyChatOptions.Builder some = SnoozyChatOptions.builder().seed(9L).topK(7);
        SnoozyChatOptions both = readyToBuildBuilder().combineWith(some).build();
        assertThat(both.getSeed()).isEqualTo(9);
        assertThat(both.getTopK()).isEqualTo(7);
        assertThat(both.getMinP()).isEqualTo(0.75);
        assertThat(both.getToolChoice()).isEqualTo(ToolChoice.NONE);
    }

    @Test
    void optionsOfOtherKindsAreCombinedToo() {
        ChatOptions portable = ChatOptions.builder().maxTokens(5).build();
        ChatOptions structured =
                StructuredOutputChatOptions.builder().outputSchema("{\"type\":\"null\"}").build();
        SnoozyChatOptions options =
                readyToBuildBuilder()
                        .combineWith(portable.mutate())
                        .combineWith(structured.mutate())
                        .build();
        assertThat(options.getMaxTokens()).isEqualTo(5);
        assertThat(options.getOutputSchema()).isEqualTo("{\"type\":\"null\"}");
        assertThat(options.getSeed()).isEqualTo(3);
    }

    @Test
    void aCopyOfABuilderIsIndependent() {
        SnoozyChatOptions.Builder builder = readyToBuildBuilder();
        SnoozyChatOptions.Builder copy = builder.clone();
        copy.seed(8L);
        assertThat(builder.build().getSeed()).isEqualTo(3);
        assertThat(copy.build().getSeed()).isEqualTo(8);
        assertThat(copy.build().getMinP()).isEqualTo(0.75);
    }
}
