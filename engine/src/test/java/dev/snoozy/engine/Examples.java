package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** The examples of the documentation, which are compiled and run with the tests. */
class Examples {
    @TempDir private Path folder;

    @Test
    void generate() throws IOException {
        Path file = Models.stories();
        // @start region="generate"
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(64)
                        .withSampling(SamplingOptions.builder().seed(1).build())
                        .withStop("The end");
        try (LanguageModel model = LanguageModel.load(file)) {
            Generation story = model.generate("Once upon a time", options, System.out::print);
            System.out.println(" [" + story.usage().completionTokens() + " tokens]");
        }
        // @end
        assertThat(options.stop()).containsExactly("The end");
    }

    @Test
    void chat() throws IOException {
        Path file = folder.resolve("chat.gguf");
        TinyModel.llama().with("tokenizer.chat_template", Models.TEMPLATE).writeTo(file);
        // @start region="chat"
        GenerationOptions options = GenerationOptions.defaults().withMaxTokens(32);
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatSession chat = model.chat();
            chat.add(ChatMessage.system("You answer in one sentence."));
            System.out.println(chat.send("What is a GGUF file?", options).text());
            System.out.println(chat.send("Who made the format?", options).text());
        }
        // @end
    }

    @Test
    void embed() throws IOException {
        Path file = TinyModel.bert().writeTo(folder.resolve("encoder.gguf"));
        double similarity = 0;
        // @start region="embed"
        try (EmbeddingModel model = EmbeddingModel.load(file)) {
            List<float[]> vectors = model.embed(List.of("a small cat", "a kitten"));
            for (int i = 0; i < model.dimensions(); i++) {
                similarity += vectors.get(0)[i] * vectors.get(1)[i];
            }
        }
        // @end
        assertThat(similarity).isBetween(-1.001, 1.001);
    }

    @Test
    void stream() throws IOException {
        Path file = Models.stories();
        GenerationOptions options = GenerationOptions.defaults().withMaxTokens(16);
        // @start region="stream"
        try (LanguageModel model = LanguageModel.load(file);
                TextStream stream = model.stream("Once upon a time", options.withAlternatives(2))) {
            for (TextPiece piece : stream.pieces()) {
                System.out.print(piece.text());
                for (TokenChoice choice : piece.choices()) {
                    System.out.print(" " + choice.logprob() + choice.alternatives());
                }
            }
            System.out.println(stream.result().timings().generatedPerSecond() + " t/s");
        }
        // @end
    }

    @Test
    void publish() throws IOException {
        Path file = Models.stories();
        GenerationOptions options = GenerationOptions.defaults().withMaxTokens(16);
        CompletableFuture<Void> end = new CompletableFuture<>();
        // @start region="publish"
        try (LanguageModel model = LanguageModel.load(file)) {
            model.stream("Once upon a time", options)
                    .publisher()
                    .subscribe(
                            new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    subscription.request(Long.MAX_VALUE);
                                }

                                @Override
                                public void onNext(String piece) {
                                    System.out.print(piece);
                                }

                                @Override
                                public void onError(Throwable cause) {
                                    end.completeExceptionally(cause);
                                }

                                @Override
                                public void onComplete() {
                                    end.complete(null);
                                }
                            });
            end.join();
        }
        // @end
    }

    @Test
    void constrain() throws IOException {
        Path file = Models.stories();
        String text;
        // @start region="constrain"
        Grammar grammar = Grammar.regex("(yes|no), because [a-z ]{5,60}\\.");
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(64)
                        .withConstraint(OutputConstraint.of(grammar));
        try (LanguageModel model = LanguageModel.load(file)) {
            text = model.generate("Was the bird happy?", options).text();
        }
        // @end
        assertThat(grammar.matches(text)).isTrue();
    }

    // @start region="record"
    enum Mood {
        HAPPY,
        SAD
    }

    record Animal(@Description("what it is called") String name, int age, Mood mood) {}

    // @end

    @Test
    void record() throws IOException {
        Path file = folder.resolve("record.gguf");
        TinyModel.llama().with("tokenizer.chat_template", Models.TEMPLATE).writeTo(file);
        // @start region="ask"
        try (LanguageModel model = LanguageModel.load(file)) {
            GenerationOptions options = GenerationOptions.defaults().withMaxTokens(150);
            Animal animal = model.chat().ask("Invent an animal.", Animal.class, options);
            System.out.println(animal.name() + " is " + animal.mood());
        }
        // @end
    }

    // @start region="tools"
    static final class Clock {
        @Tool("the time in a city")
        String time(@Description("name of the city") String city) {
            return city + ": 12:00";
        }
    }

    // @end

    @Test
    void tools() throws IOException {
        Path file = folder.resolve("tools.gguf");
        TinyModel.llama()
                .with("tokenizer.chat_template", Models.TEMPLATE)
                .with("llama.context_length", 4096)
                .writeTo(file);
        // @start region="call"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatSession chat = model.chat().withTools(Toolbox.of(new Clock()));
            GenerationOptions options = GenerationOptions.defaults().withMaxTokens(64);
            System.out.println(chat.send("What time is it in Ulm?", options).text());
        }
        // @end
    }

    @Test
    void longConversations() throws IOException {
        Path file = folder.resolve("long.gguf");
        TinyModel.llama().with("tokenizer.chat_template", Models.TEMPLATE).writeTo(file);
        GenerationOptions options = GenerationOptions.defaults().withMaxTokens(16);
        // @start region="policy"
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatSession chat = model.chat().withContextPolicy(ContextPolicy.DROP_OLDEST);
            for (int i = 0; i < 10; i++) {
                ChatReply reply = chat.send("And then, what did the bird see there?", options);
                System.out.println(reply.droppedMessages() + " messages were left out");
            }
        }
        // @end
    }
}
