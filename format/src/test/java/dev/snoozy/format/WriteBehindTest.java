package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class WriteBehindTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenWhileTheDiskWorksIsAllThere() throws IOException {
        Path file = folder.resolve("file");
        byte[] part = new byte[1000];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            try (WriteBehind disk = new WriteBehind(channel, 1500)) {
                for (int i = 0; i < 50; i++) {
                    Arrays.fill(part, (byte) i);
                    channel.write(ByteBuffer.wrap(part));
                    disk.written();
                }
            }
            channel.force(true);
        }
        byte[] found = Files.readAllBytes(file);
        assertThat(found).hasSize(50_000);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isEqualTo((byte) (i / 1000));
        }
    }

    @Test
    void aDiskThatFailsIsTold() throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("file"),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE);
        channel.close();
        assertThatThrownBy(() -> new WriteBehind(channel, 1).written())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aProducerThatWritesTooLittleOrTooMuchIsRefused() throws IOException {
        Path target = folder.resolve("out.gguf");
        TensorInfo tensor = TensorInfo.of("x.weight", TensorType.F32, List.of(4L));
        Metadata metadata = new Metadata(Map.of("general.architecture", "llama"));
        for (int size : new int[] {12, 20}) {
            assertThatThrownBy(() ->
                            GgufWriter.stream(
                                    target,
                                    metadata,
                                    List.of(tensor),
                                    (t, to) -> to.write(ByteBuffer.allocate(size))))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("x.weight")
                    .hasMessageContaining("expected 16 bytes");
            assertThat(target).doesNotExist();
        }
        GgufWriter.stream(
                target,
                metadata,
                List.of(tensor),
                (t, to) -> {
                    to.write(ByteBuffer.allocate(8));
                    to.write(ByteBuffer.allocate(8));
                });
        byte[] whole =
                GgufWriter.bytes(
                        metadata, List.of(tensor), t -> MemorySegment.ofArray(new byte[16]));
        assertThat(Files.readAllBytes(target)).isEqualTo(whole);
    }
}
