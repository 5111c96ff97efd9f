package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

class SnoozyStreamingChatModelTest {
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Models.loadRandom();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SnoozyStreamingChatModel.Builder builder() {
        return SnoozyStreamingChatModel.builder().model(model).seed(7L);
    }

    @Test
    void theStreamTellsWhatTheBlockingModelSays() throws Exception {
        Recorder recorder = new Recorder();
        builder().maxOutputTokens(24).build().chat("ab cd", recorder);
        ChatResponse response = recorder.response();
        ChatResponse whole =
                SnoozyChatModel.builder()
                        .model(model)
                        .seed(7L)
                        .maxOutputTokens(24)
                        .build()
                        .chat(UserMessage.from("ab cd"));
        assertThat(recorder.text()).isEqualTo(whole.aiMessage().text());
        assertThat(response.aiMessage()).isEqualTo(whole.aiMessage());
        assertThat(response.tokenUsage()).isEqualTo(whole.tokenUsage());
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(recorder.told()).hasSizeGreaterThan(2).endsWith("end");
    }

    @Test
    void aCancelledAnswerTellsNothingMore() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicReference<StreamingHandle> seen = new AtomicReference<>();
        Recorder recorder =
                new Recorder() {
                    @Override
                    void handle(StreamingHandle handle) {
                        if (told().size() == 3) {
                            assertThat(handle.isCancelled()).isFalse();
                            handle.cancel();
                            handle.cancel();
                            seen.set(handle);
                            cancelled.countDown();
                        }
                    }
                };
        builder().maxOutputTokens(900).build().chat("ab cd", recorder);
        cancelled.await();
        assertThat(seen.get().isCancelled()).isTrue();
        // The next answer comes behind whatever would still be told.
        Recorder next = new Recorder();
        builder().maxOutputTokens(4).build().chat("ef", next);
        next.response();
        assertThat(recorder.told()).containsExactly("text", "text", "text");
    }

    @Test
    void faultsOfTheRequestAreToldToTheHandler() {
        assertThat(fault("x".repeat(5000), ChatRequestParameters.builder().build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context");
        assertThat(fault("ab", ChatRequestParameters.builder().topP(7.0).build()))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(fault("ab", ChatRequestParameters.builder().modelName("gpt").build()))
                .isInstanceOf(ModelNotFoundException.class);
    }

    private static Throwable fault(String text, ChatRequestParameters parameters) {
        Recorder recorder = new Recorder();
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from(text))
                        .parameters(parameters)
                        .build();
        builder().build().chat(request, recorder);
        try {
            recorder.response();
        } catch (ExecutionException e) {
            assertThat(recorder.told()).containsExactly("error");
            return Objects.requireNonNull(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("there was no fault");
    }

    @Test
    void whatThereIsNotIsRefusedAtOnce() {
        Recorder recorder = new Recorder();
        StreamingChatModel streaming = builder().build();
        assertThatThrownBy(() ->
                        streaming.chat(
                                List.of(UserMessage.from(ImageContent.from("http://a/b.png"))),
                                recorder))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("image");
        assertThat(recorder.told()).isEmpty();
    }

    @Test
    void callsAreToldInPartsAndThenAsAWhole() throws Exception {
        Recorder recorder = new Recorder();
        ToolSpecification tool =
                ToolSpecification.builder()
                        .name("ab")
                        .parameters(
                                JsonObjectSchema.builder()
                                        .addIntegerProperty("count")
                                        .required("count")
                                        .build())
                        .build();
        builder()
                .build()
                .chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from("ab"))
                                .parameters(
                                        SnoozyChatRequestParameters.builder()
                                                .toolSpecifications(tool)
                                                .toolChoice(ToolChoice.REQUIRED)
                                                .parallelToolCalls(false)
                                                .maxOutputTokens(300)
                                                .build())
                                .build(),
                        recorder);
        ChatResponse response = recorder.response();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.aiMessage().toolExecutionRequests()).hasSize(1);
        assertThat(recorder.told()).startsWith("part of call 0").endsWith("call 0", "end");
    }

    @Test
    void manyAnswersOfOneModelComeAtOnceAndEachIsWhatItIsAlone() throws Exception {
        SnoozyStreamingChatModel streaming = builder().maxOutputTokens(24).build();
        List<Recorder> recorders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            streaming.chat("ab ".repeat(i + 1), recorder);
        }
        for (int i = 0; i < 8; i++) {
            Recorder alone = new Recorder();
            recorders.get(i).response();
            streaming.chat("ab ".repeat(i + 1), alone);
            assertThat(alone.response().aiMessage())
                    .isEqualTo(recorders.get(i).response().aiMessage());
        }
    }
}
