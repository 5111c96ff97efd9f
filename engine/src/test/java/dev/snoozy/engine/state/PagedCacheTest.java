package dev.snoozy.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class PagedCacheTest {
    private static final int PAGE = KvPages.PAGE;

    private final Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT);
    private final PagePool pool = new PagePool(List.of(kernels.kvPages(1, 16, 16, CacheType.F32)));

    @AfterEach
    void close() {
        pool.close();
        kernels.close();
    }

    @Test
    void takesPagesAsItGrowsAndGivesThemBack() {
        PagedCache cache = PagedCache.full(pool);
        cache.extend(0, 1);
        assertThat(pool.pagesInUse()).isEqualTo(1);
        cache.extend(1, PAGE);
        assertThat(pool.pagesInUse()).isEqualTo(1);
        cache.extend(PAGE, 3 * PAGE + 1);
        assertThat(pool.pagesInUse()).isEqualTo(4);
        assertThat(cache.bytes()).isEqualTo(4L * PAGE * 32 * Float.BYTES);
        cache.truncate(PAGE);
        assertThat(pool.pagesInUse()).isEqualTo(1);
        cache.close();
        assertThat(pool.pagesInUse()).isZero();
    }

    @Test
    void sharesPagesWithAForkUntilOneWrites() {
        PagedCache cache = PagedCache.full(pool);
        cache.extend(0, PAGE + 10);
        PagedCache fork = cache.fork();
        assertThat(pool.pagesInUse()).isEqualTo(2);
        fork.extend(PAGE + 10, PAGE + 11);
        assertThat(pool.pagesInUse()).isEqualTo(3);
        assertThat(fork.table()[0]).isEqualTo(cache.table()[0]);
        assertThat(fork.table()[1]).isNotEqualTo(cache.table()[1]);
        cache.close();
        assertThat(pool.pagesInUse()).isEqualTo(2);
        fork.close();
        assertThat(pool.pagesInUse()).isZero();
    }

    @Test
    void keepsAWindowInARingOfFixedSize() {
        PagedCache ring = PagedCache.ring(pool, 100, 10);
        int position = 0;
        for (; position < 2_000; position += 10) {
            ring.extend(position, position + 10);
        }
        assertThat(pool.pagesInUse()).isEqualTo(ring.table().length).isEqualTo(3);
        assertThat(ring.canTruncate(position - 5)).isTrue();
        assertThat(ring.canTruncate(position - 200)).isFalse();
        assertThatThrownBy(() -> ring.truncate(10)).hasMessageContaining("window of 100");
        ring.close();
        assertThat(pool.pagesInUse()).isZero();
    }

    @Test
    void remembersWhatARingHasLostAlsoAfterGoingBack() {
        PagedCache ring = PagedCache.ring(pool, 64, 64);
        for (int p = 0; p < 640; p += 64) {
            ring.extend(p, p + 64);
        }
        ring.truncate(600);
        assertThat(ring.canTruncate(500)).isFalse();
        ring.close();
    }

    @Test
    void usesFreedPagesAgain() {
        for (int i = 0; i < 100; i++) {
            PagedCache cache = PagedCache.full(pool);
            cache.extend(0, 4 * PAGE);
            cache.close();
        }
        PagedCache cache = PagedCache.full(pool);
        cache.extend(0, 4 * PAGE);
        assertThat(cache.table()).containsExactlyInAnyOrder(0, 1, 2, 3);
        cache.close();
    }
}
