package dev.snoozy.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client for Java. */
class OpenAiJavaClientTest {
    private static Rig rig;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        rig = Rig.chatAndVectors();
        client = client(rig.url());
    }

    private static OpenAIClient client(String url) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url + "/v1")
                .apiKey("none")
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        rig.close();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model("tiny")
                .addUserMessage("ab cd")
                .maxCompletionTokens(8)
                .seed(7)
                .build();
    }

    @Test
    void chatsAndStreamsTheSame() {
        ChatCompletion whole = client.chat().completions().create(chat());
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat())) {
            chunks.stream().forEach(accumulator::accumulate);
        }
        assertThat(accumulator.chatCompletion().choices().getFirst().message().content())
                .isEqualTo(whole.choices().getFirst().message().content());
        assertThat(whole.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
    }

    @Test
    void readsToolCallsThatComeInPieces() throws Exception {
        try (ToolCallStub stub = ToolCallStub.start()) {
            OpenAIClient other = client(stub.url());
            ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
            try (StreamResponse<ChatCompletionChunk> chunks =
                    other.chat().completions().createStreaming(chat())) {
                chunks.stream().forEach(accumulator::accumulate);
            }
            other.close();
            ChatCompletion.Choice choice = accumulator.chatCompletion().choices().getFirst();
            assertThat(choice.finishReason())
                    .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
            assertThat(choice.message().toolCalls().orElseThrow()).hasSize(2);
            assertThat(
                            choice.message()
                                    .toolCalls()
                                    .orElseThrow()
                                    .getFirst()
                                    .asFunction()
                                    .function()
                                    .arguments())
                    .isEqualTo("{\"city\":\"Rome\"}");
        }
    }

    @Test
    void asksForResponsesWholeAndStreamed() {
        ResponseCreateParams ask =
                ResponseCreateParams.builder()
                        .model("tiny")
                        .input("ab cd")
                        .instructions("be")
                        .maxOutputTokens(8)
                        .temperature(0)
                        .build();
        Response whole = client.responses().create(ask);
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(ask)) {
            events.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        assertThat(text(accumulator.response())).isEqualTo(text(whole));
        assertThat(whole.usage().orElseThrow().outputTokens()).isBetween(1L, 8L);
    }

    private static String text(Response response) {
        return response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).anyMatch(model -> model.id().equals("tiny"));
        assertThat(client.models().retrieve("tiny").id()).isEqualTo("tiny");
    }

    @Test
    void raisesItsOwnExceptions() {
        ChatCompletionCreateParams bad = chat().toBuilder().temperature(-3.0).build();
        assertThatThrownBy(() -> client.chat().completions().create(bad))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature");
        ChatCompletionCreateParams unknown = chat().toBuilder().model("none").build();
        assertThatThrownBy(() -> client.chat().completions().create(unknown))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void raisesWhatGoesWrongInAStream() throws Exception {
        try (ToolCallStub stub = ToolCallStub.failing()) {
            OpenAIClient other = client(stub.url());
            try (StreamResponse<ChatCompletionChunk> chunks =
                    other.chat().completions().createStreaming(chat())) {
                assertThatThrownBy(() -> chunks.stream().forEach(chunk -> {}))
                        .isInstanceOf(OpenAIException.class)
                        .hasMessageContaining("meant to fail");
            }
            other.close();
        }
    }

    @Test
    void embeds() {
        CreateEmbeddingResponse reply =
                client.embeddings()
                        .create(EmbeddingCreateParams.builder().model("bert").input("ab").build());
        assertThat(reply.data().getFirst().embedding()).hasSize(32);
    }
}
