package dev.snoozy.documents.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A watcher tells of what changes in folders, also in new ones. */
class PlaceWatcherTest {
    @TempDir private Path folder;

    @Test
    @Timeout(120)
    void changesAreToldAlsoThoseInNewFolders() throws Exception {
        try (PlaceWatcher watcher = new PlaceWatcher(List.of(folder))) {
            Path inside = folder.resolve("new");
            Files.createDirectory(inside);
            watcher.await();
            Files.writeString(inside.resolve("a.txt"), "text");
            watcher.await();
            Files.delete(inside.resolve("a.txt"));
            watcher.await();
        }
    }

    @Test
    @Timeout(120)
    void closingEndsTheWaiting() throws Exception {
        PlaceWatcher watcher = new PlaceWatcher(List.of(folder));
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiting =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                watcher.await();
                            } catch (InterruptedException e) {
                                ended.countDown();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        watcher.close();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        waiting.join();
    }
}
