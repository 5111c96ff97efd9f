package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.service.AiServices;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.Pooling;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The examples of the documentation, which are compiled and run with the tests. */
class Examples {
    @TempDir private Path folder;

    @Test
    void chat() throws IOException {
        Path file = Models.stories();
        String answer;
        // @start region="chat"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatModel chat =
                    SnoozyChatModel.builder()
                            .model(model)
                            .temperature(0.7)
                            .maxOutputTokens(64)
                            .build();
            answer = chat.chat("Tell me of a bird.");
        }
        // @end
        assertThat(answer).isNotBlank();
    }

    // @start region="service"
    record Animal(@JsonProperty(required = true) String name, String kind, int age) {}

    interface Zoo {
        Animal invent(String wish);
    }

    // @end

    @Test
    void service() throws IOException {
        Path file = Models.stories();
        Animal animal;
        // @start region="ask"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatModel chat = SnoozyChatModel.builder().model(model).maxOutputTokens(150).build();
            Zoo zoo = AiServices.create(Zoo.class, chat);
            animal = zoo.invent("An animal that can fly.");
            System.out.println(animal.name() + ", " + animal.age());
        }
        // @end
        assertThat(animal.name()).isNotNull();
    }

    @Test
    void stream() throws IOException {
        Path file = Models.stories();
        CompletableFuture<String> end = new CompletableFuture<>();
        // @start region="stream"
        try (LanguageModel model = LanguageModel.load(file)) {
            StreamingChatModel chat = SnoozyStreamingChatModel.builder().model(model).build();
            chat.chat(
                    "Tell me a long story.",
                    new StreamingChatResponseHandler() {
                        private int length;

                        @Override
                        public void onPartialResponse(
                                PartialResponse part, PartialResponseContext context) {
                            System.out.print(part.text());
                            length += part.text().length();
                            if (length > 200) {
                                context.streamingHandle().cancel();
                                end.complete("enough");
                            }
                        }

                        @Override
                        public void onCompleteResponse(ChatResponse response) {
                            end.complete(response.aiMessage().text());
                        }

                        @Override
                        public void onError(Throwable error) {
                            end.completeExceptionally(error);
                        }
                    });
            end.join();
        }
        // @end
        assertThat(end).isCompleted();
    }

    @Test
    void parameters() throws IOException {
        Path file = Models.stories();
        ChatResponse response;
        // @start region="parameters"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatModel chat = SnoozyChatModel.builder().model(model).build();
            SnoozyChatRequestParameters parameters =
                    SnoozyChatRequestParameters.builder()
                            .seed(1L)
                            .minP(0.1)
                            .constraint(OutputConstraint.of(Grammar.regex("(yes|no)\\.")))
                            .build();
            response =
                    chat.chat(
                            ChatRequest.builder()
                                    .messages(UserMessage.from("Can a bird fly?"))
                                    .parameters(parameters)
                                    .build());
            System.out.println(response.aiMessage().text());
            SnoozyChatResponseMetadata metadata = (SnoozyChatResponseMetadata) response.metadata();
            System.out.println(metadata.cachedTokens() + " tokens were still in memory");
        }
        // @end
        assertThat(response.aiMessage().text()).isIn("yes.", "no.");
    }

    @Test
    void memory() throws IOException {
        Path file = Models.stories();
        // @start region="memory"
        try (LanguageModel model = LanguageModel.load(file)) {
            TokenWindowChatMemory memory =
                    TokenWindowChatMemory.withMaxTokens(
                            model.contextLength() / 2, new SnoozyTokenCountEstimator(model));
            memory.add(UserMessage.from("Tell me of a bird."));
        }
        // @end
    }

    @Test
    void vectors() throws IOException {
        Path encoder = Files.write(folder.resolve("encoder.gguf"), Models.encoder().bytes());
        Path ranker = Files.write(folder.resolve("ranker.gguf"), Models.ranker().bytes());
        double score;
        // @start region="vectors"
        try (EmbeddingModel vectors = EmbeddingModel.load(encoder);
                EmbeddingModel pairs =
                        EmbeddingModel.load(
                                ranker, LoadOptions.defaults(), Optional.of(Pooling.RANK))) {
            var embeddings = SnoozyEmbeddingModel.builder().model(vectors).build();
            float[] vector = embeddings.embed("a small cat").content().vector();
            ScoringModel scores = SnoozyScoringModel.builder().model(pairs).build();
            score = scores.score(TextSegment.from("a kitten"), "a small cat").content();
            System.out.println(vector.length + " numbers, score " + score);
        }
        // @end
        assertThat(score).isBetween(0.0, 1.0);
    }

    @Test
    void many() throws IOException {
        Path small = Models.stories();
        Path large = Models.stories();
        String name;
        // @start region="many"
        try (LanguageModel one = LanguageModel.load(small);
                LanguageModel other = LanguageModel.load(large)) {
            ChatModel chat =
                    SnoozyChatModel.builder()
                            .model("small", one)
                            .model("large", other)
                            .maxOutputTokens(16)
                            .build();
            ChatRequest request =
                    ChatRequest.builder()
                            .messages(List.of(UserMessage.from("Tell me of a bird.")))
                            .modelName("large")
                            .build();
            name = chat.chat(request).modelName();
        }
        // @end
        assertThat(name).isEqualTo("large");
    }
}
