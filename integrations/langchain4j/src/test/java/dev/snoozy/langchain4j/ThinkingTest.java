package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.KnowingModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** What a model says to itself. */
class ThinkingTest {
    /** Shows earlier thinking, and tells the model not to think if it is asked to. */
    private static final String TEMPLATE =
            "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>"
                    + "{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}<|end|>{% endfor %}"
                    + "{% if enable_thinking is defined and not enable_thinking %}nothink{% endif %}"
                    + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        KnowingModel knowing =
                new KnowingModel("<think>", "Let me", " see.", "</think>", "It is", " 4.")
                        .answer("nothink", 1, "At once:", " 4.")
                        .answer("five", 5, "You thought", " of five.");
        model =
                LanguageModel.of(
                        GgufFile.of(knowing.bytes()),
                        LoadOptions.defaults().withThreads(2).withChatTemplate(TEMPLATE));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SnoozyChatModel.Builder builder() {
        return SnoozyChatModel.builder().model(model);
    }

    @Test
    void thinkingIsReturnedOnlyIfItIsWanted() {
        AiMessage with = builder().returnThinking(true).build().chat(user()).aiMessage();
        assertThat(with.thinking()).isEqualTo("Let me see.");
        assertThat(with.text()).isEqualTo("It is 4.");
        AiMessage without = builder().build().chat(user()).aiMessage();
        assertThat(without.thinking()).isNull();
        assertThat(without.text()).isEqualTo("It is 4.");
    }

    @Test
    void partialThinkingComesBeforeTheText() throws Exception {
        Recorder with = new Recorder();
        streaming().returnThinking(true).build().chat("2 + 2", with);
        assertThat(with.response().aiMessage().thinking()).isEqualTo("Let me see.");
        assertThat(with.told().indexOf("thinking")).isLessThan(with.told().indexOf("text"));
        assertThat(with.thinking()).isEqualTo("Let me see.");
        assertThat(with.text()).isEqualTo("It is 4.");
        Recorder without = new Recorder();
        streaming().build().chat("2 + 2", without);
        assertThat(without.response().aiMessage().thinking()).isNull();
        assertThat(without.thinking()).isEmpty();
    }

    private static SnoozyStreamingChatModel.Builder streaming() {
        return SnoozyStreamingChatModel.builder().model(model);
    }

    @Test
    void earlierThinkingIsSentOnlyIfItIsWanted() {
        AiMessage earlier = AiMessage.builder().thinking("five").text("5").build();
        ChatModel sends = builder().sendThinking(true).build();
        assertThat(sends.chat(user(), earlier, user()).aiMessage().text())
                .isEqualTo("You thought of five.");
        assertThat(builder().build().chat(user(), earlier, user()).aiMessage().text())
                .isEqualTo("It is 4.");
    }

    @Test
    void variablesOfTheTemplateTurnThinkingOff() {
        SnoozyChatRequestParameters off =
                SnoozyChatRequestParameters.builder()
                        .templateVariables(Map.of("enable_thinking", false))
                        .build();
        AiMessage answer =
                builder()
                        .returnThinking(true)
                        .build()
                        .chat(ChatRequest.builder().messages(user()).parameters(off).build())
                        .aiMessage();
        assertThat(answer.thinking()).isNull();
        assertThat(answer.text()).isEqualTo("At once: 4.");
    }

    private static UserMessage user() {
        return UserMessage.from("2 + 2");
    }
}
