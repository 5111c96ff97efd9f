package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

class SnoozyTokenCountEstimatorTest {
    private static LanguageModel model;
    private static SnoozyTokenCountEstimator estimator;

    @BeforeAll
    static void load() {
        model = Models.loadRandom();
        estimator = new SnoozyTokenCountEstimator(model);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void aConversationHasTheTokensThatItsAnswerTells() {
        List<ChatMessage> messages = List.of(SystemMessage.from("ab"), UserMessage.from("cd ef"));
        ChatModel chat = SnoozyChatModel.builder().model(model).maxOutputTokens(1).build();
        assertThat(estimator.estimateTokenCountInMessages(messages))
                .isEqualTo(chat.chat(messages).tokenUsage().inputTokenCount());
    }

    @Test
    void aTextHasItsTokensAndNoOthers() {
        assertThat(estimator.estimateTokenCountInText("")).isZero();
        assertThat(estimator.estimateTokenCountInText("ab cd"))
                .isEqualTo(model.tokenizer().encode("ab cd", false, false).length);
        assertThat(estimator.estimateTokenCountInMessages(List.of())).isZero();
    }

    @Test
    void callsOfToolsCount() {
        AiMessage plain = AiMessage.from("ab");
        AiMessage calls =
                AiMessage.from(
                        "ab",
                        List.of(
                                ToolExecutionRequest.builder()
                                        .id("1")
                                        .name("cd")
                                        .arguments("{\"ef\": 1}")
                                        .build()));
        assertThat(estimator.estimateTokenCountInMessage(calls))
                .isGreaterThan(estimator.estimateTokenCountInMessage(plain));
    }

    @Test
    void whatIsLongerThanTheContextIsCountedToo() {
        assertThat(
                        estimator.estimateTokenCountInMessages(
                                List.of(UserMessage.from("x".repeat(5000)))))
                .isGreaterThan(5000);
    }

    @Test
    void aMemoryNeverHoldsMoreTokensThanItMay() {
        TokenWindowChatMemory memory = TokenWindowChatMemory.withMaxTokens(200, estimator);
        for (int i = 0; i < 12; i++) {
            memory.add(UserMessage.from("abcdefgh ".repeat(i % 5 + 1)));
            memory.add(AiMessage.from("yes"));
            assertThat(estimator.estimateTokenCountInMessages(memory.messages()))
                    .isLessThanOrEqualTo(200);
        }
        assertThat(memory.messages()).hasSizeGreaterThan(2);
    }
}
