package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.testkit.TinyModel;

import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.io.IOException;
import java.nio.file.Path;

/** Applications of Spring Boot get their models by properties. */
class SnoozyAutoConfigurationTest {
    @TempDir private Path folder;

    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(SnoozyAutoConfiguration.class));

    private Path chat() throws IOException {
        return Models.random(Models.TEMPLATE).writeTo(folder.resolve("chat.gguf"));
    }

    private Path encoder() throws IOException {
        return TinyModel.bert().writeTo(folder.resolve("encoder.gguf"));
    }

    @Test
    void springBootFindsTheConfiguration() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(SnoozyAutoConfiguration.class.getName());
    }

    @Test
    void withoutPropertiesThereIsNoModel() {
        application.run(
                context -> assertThat(context).doesNotHaveBean(ChatModel.class).hasNotFailed());
    }

    @Test
    void aFileMakesAChatModelWithItsOptions() throws IOException {
        application
                .withPropertyValues(
                        "snoozy.chat.model=" + chat(),
                        "snoozy.chat.context-length=512",
                        "snoozy.chat.threads=1",
                        "snoozy.chat.max-tokens=5",
                        "snoozy.chat.temperature=0.0",
                        "snoozy.chat.top-k=3",
                        "snoozy.chat.top-p=0.5",
                        "snoozy.chat.min-p=0.25",
                        "snoozy.chat.seed=9",
                        "snoozy.chat.context-policy=drop-oldest")
                .run(context -> {
                    assertThat(context.getBean(LanguageModel.class).contextLength()).isEqualTo(512);
                    assertThat(context.getBean(SnoozyChatModel.class).getOptions())
                            .isEqualTo(
                                    SnoozyChatOptions.builder()
                                            .model("random")
                                            .maxTokens(5)
                                            .temperature(0.0)
                                            .topK(3)
                                            .topP(0.5)
                                            .minP(0.25)
                                            .seed(9L)
                                            .contextPolicy(ContextPolicy.DROP_OLDEST)
                                            .build());
                    assertThat(context.getBean(ChatModel.class).call("ab")).isNotNull();
                });
    }

    @Test
    void aFileMakesAnEmbeddingModel() throws IOException {
        application
                .withPropertyValues(
                        "snoozy.embedding.model=" + encoder(), "snoozy.embedding.dimensions=8")
                .run(context ->
                        assertThat(context.getBean(EmbeddingModel.class).embed("cat")).hasSize(8));
    }

    @Test
    void anotherProviderCanBeChosen() throws IOException {
        application
                .withPropertyValues(
                        "snoozy.chat.model=" + chat(),
                        "snoozy.embedding.model=" + encoder(),
                        "spring.ai.model.chat=ollama",
                        "spring.ai.model.embedding=ollama")
                .run(context ->
                        assertThat(context)
                                .doesNotHaveBean(ChatModel.class)
                                .doesNotHaveBean(EmbeddingModel.class));
    }

    @Test
    void theObserverOfTheApplicationHearsOfRequests() throws IOException {
        TestObservationRegistry registry = TestObservationRegistry.create();
        application
                .withBean(TestObservationRegistry.class, () -> registry)
                .withPropertyValues("snoozy.chat.model=" + chat(), "snoozy.chat.max-tokens=1")
                .run(context -> context.getBean(ChatModel.class).call("ab"));
        TestObservationRegistryAssert.assertThat(registry).hasSingleObservationThat().isNotNull();
    }

    @Test
    void aFileThatIsNotThereFailsTheApplicationWithItsName() {
        application
                .withPropertyValues("snoozy.chat.model=" + folder.resolve("none.gguf"))
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("none.gguf"));
    }
}
