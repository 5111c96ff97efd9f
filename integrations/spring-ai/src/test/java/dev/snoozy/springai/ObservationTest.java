package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.testkit.TinyModel;

import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;

import org.awaitility.Awaitility;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation.HighCardinalityKeyNames;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation.LowCardinalityKeyNames;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;

import java.util.List;

/** What is told of requests, by the conventions of Spring AI. */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class ObservationTest {
    private static final SnoozyChatOptions OPTIONS =
            SnoozyChatOptions.builder()
                    .frequencyPenalty(0.0)
                    .maxTokens(10)
                    .presencePenalty(0.0)
                    .stopSequences(List.of("this-is-the-end"))
                    .temperature(0.0)
                    .topK(1)
                    .topP(1.0)
                    .build();

    private static LanguageModel random;

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final SnoozyChatModel model =
            SnoozyChatModel.builder(random).options(OPTIONS).observationRegistry(registry).build();

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    @Test
    void aCallIsObserved() {
        check(model.call(new Prompt("ab")))
                .doesNotHaveHighCardinalityKeyValueWithKey(
                        HighCardinalityKeyNames.REQUEST_STREAM.asString());
    }

    @Test
    void aStreamIsObservedToItsEnd() {
        ChatResponse last = model.stream(new Prompt("ab")).blockLast();
        // The subscriber hears of the end before the observer.
        Awaitility.await()
                .untilAsserted(() ->
                        check(last)
                                .hasHighCardinalityKeyValue(
                                        HighCardinalityKeyNames.REQUEST_STREAM.asString(), "true"));
    }

    private TestObservationRegistryAssert
                    .TestObservationRegistryAssertReturningObservationContextAssert
            check(ChatResponse last) {
        return TestObservationRegistryAssert.assertThat(registry)
                .doesNotHaveAnyRemainingCurrentObservation()
                .hasObservationWithNameEqualTo(DefaultChatModelObservationConvention.DEFAULT_NAME)
                .that()
                .hasContextualNameEqualTo("chat random")
                .hasLowCardinalityKeyValue(
                        LowCardinalityKeyNames.AI_OPERATION_TYPE.asString(), "chat")
                .hasLowCardinalityKeyValue(LowCardinalityKeyNames.AI_PROVIDER.asString(), "snoozy")
                .hasLowCardinalityKeyValue(
                        LowCardinalityKeyNames.REQUEST_MODEL.asString(), "random")
                .hasLowCardinalityKeyValue(
                        LowCardinalityKeyNames.RESPONSE_MODEL.asString(), "random")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.REQUEST_FREQUENCY_PENALTY.asString(), "0.0")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.REQUEST_MAX_TOKENS.asString(), "10")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.REQUEST_STOP_SEQUENCES.asString(),
                        "[\"this-is-the-end\"]")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.REQUEST_TEMPERATURE.asString(), "0.0")
                .hasHighCardinalityKeyValue(HighCardinalityKeyNames.REQUEST_TOP_K.asString(), "1")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.RESPONSE_ID.asString(), last.getMetadata().getId())
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.RESPONSE_FINISH_REASONS.asString(), "[\"LENGTH\"]")
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.USAGE_INPUT_TOKENS.asString(),
                        String.valueOf(last.getMetadata().getUsage().getPromptTokens()))
                .hasHighCardinalityKeyValue(
                        HighCardinalityKeyNames.USAGE_OUTPUT_TOKENS.asString(), "10")
                .hasBeenStarted()
                .hasBeenStopped();
    }

    @Test
    void aFailureIsObserved() {
        Prompt tooLong = new Prompt("ab".repeat(20_000));
        assertThatThrownBy(() -> model.call(tooLong)).isNotNull();
        assertThatThrownBy(() -> model.stream(tooLong).blockLast()).isNotNull();
        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsEqualTo(2)
                .forAllObservationsWithNameEqualTo(
                        DefaultChatModelObservationConvention.DEFAULT_NAME,
                        observation -> observation.hasError());
    }

    @Test
    void whoLeavesEarlyEndsTheObservation() {
        model.stream(new Prompt("ab")).take(1).blockLast();
        Awaitility.await()
                .untilAsserted(() ->
                        TestObservationRegistryAssert.assertThat(registry)
                                .hasSingleObservationThat()
                                .hasBeenStopped());
    }

    @Test
    void anEmbeddingIsObserved() {
        try (EmbeddingModel encoder = Models.loadEncoder(TinyModel.bert())) {
            EmbeddingResponse response =
                    SnoozyEmbeddingModel.builder(encoder)
                            .observationRegistry(registry)
                            .build()
                            .embedForResponse(List.of("a small cat"));
            assertThat(response.getResults()).hasSize(1);
        }
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(
                        DefaultEmbeddingModelObservationConvention.DEFAULT_NAME)
                .that()
                .hasContextualNameEqualTo("embedding snoozy")
                .hasLowCardinalityKeyValue(LowCardinalityKeyNames.AI_PROVIDER.asString(), "snoozy")
                .hasHighCardinalityKeyValueWithKey("gen_ai.usage.input_tokens")
                .hasBeenStopped();
    }
}
