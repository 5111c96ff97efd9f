package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.Priority;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Texts that share beginnings, beside each other and with little memory, are those that are written
 * alone by a model which remembers nothing.
 */
class SharedPrefixTest {
    private static final int TEXTS = 24;
    private static final int VOCABULARY = 290;

    private static final Map<String, List<GenerationJob.Outcome>> ALONE = new ConcurrentHashMap<>();

    private record Text(int[] prompt, GenerationOptions options) {}

    private static TinyModel model(String name) {
        return switch (name) {
            case "llama" -> TinyModel.llama();
            case "gemma3" -> TinyModel.gemma3();
            default -> TinyModel.lfm2();
        };
    }

    /** Prompts that have beginnings of many lengths in common, and sampling of all kinds. */
    private static List<Text> texts() {
        Random random = new Random(7);
        int[] system = random.ints(500, 3, VOCABULARY).toArray();
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            int shared = random.nextInt(4) == 0 ? random.nextInt(500) : 300 + i % 3;
            int[] prompt = Arrays.copyOf(system, shared + 1 + random.nextInt(80));
            for (int at = shared; at < prompt.length; at++) {
                prompt[at] = 3 + random.nextInt(VOCABULARY - 3);
            }
            SamplingOptions sampling = SamplingOptions.builder().seed(i).build();
            texts.add(
                    new Text(
                            prompt,
                            Rig.options(1 + random.nextInt(40))
                                    .withSampling(Rig.endless(sampling))
                                    .withPriority(Priority.values()[i % 3])));
        }
        return texts;
    }

    private static List<GenerationJob.Outcome> alone(String name, List<Text> texts) {
        return ALONE.computeIfAbsent(
                name,
                key -> {
                    try (Rig rig = new Rig(model(key), Rig.PLENTY, 0)) {
                        return texts.stream()
                                .map(text -> rig.run(text.prompt(), text.options()))
                                .toList();
                    }
                });
    }

    /** The budgets are in pages of the tiny llama, the least that holds the longest text is 9. */
    @ParameterizedTest
    @CsvSource({
        "llama, 1, 10000, 10000",
        "llama, 4, 10000, 10000",
        "llama, 24, 10000, 10000",
        "llama, 4, 10000, 5",
        "llama, 4, 12, 12",
        "llama, 24, 20, 10000",
        "gemma3, 1, 10000, 10000",
        "gemma3, 4, 10000, 10000",
        "gemma3, 24, 10000, 20",
        "gemma3, 4, 25, 25",
        "gemma3, 24, 30, 10000",
        "lfm2, 1, 10000, 10000",
        "lfm2, 4, 10000, 10000",
        "lfm2, 24, 20, 12"
    })
    void textsAreTheSameWhateverIsKnownOfThem(String name, int callers, int total, int prefixes)
            throws Exception {
        List<Text> texts = texts();
        List<GenerationJob.Outcome> expected = alone(name, texts);
        Rig rig = new Rig(model(name), total * Rig.PAGE, prefixes * Rig.PAGE);
        try (rig) {
            inParallel(
                    callers,
                    i -> {
                        Text text = texts.get(i);
                        GenerationJob.Outcome found = rig.run(text.prompt(), text.options());
                        assertThat(found.tokens()).isEqualTo(expected.get(i).tokens());
                        assertThat(found.logprobs()).isEqualTo(expected.get(i).logprobs());
                        assertThat(found.cached()).isBetween(0, text.prompt().length - 1);
                    });
            assertThat(rig.bytesOfTexts()).isZero();
            SchedulerStatistics statistics = rig.scheduler.statistics();
            assertThat(statistics.active() + statistics.waiting()).isZero();
            assertThat(statistics.cacheBytes()).isEqualTo(statistics.prefixBytes());
            assertThat(statistics.prefixBytes()).isLessThanOrEqualTo(prefixes * Rig.PAGE);
            if (prefixes > 100) {
                assertThat(statistics.prefixHits()).isPositive();
            }
        }
        assertThat(rig.memory().pagesInUse()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"llama, 10000, 10000", "llama, 14, 6", "gemma3, 10000, 10000", "gemma3, 30, 15"})
    void textsThatAreCancelledAtAnyTimeLeaveNothingBehind(String name, int total, int prefixes)
            throws Exception {
        List<Text> texts = texts();
        List<GenerationJob.Outcome> expected = alone(name, texts);
        Rig rig = new Rig(model(name), total * Rig.PAGE, prefixes * Rig.PAGE);
        try (rig) {
            inParallel(
                    8,
                    i -> {
                        int last = new Random(i).nextInt(20) - 4; // at once, if negative
                        Rig.Ear ear =
                                new Rig.Ear() {
                                    private int pieces;

                                    @Override
                                    public void text(TextPiece piece) {
                                        if (pieces++ == last) {
                                            cancel();
                                        }
                                    }
                                };
                        ear.start(rig, texts.get(i).prompt(), texts.get(i).options());
                        if (last < 0) {
                            ear.cancel();
                        }
                        GenerationJob.Outcome found = ear.outcome();
                        List<Integer> whole = expected.get(i).tokens();
                        assertThat(found.tokens())
                                .isEqualTo(whole.subList(0, found.tokens().size()));
                        if (found.reason() != FinishReason.CANCELLED) {
                            assertThat(found.tokens()).isEqualTo(whole);
                        }
                    });
            assertThat(rig.bytesOfTexts()).isZero();
        }
        assertThat(rig.memory().pagesInUse()).isZero();
    }

    @Test
    void aWindowIsReadAnewWhereTheRingHasLostIt() {
        TinyModel model = TinyModel.gemma3();
        int[] prompt = Rig.prompt(1_500);
        int[] other = Rig.prompt(1_500);
        other[700] = 5;
        List<Float> expected;
        try (Rig alone = new Rig(model, Rig.PLENTY, 0)) {
            expected = alone.run(other, Rig.options(10)).logprobs();
        }
        try (Rig rig = new Rig(model, Rig.PLENTY, Rig.PLENTY)) {
            rig.run(prompt, Rig.options(10));
            GenerationJob.Outcome found = rig.run(other, Rig.options(10));
            assertThat(found.cached()).isEqualTo(700);
            assertThat(found.logprobs()).isEqualTo(expected);
        }
    }

    private interface Act {
        void on(int text) throws Exception;
    }

    /** Every text once, by so many callers. */
    private static void inParallel(int callers, Act act) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < TEXTS; i++) {
                int text = i;
                done.add(
                        threads.submit(
                                (Callable<Void>)
                                        () -> {
                                            act.on(text);
                                            return null;
                                        }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
    }
}
