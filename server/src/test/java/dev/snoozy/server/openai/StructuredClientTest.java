package dev.snoozy.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** Answers of a given form and forced calls, as real clients ask for them. */
class StructuredClientTest {
    /** What a client asks for. */
    public static final class Book {
        public String title = "";
        public int pages;
        public boolean read;
    }

    private static Rig rig;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        rig = Rig.chatAndVectors();
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(rig.url() + "/v1")
                        .apiKey("none")
                        .maxRetries(0)
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        rig.close();
    }

    @Test
    void openAiReadsAClassFromTheAnswer() {
        StructuredChatCompletionCreateParams<Book> ask =
                ChatCompletionCreateParams.builder()
                        .model("tiny")
                        .addUserMessage("ab cd")
                        .maxCompletionTokens(200)
                        .seed(7)
                        .responseFormat(Book.class)
                        .build();
        Book book =
                client.chat().completions().create(ask).choices().stream()
                        .flatMap(choice -> choice.message().content().stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(book.title).isNotNull();
    }

    @Test
    void openAiReadsACallThatWasForced() {
        FunctionParameters parameters =
                FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(
                                        Map.of("days", Map.of("type", "integer", "maximum", 9))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("days")))
                        .build();
        ChatCompletionCreateParams ask =
                ChatCompletionCreateParams.builder()
                        .model("tiny")
                        .addUserMessage("ab cd")
                        .maxCompletionTokens(200)
                        .seed(7)
                        .addFunctionTool(
                                FunctionDefinition.builder()
                                        .name("forecast")
                                        .parameters(parameters)
                                        .build())
                        .toolChoice(
                                ChatCompletionNamedToolChoice.builder()
                                        .function(
                                                ChatCompletionNamedToolChoice.Function.builder()
                                                        .name("forecast")
                                                        .build())
                                        .build())
                        .build();
        ChatCompletion.Choice choice = client.chat().completions().create(ask).choices().getFirst();
        ChatCompletionMessageFunctionToolCall.Function call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction().function();
        assertThat(call.name()).isEqualTo("forecast");
        assertThat(Json.parse(call.arguments()).get("days").intValue()).isLessThanOrEqualTo(9);
    }

    @Test
    void langChainReadsAnAnswerOfItsSchema() {
        OpenAiChatModel model =
                OpenAiChatModel.builder()
                        .baseUrl(rig.url() + "/v1")
                        .apiKey("none")
                        .modelName("tiny")
                        .maxTokens(200)
                        .strictJsonSchema(true)
                        .build();
        JsonObjectSchema object =
                JsonObjectSchema.builder()
                        .addStringProperty("name")
                        .addIntegerProperty("age")
                        .required("name", "age")
                        .build();
        ResponseFormat format =
                ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder().name("person").rootElement(object).build())
                        .build();
        String text =
                model.chat(
                                ChatRequest.builder()
                                        .messages(UserMessage.from("ab cd"))
                                        .responseFormat(format)
                                        .build())
                        .aiMessage()
                        .text();
        JsonNode person = Json.parse(text);
        assertThat(person.get("name").isString()).isTrue();
        assertThat(person.get("age").isIntegralNumber()).isTrue();
    }
}
