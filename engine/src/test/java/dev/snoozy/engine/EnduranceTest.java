package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What must not tire: many callers for a long time, and one broken file after the other. Runs for
 * {@code snoozy.endurance.seconds} each, minutes with {@code -Pendurance}; the figures it prints
 * stand in {@code docs/reliability.md}.
 */
class EnduranceTest {
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("snoozy.endurance.seconds", 20));
    private static final int CALLERS = 6;
    private static final int PROMPTS = 8;
    private static final int TOKENS = 30;

    /** What may be left over after a collection: caches of the JVM, not of texts. */
    private static final long LEFT_OVER = 16L << 20;

    private static final GenerationOptions ONE = Models.greedy(1);

    private static final int[] INTERESTING = {
        0, 1, -1, 2, 255, 256, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7FC00000, 1 << 24
    };

    private final AtomicLong generations = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();

    @Test
    void manyCallersForALongTimeGetTheSameTextsAndLeaveNoMemoryBehind() throws Exception {
        try (LanguageModel model = Models.loadChat(TinyModel.llama())) {
            List<List<Integer>> expected = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                expected.add(model.generate(prompt(i), options(i)).tokens());
            }
            talk(model, expected, TIME.dividedBy(4));
            long early = heap();
            int threads = Thread.activeCount();
            talk(model, expected, TIME.multipliedBy(3).dividedBy(4));
            long late = heap();
            System.out.printf(
                    "endurance: %d s, %d callers, %d generations, %d cancelled, %d turns of chat,"
                            + " heap %d KiB, then %d KiB%n",
                    TIME.toSeconds(),
                    CALLERS,
                    generations.get(),
                    cancelled.get(),
                    turns.get(),
                    early >> 10,
                    late >> 10);
            assertThat(late).isLessThan(early + LEFT_OVER);
            // None is left over; one of before may have ended, such as a helper of the JVM.
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
            assertThat(generations.get()).isPositive();
            assertThat(cancelled.get()).isPositive();
            assertThat(turns.get()).isPositive();
        }
    }

    private void talk(LanguageModel model, List<List<Integer>> expected, Duration time)
            throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(caller);
                done.add(
                        callers.submit(
                                (Callable<Void>)
                                        () -> {
                                            do {
                                                act(model, expected, random);
                                            } while (System.nanoTime() < end);
                                            return null;
                                        }));
            }
            for (Future<?> caller : done) {
                caller.get();
            }
        }
    }

    private void act(LanguageModel model, List<List<Integer>> expected, Random random) {
        int i = random.nextInt(PROMPTS);
        switch (random.nextInt(4)) {
            case 0 -> {
                try (TextStream stream = model.stream(prompt(i), options(i))) {
                    Iterator<String> pieces = stream.iterator();
                    for (int left = random.nextInt(4); left > 0 && pieces.hasNext(); left--) {
                        pieces.next();
                    }
                }
                cancelled.incrementAndGet();
            }
            case 1 -> {
                ChatSession chat = model.chat();
                chat.send("ab", options(i));
                chat.send("cd", options(i));
                turns.addAndGet(2);
            }
            default -> {
                assertThat(model.generate(prompt(i), options(i)).tokens())
                        .isEqualTo(expected.get(i));
                generations.incrementAndGet();
            }
        }
    }

    private static String prompt(int i) {
        return "ab cd ef ".repeat(1 + i * 2);
    }

    private static GenerationOptions options(int seed) {
        return GenerationOptions.defaults()
                .withMaxTokens(TOKENS)
                .withSampling(SamplingOptions.builder().seed(seed).build());
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aBrokenFileIsRefusedOrRunsAndNothingElse() {
        List<byte[]> sound =
                List.of(
                        TinyModel.llama().bytes(),
                        TinyModel.gemma3().bytes(),
                        TinyModel.llama().with("llama.expert_count", 4).bytes());
        long end = System.nanoTime() + TIME.toNanos();
        long seed = 0;
        long ran = 0;
        do {
            byte[] broken = broken(sound, new Random(seed));
            try (LanguageModel model =
                    LanguageModel.of(GgufFile.of(broken), LoadOptions.defaults().withThreads(1))) {
                int bos = model.tokenizer().vocabulary().bos();
                try (TextStream one = model.stream(new int[] {Math.max(0, bos)}, ONE)) {
                    one.result();
                }
                ran++;
            } catch (FormatException | ModelException e) {
                assertThat(e).as("seed %d", seed).message().isNotBlank();
                assertThat(e.getMessage())
                        .as("seed %d", seed)
                        .doesNotContain("the generation failed");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
            seed++;
        } while (System.nanoTime() < end);
        System.out.printf("endurance: %d broken files, %d of which ran%n", seed, ran);
    }

    /** A sound file with a few bytes changed, a piece cut out, or its end cut off. */
    private static byte[] broken(List<byte[]> sound, Random random) {
        byte[] file = sound.get(random.nextInt(sound.size())).clone();
        int head = Math.min(file.length, 12_000); // metadata and tensor list
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(head - 8);
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            switch (random.nextInt(5)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt();
                case 2 -> bytes.putInt(at, INTERESTING[random.nextInt(INTERESTING.length)]);
                case 3 -> bytes.putLong(at, INTERESTING[random.nextInt(INTERESTING.length)]);
                default -> System.arraycopy(file, random.nextInt(head - 64), file, at / 2, 32);
            }
        }
        boolean cut = random.nextInt(8) == 0;
        return cut ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
    }
}
