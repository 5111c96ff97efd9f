package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.document.Document;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The examples of docs/spring-ai.md, which are compiled and run with the tests. */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class Examples {
    @TempDir private Path folder;

    private Path chatModel() throws IOException {
        return Models.random(Models.TEMPLATE).writeTo(folder.resolve("chat.gguf"));
    }

    @Test
    void chat() throws IOException {
        Path file = chatModel();
        // @start region="chat"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatClient client = ChatClient.create(SnoozyChatModel.of(model));
            String answer =
                    client.prompt("What is a GGUF file?")
                            .system("You answer in one sentence.")
                            .options(SnoozyChatOptions.builder().maxTokens(64).seed(1L))
                            .call()
                            .content();
            System.out.println(answer);
        }
        // @end
    }

    @Test
    void stream() throws IOException {
        SnoozyChatOptions few = SnoozyChatOptions.builder().maxTokens(16).build();
        try (LanguageModel model = LanguageModel.load(chatModel())) {
            SnoozyChatModel chat = SnoozyChatModel.builder(model).options(few).build();
            // @start region="stream"
            ChatClient client = ChatClient.create(chat);
            client.prompt("Tell me a story.").stream()
                    .content()
                    .doOnNext(System.out::print)
                    .blockLast();
            // @end
        }
    }

    // @start region="record"
    record Animal(String name, int age) {}

    // @end

    @Test
    void entity() throws IOException {
        SnoozyChatOptions few = SnoozyChatOptions.builder().maxTokens(200).build();
        try (LanguageModel model = LanguageModel.load(chatModel())) {
            ChatClient client =
                    ChatClient.create(SnoozyChatModel.builder(model).options(few).build());
            // @start region="entity"
            Animal animal =
                    client.prompt("Invent an animal.")
                            .call()
                            .entity(Animal.class, spec -> spec.useProviderStructuredOutput());
            // @end
            assertThat(animal.name()).isNotNull();
        }
    }

    @Test
    void grammar() throws IOException {
        try (LanguageModel model = LanguageModel.load(chatModel())) {
            ChatClient client = ChatClient.create(SnoozyChatModel.of(model));
            // @start region="grammar"
            OutputConstraint yesOrNo = OutputConstraint.of(Grammar.regex("yes|no"));
            String answer =
                    client.prompt("Is it raining?")
                            .options(SnoozyChatOptions.builder().constraint(yesOrNo))
                            .call()
                            .content();
            // @end
            assertThat(answer).isIn("yes", "no");
        }
    }

    // @start region="tool"
    static final class Clock {
        @Tool(description = "the time in a city")
        String time(String city) {
            return city + ": 12:00";
        }
    }

    // @end

    @Test
    void tools() throws IOException {
        SnoozyChatOptions few = SnoozyChatOptions.builder().maxTokens(200).build();
        try (LanguageModel model = LanguageModel.load(chatModel())) {
            ChatClient client =
                    ChatClient.create(SnoozyChatModel.builder(model).options(few).build());
            // @start region="tools"
            client.prompt("What time is it in Ulm?")
                    .options(SnoozyChatOptions.builder().toolChoice(ToolChoice.REQUIRED))
                    .tools(new Clock())
                    .call()
                    .content();
            // @end
        }
    }

    @Test
    void embed() throws IOException {
        Path file = TinyModel.bert().writeTo(folder.resolve("encoder.gguf"));
        // @start region="embed"
        try (EmbeddingModel model = EmbeddingModel.load(file)) {
            VectorStore store = SimpleVectorStore.builder(SnoozyEmbeddingModel.of(model)).build();
            store.add(List.of(new Document("a small cat"), new Document("the weather")));
            SearchRequest search = SearchRequest.builder().query("a kitten").topK(1).build();
            System.out.println(store.similaritySearch(search).getFirst().getText());
        }
        // @end
    }
}
