package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.text.grammar.Grammar;

import org.awaitility.Awaitility;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Answers as they come: pieces, demand, the end, leaving early. */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class StreamingTest {
    private static final Prompt PROMPT = new Prompt("ab", options(40));

    private static LanguageModel random;
    private static SnoozyChatModel model;

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
        model = SnoozyChatModel.of(random);
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static SnoozyChatOptions options(int tokens) {
        return SnoozyChatOptions.builder().seed(7L).maxTokens(tokens).build();
    }

    private static String text(List<ChatResponse> pieces) {
        return pieces.stream()
                .map(piece -> piece.getResult().getOutput().getText())
                .collect(Collectors.joining());
    }

    @Test
    void thePiecesAreTheWholeAnswer() {
        List<ChatResponse> pieces = model.stream(PROMPT).collectList().block();
        assertThat(pieces).hasSizeGreaterThan(5);
        assertThat(text(pieces)).isEqualTo(model.call(PROMPT).getResult().getOutput().getText());
        assertThat(pieces.stream().map(piece -> piece.getMetadata().getId()).distinct()).hasSize(1);
    }

    @Test
    void theLastPieceHasTheReasonOfTheEndAndTheCounts() {
        List<ChatResponse> pieces = model.stream(PROMPT).collectList().block();
        ChatResponse last = pieces.getLast();
        assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
        assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(40);
        assertThat(last.getMetadata().<Long>get("seed")).isEqualTo(7L);
        assertThat(pieces.subList(0, pieces.size() - 1))
                .allSatisfy(piece ->
                        assertThat(piece.getResult().getMetadata().getFinishReason()).isNull());
    }

    @Test
    void everySubscriptionIsARequestOfItsOwn() {
        Flux<ChatResponse> answer = model.stream(PROMPT);
        assertThat(text(answer.collectList().block()))
                .isEqualTo(text(answer.collectList().block()));
    }

    @Test
    void aSubscriberGetsNoMorePiecesThanItAskedFor() {
        OneByOne subscriber = new OneByOne();
        model.stream(PROMPT).subscribe(subscriber);
        subscriber.end.join();
        assertThat(subscriber.received).hasSizeGreaterThan(5);
        assertThat(subscriber.most).isZero();
    }

    /** Asks for the next piece only when it has thought about the last one. */
    private static final class OneByOne extends BaseSubscriber<ChatResponse> {
        final List<ChatResponse> received = new ArrayList<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        long asked;
        long most;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            asked++;
            request(1);
        }

        @Override
        protected void hookOnNext(ChatResponse piece) {
            received.add(piece);
            most = Math.max(most, received.size() - asked);
            asked++;
            request(1);
        }

        @Override
        protected void hookOnComplete() {
            end.complete(null);
        }

        @Override
        protected void hookOnError(Throwable cause) {
            end.completeExceptionally(cause);
        }
    }

    @Test
    void whoLeavesEarlyEndsTheComputation() {
        Prompt endless = new Prompt("ab", options(15_000));
        List<ChatResponse> pieces = model.stream(endless).take(3).collectList().block();
        assertThat(pieces).hasSize(3);
        Awaitility.await().untilAsserted(() -> assertThat(random.statistics().active()).isZero());
    }

    @Test
    void whoNeverAsksForAPieceCanStillLeave() {
        BaseSubscriber<ChatResponse> silent =
                new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {}
                };
        model.stream(new Prompt("ab", options(15_000))).subscribe(silent);
        Awaitility.await()
                .untilAsserted(() -> assertThat(random.statistics().active()).isPositive());
        silent.cancel();
        Awaitility.await().untilAsserted(() -> assertThat(random.statistics().active()).isZero());
    }

    @Test
    void errorsComeThroughTheStream() {
        Prompt tooLong = new Prompt("ab".repeat(20_000), options(5));
        assertThatThrownBy(() -> model.stream(tooLong).blockLast())
                .isInstanceOf(ContextExceededException.class);
        SnoozyChatOptions cold = SnoozyChatOptions.builder().temperature(-1.0).build();
        assertThatThrownBy(() -> model.stream(new Prompt("ab", cold)).blockLast())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature");
    }

    @Test
    void closingTheModelEndsAStreamWithAnError() {
        LanguageModel closing = Models.loadRandom();
        Flux<ChatResponse> answer =
                SnoozyChatModel.of(closing).stream(new Prompt("ab", options(15_000)));
        AtomicBoolean open = new AtomicBoolean(true);
        assertThatThrownBy(() ->
                        answer.doOnNext(
                                        piece -> {
                                            if (open.getAndSet(false)) {
                                                closing.close();
                                            }
                                        })
                                .blockLast())
                .isInstanceOf(ModelException.class);
    }

    @Test
    void reasoningGrowsWhileTheModelReasons() {
        try (LanguageModel thinker = Models.load(Models.random(Models.REASONING_TEMPLATE))) {
            OutputConstraint thought =
                    OutputConstraint.of(Grammar.literal("<think>it is said</think>because"));
            SnoozyChatOptions options = SnoozyChatOptions.builder().constraint(thought).build();
            List<ChatResponse> pieces =
                    SnoozyChatModel.of(thinker).stream(new Prompt("why?", options))
                            .collectList()
                            .block();
            List<AssistantMessage> messages =
                    pieces.stream().map(piece -> piece.getResult().getOutput()).toList();
            assertThat(text(pieces)).isEqualTo("because");
            String before = "";
            for (AssistantMessage message : messages) {
                String reasoning = String.valueOf(message.getMetadata().get("reasoningContent"));
                assertThat(reasoning).startsWith(before);
                before = reasoning;
            }
            assertThat(before).isEqualTo("it is said");
            assertThat(messages.getFirst().getText()).isEmpty();
        }
    }
}
