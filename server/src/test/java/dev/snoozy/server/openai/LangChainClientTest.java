package dev.snoozy.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** LangChain4j's client, which speaks through the JDK's HTTP client. */
class LangChainClientTest {
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder()
                    .name("weather")
                    .description("tells the weather")
                    .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                    .build();

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.chatAndVectors();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static OpenAiChatModel model(String name, double temperature) {
        return OpenAiChatModel.builder()
                .baseUrl(rig.url() + "/v1")
                .apiKey("none")
                .modelName(name)
                .maxTokens(8)
                .temperature(temperature)
                .maxRetries(0)
                .build();
    }

    private static ChatResponse stream(String url) throws Exception {
        OpenAiStreamingChatModel model =
                OpenAiStreamingChatModel.builder()
                        .baseUrl(url + "/v1")
                        .apiKey("none")
                        .modelName("tiny")
                        .maxTokens(8)
                        .temperature(0.0)
                        .build();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        model.chat(
                ChatRequest.builder()
                        .messages(UserMessage.from("ab cd"))
                        .toolSpecifications(WEATHER)
                        .build(),
                new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String text) {}

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        return whole.get(30, TimeUnit.SECONDS);
    }

    @Test
    void chatsWithToolsAndStreamsTheSame() throws Exception {
        ChatResponse whole =
                model("tiny", 0)
                        .chat(
                                ChatRequest.builder()
                                        .messages(UserMessage.from("ab cd"))
                                        .toolSpecifications(WEATHER)
                                        .build());
        ChatResponse streamed = stream(rig.url());
        assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
        assertThat(streamed.tokenUsage().outputTokenCount())
                .isEqualTo(whole.tokenUsage().outputTokenCount());
    }

    @Test
    void readsToolCallsThatComeInPieces() throws Exception {
        try (ToolCallStub stub = ToolCallStub.start()) {
            ChatResponse reply = stream(stub.url());
            assertThat(reply.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(reply.aiMessage().toolExecutionRequests()).hasSize(2);
            assertThat(reply.aiMessage().toolExecutionRequests().getLast().arguments())
                    .isEqualTo("{\"city\":\"Oslo\"}");
            assertThat(reply.aiMessage().toolExecutionRequests().getLast().name())
                    .isEqualTo("weather");
        }
    }

    @Test
    void raisesItsOwnExceptions() {
        assertThatThrownBy(() -> model("tiny", -3).chat("ab"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> model("none", 0).chat("ab"))
                .isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void embeds() {
        OpenAiEmbeddingModel model =
                OpenAiEmbeddingModel.builder()
                        .baseUrl(rig.url() + "/v1")
                        .apiKey("none")
                        .modelName("bert")
                        .build();
        assertThat(model.embed("ab").content().vector()).hasSize(32);
    }
}
