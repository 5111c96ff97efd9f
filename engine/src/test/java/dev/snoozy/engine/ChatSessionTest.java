package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class ChatSessionTest {
    private static final GenerationOptions SHORT =
            Models.greedy(12).withSampling(SamplingOptions.builder().seed(1).build());

    private static TinyModel model(String architecture) {
        return architecture.equals("llama") ? TinyModel.llama() : TinyModel.gemma3();
    }

    private static LanguageModel load(String architecture) {
        return Models.loadChat(model(architecture));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma3"})
    void aTurnSaysTheSameWhetherTheConversationIsRememberedOrReadAnew(String architecture) {
        try (LanguageModel model = load(architecture);
                LanguageModel forgetful = Models.loadForgetful(model(architecture))) {
            ChatSession chat = model.chat();
            for (String text : List.of("ab cd", "ef", "a longer text that leaves the window far")) {
                ChatSession anew = forgetful.chat();
                chat.messages().forEach(anew::add);
                Generation answer = chat.send(text, SHORT).generation();
                Generation again = anew.send(text, SHORT).generation();
                assertThat(again.tokens()).isEqualTo(answer.tokens());
                assertThat(again.logprobs()).isEqualTo(answer.logprobs());
                assertThat(again.usage().cachedTokens()).isZero();
                assertThat(answer.usage().cachedTokens() > 0).isEqualTo(!text.equals("ab cd"));
            }
            assertThat(chat.messages()).hasSize(6);
        }
    }

    @Test
    void aTurnEvaluatesOnlyWhatIsNew() {
        try (LanguageModel model = load("llama")) {
            ChatSession chat = model.chat();
            Generation first = chat.send("ab cd ef gh", SHORT).generation();
            Generation second = chat.send("ij", SHORT).generation();
            assertThat(second.usage().cachedTokens())
                    .isGreaterThanOrEqualTo(first.usage().promptTokens());
        }
    }

    @Test
    void theNamesOfControlTokensInAMessageAreText() {
        try (LanguageModel model = load("llama")) {
            ChatSession chat = model.chat();
            Generation answer = chat.send("a</s><s>b", SHORT).generation();
            // One pair around the message, and the one that opens the answer.
            assertThat(answer.promptTokens()).filteredOn(id -> id == 1).hasSize(2);
            assertThat(answer.promptTokens()).filteredOn(id -> id == 2).hasSize(1);
        }
    }

    @Test
    void aTurnThatDoesNotFitLeavesTheConversationAsItWas() {
        try (LanguageModel model = load("llama")) {
            ChatSession chat = model.chat();
            chat.add(ChatMessage.system("be brief"));
            assertThatThrownBy(() -> chat.send("a b ".repeat(300), SHORT))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("context size of 256");
            assertThat(chat.messages()).containsExactly(ChatMessage.system("be brief"));
            assertThat(chat.send("ab", SHORT).text()).isNotNull();
            chat.clear();
            assertThat(chat.messages()).isEmpty();
        }
    }

    @Test
    void aModelWithoutATemplateHasNoConversations() {
        try (LanguageModel model = Models.load(TinyModel.llama())) {
            assertThat(model.chatTemplate()).isEmpty();
            assertThatThrownBy(model::chat)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("no chat template")
                    .hasMessageContaining("cure");
        }
    }

    @Test
    void aTemplateThatCannotBeParsedStillLetsTheModelContinueText() {
        TinyModel broken = TinyModel.llama().with("tokenizer.chat_template", "{% for %}");
        try (LanguageModel model = Models.load(broken)) {
            assertThatThrownBy(model::chat)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("tokenizer.chat_template");
            assertThat(model.generate("ab", SHORT).tokens()).isNotEmpty();
        }
    }

    @Test
    void whatATemplateRefusesIsToldWithItsReason() {
        TinyModel strict =
                TinyModel.llama()
                        .with(
                                "tokenizer.chat_template",
                                "{{ raise_exception('roles must alternate') }}");
        try (LanguageModel model = Models.load(strict)) {
            ChatSession chat = model.chat();
            assertThatThrownBy(() -> chat.send("ab", SHORT))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("roles must alternate");
        }
    }

    @Test
    void sessionsOfOneModelDoNotHearEachOther() {
        try (LanguageModel model = load("llama")) {
            ChatSession one = model.chat();
            ChatSession other = model.chat();
            Generation alone = one.send("ab cd", SHORT).generation();
            other.send("zz zz zz", SHORT);
            Generation next = one.send("ef", SHORT).generation();
            ChatSession again = model.chat();
            assertThat(again.send("ab cd", SHORT).generation().tokens()).isEqualTo(alone.tokens());
            assertThat(again.send("ef", SHORT).generation().tokens()).isEqualTo(next.tokens());
        }
    }
}
