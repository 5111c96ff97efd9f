package dev.snoozy.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What stands in the pages when sequences fork, write, end and are forgotten in any order: every
 * position that a row sees holds what belongs to its own text.
 */
class SharedPagesTest {
    private static final int PAGE = KvPages.PAGE;
    private static final int BATCH = 100;
    private static final int[] WINDOWS = {0, 16, 150};
    private static final int LONGEST = 900;
    private static final int STEPS = 6_000;

    /** Pages that hold a number for each position, in place of a key and a value. */
    private static final class Numbers implements KvPages {
        private final List<long[]> pages = new ArrayList<>();

        @Override
        public void reserve(int count) {
            while (pages.size() < count) {
                pages.add(new long[PAGE]);
            }
        }

        @Override
        public void copy(int from, int to) {
            System.arraycopy(pages.get(from), 0, pages.get(to), 0, PAGE);
        }

        @Override
        public long bytesPerPage() {
            return 1;
        }

        @Override
        public void close() {}
    }

    /** A text in progress; {@code numbers} are what its positions hold. */
    private record Text(int[] tokens, long[] numbers, Sequence sequence) {
        PrefixKey soFar() {
            return new PrefixKey(tokens, sequence.position());
        }
    }

    private final List<Numbers> layers = new ArrayList<>();
    private final List<Text> texts = new ArrayList<>();

    private Memory memory(int prefixes) {
        Kernels kernels =
                (Kernels)
                        Proxy.newProxyInstance(
                                Kernels.class.getClassLoader(),
                                new Class<?>[] {Kernels.class},
                                (self, method, arguments) -> {
                                    layers.add(new Numbers());
                                    return layers.getLast();
                                });
        CachePlan plan = new CachePlan(1, 1, 1, WINDOWS, true);
        return new Memory(kernels, plan, CacheType.F32, BATCH, new CacheBudget(1 << 20, prefixes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 30, 100, 100_000})
    void everyRowSeesItsOwnText(int prefixes) {
        Memory memory = memory(prefixes);
        PrefixCache cache = new PrefixCache(memory);
        Random random = new Random(prefixes);
        List<int[]> seeds = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(20);
            if (texts.isEmpty() || what < 2 && texts.size() < 8) {
                begin(cache, newText(seeds, random));
                continue;
            }
            Text text = texts.get(random.nextInt(texts.size()));
            boolean ended = text.sequence().position() == text.tokens().length;
            if (ended || what == 2) {
                cache.keep(text.soFar(), text.sequence());
                end(text);
            } else if (what == 3) {
                end(text);
            } else if (what == 4) {
                cache.forgetOldest();
            } else {
                int left = text.tokens().length - text.sequence().position();
                read(text, Math.min(left, 1 + random.nextInt(BATCH)), memory);
                cache.keep(
                        text.soFar().first(text.soFar().length() / PAGE * PAGE), text.sequence());
            }
            assertThat(cache.bytes()).isLessThanOrEqualTo(prefixes);
        }
        List.copyOf(texts).forEach(this::end);
        assertThat(memory.bytesInUse()).isEqualTo(cache.bytes()).isEqualTo(cache.spareBytes());
        cache.close();
        assertThat(memory.pagesInUse()).isZero();
    }

    /** A text that begins like one before, or like none. */
    private static int[] newText(List<int[]> seeds, Random random) {
        int[] tokens = random.ints(1 + random.nextInt(LONGEST), 0, 3).toArray();
        if (!seeds.isEmpty()) {
            int[] other = seeds.get(random.nextInt(seeds.size()));
            int common = Math.min(random.nextInt(other.length + 1), tokens.length);
            System.arraycopy(other, 0, tokens, 0, common);
        }
        if (seeds.size() < 20) {
            seeds.add(tokens);
        }
        return tokens;
    }

    private void begin(PrefixCache cache, int[] tokens) {
        long[] numbers = new long[tokens.length];
        long number = 1;
        for (int i = 0; i < tokens.length; i++) {
            number = number * 6_364_136_223_846_793_005L + tokens[i] + 1;
            numbers[i] = number;
        }
        Sequence sequence = cache.fork(new PrefixKey(tokens, tokens.length));
        assertThat(sequence.position()).isLessThan(tokens.length);
        texts.add(new Text(tokens, numbers, sequence));
    }

    private void end(Text text) {
        text.sequence().close();
        texts.remove(text);
    }

    /** Writes some positions, and looks at what their first and last row see. */
    private void read(Text text, int count, Memory memory) {
        int from = text.sequence().position();
        long expected = memory.bytesInUse() + text.sequence().bytesToExtend(count);
        text.sequence().extend(count);
        assertThat(memory.bytesInUse()).isEqualTo(expected);
        for (int kind = 0; kind < WINDOWS.length; kind++) {
            for (int position = from; position < from + count; position++) {
                page(text, kind, position)[position % PAGE] = text.numbers()[position];
            }
            look(text, kind, from);
            look(text, kind, from + count - 1);
        }
    }

    private void look(Text text, int kind, int row) {
        int first = WINDOWS[kind] == 0 ? 0 : Math.max(0, row - WINDOWS[kind] + 1);
        long[] seen = new long[row + 1 - first];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = page(text, kind, first + i)[(first + i) % PAGE];
        }
        assertThat(seen).isEqualTo(Arrays.copyOfRange(text.numbers(), first, row + 1));
    }

    private long[] page(Text text, int kind, int position) {
        int[] table = text.sequence().cache(kind).table();
        return layers.get(kind).pages.get(table[position / PAGE % table.length]);
    }
}
