package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SnoozyChatModelTest {
    private static LanguageModel random;
    private static LanguageModel stories;

    @BeforeAll
    static void load() throws Exception {
        random = Models.loadRandom();
        stories = Models.loadStories();
    }

    @AfterAll
    static void close() {
        random.close();
        stories.close();
    }

    private static SnoozyChatModel.Builder random() {
        return SnoozyChatModel.builder().model("random", random).maxOutputTokens(24).seed(7L);
    }

    private static ChatResponse ask(ChatModel model, ChatRequestParameters parameters) {
        return model.chat(request("ab cd", parameters));
    }

    private static ChatRequest request(String text, ChatRequestParameters parameters) {
        return ChatRequest.builder()
                .messages(UserMessage.from(text))
                .parameters(parameters)
                .build();
    }

    private static SnoozyChatRequestParameters.Builder own() {
        return SnoozyChatRequestParameters.builder();
    }

    private static String text(ChatRequestParameters parameters) {
        return ask(random().build(), parameters).aiMessage().text();
    }

    @Test
    void theSameSeedGivesTheSameTextAndIsReported() {
        ChatResponse first = ask(random().build(), own().seed(5L).build());
        ChatResponse second = ask(random().build(), own().seed(5L).build());
        ChatResponse other = ask(random().build(), own().seed(6L).build());
        assertThat(first.aiMessage()).isEqualTo(second.aiMessage());
        assertThat(first.aiMessage()).isNotEqualTo(other.aiMessage());
        assertThat(((SnoozyChatResponseMetadata) first.metadata()).seed()).isEqualTo(5);
    }

    @Test
    void theSeedThatWasDrawnGivesTheTextAgain() {
        ChatModel model = SnoozyChatModel.builder().model(random).maxOutputTokens(24).build();
        ChatResponse drawn = ask(model, own().build());
        long seed = ((SnoozyChatResponseMetadata) drawn.metadata()).seed();
        assertThat(ask(model, own().seed(seed).build()).aiMessage()).isEqualTo(drawn.aiMessage());
    }

    /** Parameters each of which changes a text of the random model. */
    static List<ChatRequestParameters> samplers() {
        return List.of(
                own().temperature(0.0).build(),
                own().topP(0.01).build(),
                own().topK(1).build(),
                own().frequencyPenalty(2.0).build(),
                own().presencePenalty(2.0).build(),
                own().minP(1.0).build(),
                own().repeatPenalty(5.0).build(),
                own().sampling(SamplingOptions.builder().typicalP(0.1f).seed(7).build()).build(),
                ChatRequestParameters.builder().temperature(0.0).build(),
                ChatRequestParameters.builder().maxOutputTokens(3).build(),
                ChatRequestParameters.builder()
                        .stopSequences(text(own().build()).substring(3, 5))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void everyParameterHasAnEffect(ChatRequestParameters parameters) {
        assertThat(text(parameters)).isNotEqualTo(text(own().build()));
    }

    @Test
    void theLikeliestTokenIsTakenAtTemperatureZeroAndWithOneCandidate() {
        assertThat(text(own().temperature(0.0).build())).isEqualTo(text(own().topK(1).build()));
    }

    @Test
    void parametersOfTheRequestGoOverThoseOfTheModel() {
        ChatModel model =
                random().defaultRequestParameters(
                                ChatRequestParameters.builder()
                                        .maxOutputTokens(9)
                                        .temperature(0.0)
                                        .build())
                        .build();
        assertThat(model.defaultRequestParameters().maxOutputTokens()).isEqualTo(24);
        assertThat(model.defaultRequestParameters().temperature()).isEqualTo(0);
        assertThat(model.defaultRequestParameters().modelName()).isEqualTo("random");
        ChatResponse response =
                ask(model, ChatRequestParameters.builder().maxOutputTokens(4).build());
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void anOptionOutsideItsRangeIsAnInvalidRequest() {
        assertThatThrownBy(() -> text(own().topP(7.0).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("top");
        assertThatThrownBy(() -> text(own().maxOutputTokens(-1).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("maxTokens");
    }

    @Test
    void aModelThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> text(own().modelName("gpt").build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("random")
                .hasMessageContaining("gpt");
        assertThatThrownBy(() -> random().modelName("gpt").build())
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> SnoozyChatModel.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found none");
    }

    @Test
    void aRequestChoosesAmongTheModelsOfOneBuilder() {
        ChatModel model = random().model("stories", stories).build();
        ChatResponse response = ask(model, own().modelName("stories").maxOutputTokens(5).build());
        assertThat(response.modelName()).isEqualTo("stories");
        SnoozyChatResponseMetadata metadata = (SnoozyChatResponseMetadata) response.metadata();
        assertThat(metadata.warnings()).singleElement().asString().contains("no chat template");
        assertThat(ask(model, own().build()).modelName()).isEqualTo("random");
    }

    @Test
    void aConversationThatIsTooLongIsRefusedOrCutAsThePolicySays() {
        List<dev.langchain4j.data.message.ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            messages.add(UserMessage.from("abcdefgh ".repeat(10)));
            messages.add(AiMessage.from("yes"));
        }
        messages.add(UserMessage.from("so"));
        ChatModel model = random().build();
        assertThatThrownBy(() -> model.chat(messages))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context");
        ChatResponse response =
                model.chat(
                        ChatRequest.builder()
                                .messages(messages)
                                .parameters(own().contextPolicy(ContextPolicy.DROP_OLDEST).build())
                                .build());
        SnoozyChatResponseMetadata metadata = (SnoozyChatResponseMetadata) response.metadata();
        assertThat(metadata.droppedMessages()).isPositive();
        assertThat(metadata.warnings()).hasSize(1);
    }

    @Test
    void theAnswerFollowsAGrammar() {
        OutputConstraint form = OutputConstraint.of(Grammar.regex("[xyz]{3}"));
        assertThat(text(own().constraint(form).build())).matches("[xyz]{3}");
        assertThatThrownBy(() ->
                        text(own().constraint(form).responseFormat(ResponseFormat.JSON).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("both");
    }

    @Test
    void randomWeightsWriteJsonToo() {
        ChatResponse response =
                ask(random().build(), own().responseFormat(ResponseFormat.JSON).build());
        assertThat(response.aiMessage().text()).startsWith("{").endsWith("}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    private static ToolSpecification.Builder tool() {
        return ToolSpecification.builder()
                .name("ab")
                .parameters(
                        JsonObjectSchema.builder()
                                .addBooleanProperty("now")
                                .required("now")
                                .build());
    }

    @Test
    void aForcedCallComesFromRandomWeights() {
        ChatResponse response =
                ask(
                        random().build(),
                        own().toolSpecifications(tool().build())
                                .toolChoice(ToolChoice.REQUIRED)
                                .parallelToolCalls(false)
                                .maxOutputTokens(200)
                                .build());
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.aiMessage().text()).isNull();
        ToolExecutionRequest call =
                response.aiMessage().toolExecutionRequests().stream().findFirst().orElseThrow();
        assertThat(call.name()).isEqualTo("ab");
        assertThat(call.id()).isNotBlank();
        assertThat(call.arguments()).matches("\\{\\s*\"now\"\\s*:\\s*(true|false)\\s*}");
    }

    @Test
    void noToolIsCalledWhereNoneMayBe() {
        ChatResponse response =
                ask(
                        random().build(),
                        own().toolSpecifications(tool().build())
                                .toolChoice(ToolChoice.NONE)
                                .build());
        assertThat(response.aiMessage().hasToolExecutionRequests()).isFalse();
    }

    @Test
    void callsThatMustBeStrictAreForcedOrRefused() {
        ToolSpecification strict = tool().strict(true).build();
        assertThatThrownBy(() -> text(own().toolSpecifications(strict).build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("strict of tool ab");
        ChatResponse response =
                ask(
                        random().build(),
                        own().toolSpecifications(strict)
                                .toolChoice(ToolChoice.REQUIRED)
                                .maxOutputTokens(200)
                                .build());
        assertThat(response.aiMessage().hasToolExecutionRequests()).isTrue();
    }

    @Test
    void aRequiredCallWithoutToolsIsAnInvalidRequest() {
        assertThatThrownBy(() -> text(own().toolChoice(ToolChoice.REQUIRED).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tools to choose from");
    }

    /** Messages that cannot be, with a word of what is said of them. */
    static Map<String, dev.langchain4j.data.message.ChatMessage> refused() {
        return Map.of(
                "image content",
                UserMessage.from(TextContent.from("see"), ImageContent.from("http://a/b.png")),
                "audio content",
                UserMessage.from(AudioContent.from("http://a/b.wav")),
                "video content",
                UserMessage.from(VideoContent.from("http://a/b.mp4")),
                "pdf content",
                UserMessage.from(PdfFileContent.from("http://a/b.pdf")),
                "name of a user message",
                UserMessage.from("Ann", "hello"),
                "type CUSTOM",
                CustomMessage.from(Map.of("a", "b")),
                "non-text content",
                ToolExecutionResultMessage.builder()
                        .id("1")
                        .toolName("ab")
                        .contents(List.of(ImageContent.from("http://a/b.png")))
                        .build());
    }

    @Test
    void whatIsNoTextIsRefusedByName() {
        ChatModel model = random().build();
        refused()
                .forEach((word, message) ->
                        assertThatThrownBy(() -> model.chat(message))
                                .isExactlyInstanceOf(UnsupportedFeatureException.class)
                                .hasMessageContaining(word)
                                .hasMessageContaining("not supported; cure: "));
    }

    @Test
    void aClosedModelIsAnInternalErrorAndOthersLiveOn() {
        LanguageModel closed = Models.loadRandom();
        ChatModel model = SnoozyChatModel.builder().model(closed).build();
        closed.close();
        assertThatThrownBy(() -> model.chat("ab"))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("closed");
        assertThat(text(own().build())).isNotEmpty();
    }

    @Test
    void interruptingTheCallerEndsTheAnswer() {
        ChatModel model = random().build();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> model.chat("ab"))
                    .isExactlyInstanceOf(LangChain4jException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aSecondTurnEvaluatesOnlyWhatIsNew() {
        ChatModel model = random().build();
        UserMessage first = UserMessage.from("abcdefgh ".repeat(20));
        ChatResponse answer = model.chat(first);
        ChatResponse second = model.chat(first, answer.aiMessage(), UserMessage.from("and then"));
        SnoozyChatResponseMetadata metadata = (SnoozyChatResponseMetadata) second.metadata();
        assertThat(metadata.cachedTokens()).isGreaterThan(100);
        assertThat(metadata.timings().generatedPerSecond()).isPositive();
    }

    @Test
    void metadataCanBeCopiedWithAnotherId() {
        ChatResponse response = ask(random().build(), own().build());
        SnoozyChatResponseMetadata metadata = (SnoozyChatResponseMetadata) response.metadata();
        assertThat(metadata.toBuilder().build()).isEqualTo(metadata).hasToString("" + metadata);
        assertThat(metadata.toBuilder().id("other").build()).isNotEqualTo(metadata);
        assertThat(metadata.toBuilder().id("other").build().seed()).isEqualTo(metadata.seed());
    }

    @Test
    void parametersAreCompletedFromBothSides() {
        SnoozyChatRequestParameters mine = own().seed(1L).minP(0.1).topK(3).build();
        ChatRequestParameters common =
                ChatRequestParameters.builder().topK(5).maxOutputTokens(2).build();
        assertThat(common.overrideWith(mine))
                .isEqualTo(own().seed(1L).minP(0.1).topK(3).maxOutputTokens(2).build());
        assertThat(mine.overrideWith(common))
                .isEqualTo(own().seed(1L).minP(0.1).topK(5).maxOutputTokens(2).build());
        assertThat(mine.defaultedBy(common)).isEqualTo(common.overrideWith(mine));
    }
}
