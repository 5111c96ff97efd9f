package dev.snoozy.compress.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Every encoder against the blocks that the reference quantizer wrote, without importance.
 *
 * <p>The file with MXFP4 was made from weights that are not there any more (those of {@code
 * golden/arch} were put on a grid afterwards); its own values, which give the same blocks again,
 * are the source instead.
 */
class EncoderGoldenTest {
    private static final Path QUANT = Data.shared().resolve("golden").resolve("quant");

    @TestFactory
    Stream<DynamicTest> blocksAreThoseOfTheReferenceByteForByte() throws IOException {
        assumeTrue(Files.isDirectory(QUANT), "skipped: no reference data in " + QUANT);
        try (Stream<Path> files = Files.list(QUANT)) {
            List<Path> quantized =
                    files.filter(f -> f.toString().endsWith(".gguf.gz"))
                            .filter(f -> !f.toString().endsWith(".F32.gguf.gz"))
                            .sorted()
                            .toList();
            assertThat(quantized).hasSizeGreaterThan(30);
            return quantized.stream()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> same(f)));
        }
    }

    private static void same(Path file) throws IOException {
        String model = file.getFileName().toString().replaceFirst("\\..*", "");
        Path beside = QUANT.resolve(model + ".F32.gguf.gz");
        Path source = Files.exists(beside) ? beside : file;
        try (GgufFile expected = GgufFile.of(Data.read(file));
                GgufFile floats = GgufFile.of(Data.read(source))) {
            for (TensorInfo tensor : expected.tensors()) {
                TensorInfo from = Objects.requireNonNull(floats.tensor(tensor.name()));
                float[] x = new float[(int) from.elements()];
                BlockCodec.of(from.type()).decode(floats.data(from), 0, x, 0, x.length);
                byte[] out = new byte[(int) tensor.bytes()];
                Encoders.of(tensor.type()).encode(x, x.length, null, out);
                byte[] wanted = expected.data(tensor).toArray(ValueLayout.JAVA_BYTE);
                assertThat(differing(out, wanted, tensor.type().bytesPerBlock()))
                        .as("differing blocks of %s", tensor)
                        .isZero();
            }
        }
    }

    private static int differing(byte[] found, byte[] expected, int bytes) {
        int count = 0;
        for (int at = 0; at < expected.length; at += bytes) {
            if (!Arrays.equals(found, at, at + bytes, expected, at, at + bytes)) {
                count++;
            }
        }
        return count;
    }
}
