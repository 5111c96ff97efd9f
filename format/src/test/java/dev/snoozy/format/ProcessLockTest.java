package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

class ProcessLockTest {
    @TempDir Path folder;

    @Test
    void isHeldByOneAtATime() throws IOException {
        Path file = folder.resolve("lock");
        try (ProcessLock held = ProcessLock.tryTake(file).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(ProcessLock.tryTake(file)).isEmpty();
            assertThat(ProcessLock.tryTake(folder.resolve("x/../lock"))).isEmpty();
        }
        ProcessLock.tryTake(file).orElseThrow().close();
        assertThat(file).exists();
    }

    @Test
    void isTheSameByAnotherNameOfItsFile() throws IOException {
        Path file = folder.resolve("lock");
        try (ProcessLock held = ProcessLock.tryTake(file).orElseThrow()) {
            Path link = Files.createSymbolicLink(folder.resolve("link"), file);
            assertThat(held).isNotNull();
            assertThat(ProcessLock.tryTake(link)).isEmpty();
        }
    }

    @Test
    void canBeTakenAgainWhenItsHolderHasRemovedTheFile() throws IOException {
        Path file = folder.resolve("lock");
        try (ProcessLock held = ProcessLock.tryTake(file).orElseThrow()) {
            assertThat(held).isNotNull();
            Files.delete(file);
            assertThat(ProcessLock.tryTake(file)).as("it is still held").isEmpty();
        }
        ProcessLock.tryTake(file).orElseThrow().close();
    }

    @Test
    void doesNotMakeTheFolderAndIsNotHeldAfterwards() throws IOException {
        Path file = folder.resolve("none").resolve("lock");
        assertThatThrownBy(() -> ProcessLock.tryTake(file)).isInstanceOf(NoSuchFileException.class);
        Files.createDirectory(folder.resolve("none"));
        ProcessLock.tryTake(file).orElseThrow().close();
    }
}
