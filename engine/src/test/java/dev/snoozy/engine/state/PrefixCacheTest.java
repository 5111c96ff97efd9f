package dev.snoozy.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class PrefixCacheTest {
    private static final int PAGE = KvPages.PAGE;
    private static final int BATCH = 64;
    private static final int WINDOW = 100;
    private static final long PAGE_BYTES = PAGE * 32L * Float.BYTES;
    private static final long PLENTY = 1L << 30;

    private final Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        kernels.close();
    }

    /** Memory for layers with these windows. */
    private Memory memory(long prefixes, int... windows) {
        CachePlan plan = new CachePlan(1, 16, 16, windows, true);
        Memory memory =
                new Memory(kernels, plan, CacheType.F32, BATCH, new CacheBudget(PLENTY, prefixes));
        open.add(memory);
        return memory;
    }

    /** Memory for a layer of attention and a recurrent one. */
    private Memory recurrent() {
        CachePlan.Heads heads = new CachePlan.Heads(1, 16, 16);
        CachePlan plan = new CachePlan(new CachePlan.Heads[] {heads, null}, new int[] {0, 100});
        Memory memory =
                new Memory(kernels, plan, CacheType.F32, BATCH, new CacheBudget(PLENTY, PLENTY));
        open.add(memory);
        return memory;
    }

    private static PrefixKey key(int... tokens) {
        return new PrefixKey(tokens, tokens.length);
    }

    /** A text of {@code length} tokens, the first {@code shared} of which every seed has. */
    private static int[] text(int length, int shared, int seed) {
        int[] tokens = new int[length];
        Arrays.setAll(tokens, i -> i < shared ? i : 1_000 * seed + i);
        return tokens;
    }

    /** Evaluates what a text lacks and lets the cache keep each page as it is filled. */
    private static Sequence read(PrefixCache cache, int[] text) {
        Sequence sequence = cache.fork(key(text));
        while (sequence.position() < text.length) {
            sequence.extend(Math.min(BATCH, text.length - sequence.position()));
            cache.keep(key(text).first(sequence.position() / PAGE * PAGE), sequence);
        }
        return sequence;
    }

    /** The same, and keeps all of it when it is over. */
    private static void tell(PrefixCache cache, int[] text) {
        Sequence sequence = read(cache, text);
        cache.keep(key(text), sequence);
        sequence.close();
    }

    private static int known(PrefixCache cache, int[] text) {
        try (Sequence sequence = cache.fork(key(text))) {
            return sequence.position();
        }
    }

    @Test
    void aTextGoesOnFromTheLongestBeginningThatIsKnownAlsoInsideAPage() {
        PrefixCache cache = new PrefixCache(memory(PLENTY, 0));
        tell(cache, text(200, 100, 1));
        tell(cache, text(150, 150, 2));
        assertThat(known(cache, text(200, 100, 1))).isEqualTo(199);
        assertThat(known(cache, text(300, 100, 1))).isEqualTo(200);
        assertThat(known(cache, text(300, 100, 3))).isEqualTo(100);
        assertThat(known(cache, text(300, 130, 3))).isEqualTo(130);
        assertThat(known(cache, text(50, 50, 3))).isEqualTo(49);
        assertThat(known(cache, text(1, 1, 1))).isZero();
        assertThat(known(cache, text(70, 0, 9))).isZero();
    }

    @Test
    void aStateServesOnlyTheVeryTextThatItIsOf() {
        Memory memory = recurrent();
        try (PrefixCache cache = new PrefixCache(memory)) {
            tell(cache, text(200, 0, 1)); // which keeps states at 64, 128, 192 and 200
            int[] longer = text(300, 0, 1);
            assertThat(known(cache, longer)).isEqualTo(200);
            assertThat(known(cache, Arrays.copyOf(longer, 200))).isEqualTo(192);
            assertThat(known(cache, Arrays.copyOf(longer, 150))).isEqualTo(128);
            assertThat(known(cache, Arrays.copyOf(longer, 60))).isZero();
            tell(cache, longer); // and does not forget the shorter one
            assertThat(known(cache, Arrays.copyOf(longer, 210))).isEqualTo(200);
        }
        assertThat(memory.pagesInUse()).isZero();
    }

    @Test
    void aStateThatTwoTextsGoOnFromIsCopied() {
        Memory memory = recurrent();
        try (PrefixCache cache = new PrefixCache(memory)) {
            tell(cache, text(PAGE, 0, 1));
            int[] longer = Arrays.copyOf(text(PAGE, 0, 1), PAGE + 9);
            try (Sequence one = cache.fork(key(longer));
                    Sequence other = cache.fork(key(longer))) {
                int[] shared = one.cache(1).table().clone();
                assertThat(other.cache(1).table()).isEqualTo(shared);
                one.extend(3);
                other.extend(3);
                assertThat(one.cache(1).table()).isNotEqualTo(shared);
                assertThat(other.cache(1).table()).isNotEqualTo(shared);
                assertThat(one.cache(1).table()).isNotEqualTo(other.cache(1).table());
            }
        }
        assertThat(memory.pagesInUse()).isZero();
    }

    @Test
    void theLongestBeginningIsFoundAmongManyTexts() {
        PrefixCache cache = new PrefixCache(memory(PLENTY, 0));
        Random random = new Random(1);
        List<int[]> told = new ArrayList<>();
        for (int round = 0; round < 400; round++) {
            int[] text = random.ints(1 + random.nextInt(200), 0, 2).toArray();
            if (!told.isEmpty() && random.nextBoolean()) {
                int[] other = told.get(random.nextInt(told.size()));
                int common = Math.min(random.nextInt(1 + other.length), text.length);
                System.arraycopy(other, 0, text, 0, common);
            }
            int longest = 0;
            for (int[] other : told) {
                int differs = Arrays.mismatch(text, other);
                longest = Math.max(longest, differs < 0 ? text.length : differs);
            }
            assertThat(known(cache, text)).isEqualTo(Math.min(longest, text.length - 1));
            tell(cache, text);
            told.add(text);
        }
    }

    @Test
    void pagesAreSharedUntilSomebodyWrites() {
        Memory memory = memory(PLENTY, 0);
        PrefixCache cache = new PrefixCache(memory);
        tell(cache, text(2 * PAGE + 10, 0, 1));
        assertThat(memory.pagesInUse()).isEqualTo(3);
        Sequence one = cache.fork(key(text(300, 0, 1)));
        Sequence two = cache.fork(key(text(300, 0, 1)));
        assertThat(memory.pagesInUse()).isEqualTo(3);
        assertThat(one.bytesToExtend(1)).isEqualTo(PAGE_BYTES);
        one.extend(1);
        assertThat(memory.pagesInUse()).isEqualTo(4);
        two.extend(PAGE);
        assertThat(memory.pagesInUse()).isEqualTo(6);
        one.close();
        two.close();
        assertThat(memory.pagesInUse()).isEqualTo(3);
    }

    @Test
    void aTextThatGrowsLeavesNoShorterCopiesBehind() {
        Memory memory = memory(PLENTY, 0);
        PrefixCache cache = new PrefixCache(memory);
        for (int length = 1; length <= 3 * PAGE; length += 7) {
            tell(cache, text(length, 0, 1));
            assertThat(memory.pagesInUse()).isEqualTo(PagedCache.pages(length));
            assertThat(cache.bytes()).isEqualTo(memory.bytesInUse());
        }
    }

    @Test
    void whatWasUsedLongestAgoIsForgottenFirstAndItsEndBeforeItsBeginning() {
        PrefixCache cache = new PrefixCache(memory(6 * PAGE_BYTES, 0));
        tell(cache, text(2 * PAGE, 0, 1));
        tell(cache, text(2 * PAGE, 0, 2));
        tell(cache, text(2 * PAGE, 0, 3));
        assertThat(known(cache, text(300, 0, 1))).isEqualTo(2 * PAGE); // used again
        tell(cache, text(PAGE, 0, 4));
        assertThat(known(cache, text(300, 0, 2))).isEqualTo(PAGE);
        assertThat(known(cache, text(300, 0, 1))).isEqualTo(2 * PAGE);
        assertThat(known(cache, text(300, 0, 3))).isEqualTo(2 * PAGE);
    }

    @Test
    void theBudgetIsKeptAlsoByOneLongText() {
        for (int pages = 0; pages < 12; pages++) {
            PrefixCache cache = new PrefixCache(memory(pages * PAGE_BYTES, 0));
            for (int seed = 0; seed < 20; seed++) {
                tell(cache, text(50 * seed, 150, seed));
                assertThat(cache.bytes()).isLessThanOrEqualTo(pages * PAGE_BYTES);
            }
            assertThat(known(cache, text(50 * 19, 150, 19)))
                    .isEqualTo(Math.min(pages * PAGE, 50 * 19 - 1));
        }
    }

    @Test
    void forgettingEverythingFreesEveryPageThatNobodyElseHas() {
        Memory memory = memory(PLENTY, 0, WINDOW);
        PrefixCache cache = new PrefixCache(memory);
        for (int seed = 0; seed < 10; seed++) {
            tell(cache, text(60 * seed, 100, seed));
        }
        Sequence used = cache.fork(key(text(540, 100, 9)));
        assertThat(cache.spareBytes()).isEqualTo(cache.bytes() - used.bytes());
        assertThat(cache.bytes()).isEqualTo(memory.bytesInUse());
        cache.close();
        assertThat(cache.bytes()).isZero();
        assertThat(memory.bytesInUse()).isEqualTo(used.bytes());
        used.close();
        assertThat(memory.pagesInUse()).isZero();
    }

    @Test
    void aWindowGoesOnFromAnyPageThatWasKeptAsItWasFilled() {
        Memory memory = memory(PLENTY, 0, WINDOW);
        PrefixCache cache = new PrefixCache(memory);
        tell(cache, text(2_000, 0, 1));
        for (int length : new int[] {1, 63, 64, 65, 500, 1_000, 1_999}) {
            int[] other = text(length + 1, 0, 1);
            other[length] = 0;
            try (Sequence sequence = cache.fork(key(other))) {
                assertThat(sequence.position()).isEqualTo(length);
                assertThat(sequence.canTruncate(length)).isTrue();
                for (int page = memory.firstPage(1, length);
                        page < PagedCache.pages(length);
                        page++) {
                    assertThat(sequence.pages(page)).doesNotContain(LayerCache.NO_PAGE);
                }
                sequence.extend(BATCH);
            }
        }
    }

    @Test
    void aBeginningWhoseWindowIsLostIsNotUsedUntilSomebodyReadsItAgain() {
        Memory memory = memory(PLENTY, 0, WINDOW);
        PrefixCache cache = new PrefixCache(memory);
        int[] text = text(1_000, 0, 1);
        Sequence sequence = memory.newSequence();
        while (sequence.position() < text.length) {
            sequence.extend(Math.min(BATCH, text.length - sequence.position()));
        }
        cache.keep(key(text), sequence);
        assertThat(known(cache, text(1_100, 0, 1))).isEqualTo(1_000);
        int[] shorter = Arrays.copyOf(text, 500);
        shorter[499] = 0;
        assertThat(known(cache, shorter)).isZero();
        tell(cache, shorter);
        shorter[498] = 0;
        assertThat(known(cache, shorter)).isEqualTo(498);
        sequence.close();
        assertThat(cache.spareBytes()).isEqualTo(memory.bytesInUse());
    }

    @Test
    void aPageThatIsPartlyFilledDoesNotStandForAllOfALongerText() {
        Memory memory = memory(PLENTY, 0, WINDOW);
        PrefixCache cache = new PrefixCache(memory);
        int[] text = text(1_000, 0, 1);
        Sequence sequence = memory.newSequence();
        while (sequence.position() < text.length) {
            sequence.extend(Math.min(BATCH, text.length - sequence.position()));
        }
        cache.keep(key(text), sequence); // without the early pages of the ring
        sequence.close();
        tell(cache, Arrays.copyOf(text, 500)); // with them, the last up to 500
        assertThat(known(cache, Arrays.copyOf(text, 511))).isEqualTo(448);
    }

    @Test
    void theBytesAnExtensionTakesAreForetold() {
        Memory memory = memory(40 * PAGE_BYTES, 0, WINDOW);
        PrefixCache cache = new PrefixCache(memory);
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            int[] text = text(1 + random.nextInt(900), random.nextInt(300), random.nextInt(5));
            try (Sequence sequence = cache.fork(key(text))) {
                while (sequence.position() < text.length) {
                    int left = text.length - sequence.position();
                    int count = Math.min(left, 1 + random.nextInt(BATCH));
                    long expected = memory.bytesInUse() + sequence.bytesToExtend(count);
                    sequence.extend(count);
                    assertThat(memory.bytesInUse()).isEqualTo(expected);
                    cache.keep(key(text).first(sequence.position() / PAGE * PAGE), sequence);
                }
                cache.keep(key(text), sequence);
            }
            assertThat(cache.bytes()).isEqualTo(memory.bytesInUse());
        }
    }

    @Test
    void nothingIsKeptWithoutABudget() {
        Memory memory = memory(0, 0);
        PrefixCache cache = new PrefixCache(memory);
        assertThat(cache.isOn()).isFalse();
        tell(cache, text(200, 0, 1));
        assertThat(memory.pagesInUse()).isZero();
        assertThat(known(cache, text(200, 0, 1))).isZero();
        assertThat(cache.forgetOldest()).isFalse();
    }
}
