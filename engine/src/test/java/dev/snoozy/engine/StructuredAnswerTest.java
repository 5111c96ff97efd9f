package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Answers as values, and answers that are published. */
class StructuredAnswerTest {
    enum Currency {
        EUR,
        USD
    }

    record Line(String article, int count, double price) {}

    record Invoice(List<Line> lines, Currency currency, boolean paid, Optional<String> note) {}

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Models.loadChat(TinyModel.llama().with("llama.context_length", 4096));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationOptions options(int tokens, long seed) {
        return GenerationOptions.defaults()
                .withMaxTokens(tokens)
                .withSampling(SamplingOptions.builder().temperature(2).seed(seed).build());
    }

    @Test
    void aModelOfRandomWeightsFillsARecord() {
        for (int seed = 0; seed < 20; seed++) {
            ChatSession chat = model.chat();
            Invoice invoice = chat.ask("ab", Invoice.class, options(600, seed));
            assertThat(invoice.currency()).isNotNull();
            assertThat(chat.messages()).hasSize(2);
        }
    }

    @Test
    void anAnswerThatWasCutOffIsNoValue() {
        assertThatThrownBy(() -> model.chat().ask("ab", Invoice.class, options(3, 1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the answer is no Invoice");
    }

    @Test
    void aPublishedTextIsTheText() {
        GenerationOptions options = options(40, 3);
        List<String> pieces = new ArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        model.stream("ab", options).publisher().subscribe(collector(pieces, 1, end));
        end.join();
        assertThat(String.join("", pieces)).isEqualTo(model.generate("ab", options).text());
    }

    @Test
    void aSecondSubscriberIsRefused() {
        try (TextStream stream = model.stream("ab", options(4, 3))) {
            Flow.Publisher<String> publisher = stream.publisher();
            CompletableFuture<Void> first = new CompletableFuture<>();
            publisher.subscribe(collector(new ArrayList<>(), Long.MAX_VALUE, first));
            CompletableFuture<Void> second = new CompletableFuture<>();
            publisher.subscribe(collector(new ArrayList<>(), 1, second));
            first.join();
            assertThatThrownBy(second::join).hasMessageContaining("one subscriber");
        }
    }

    /** Collects what is published, asking for some elements at a time. */
    private static Flow.Subscriber<String> collector(
            List<String> into, long each, CompletableFuture<Void> end) {
        return new Flow.Subscriber<>() {
            private final CompletableFuture<Flow.Subscription> subscription =
                    new CompletableFuture<>();

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription.complete(given);
                given.request(each);
            }

            @Override
            public void onNext(String piece) {
                into.add(piece);
                subscription.join().request(each);
            }

            @Override
            public void onError(Throwable cause) {
                end.completeExceptionally(cause);
            }

            @Override
            public void onComplete() {
                end.complete(null);
            }
        };
    }
}
