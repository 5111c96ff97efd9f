package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whole files against those that the reference quantizer wrote. */
class QuantizerGoldenTest {
    private static final Path QUANT = Data.shared().resolve("golden").resolve("quant");
    private static final String SOURCE = ".F32.gguf.gz";

    @TempDir private Path folder;

    @TestFactory
    Stream<DynamicTest> filesAreThoseOfTheReferenceByteForByte() throws IOException {
        assumeTrue(Files.isDirectory(QUANT), "skipped: no reference data in " + QUANT);
        try (Stream<Path> files = Files.list(QUANT)) {
            List<Path> quantized =
                    files.filter(f -> f.toString().endsWith(".gguf.gz"))
                            .filter(f -> Files.exists(source(f)))
                            // Made before the reference asked for an importance matrix.
                            .filter(f -> !f.toString().contains("IQ3_XXS"))
                            .sorted()
                            .toList();
            assertThat(quantized).hasSizeGreaterThan(30);
            return quantized.stream()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> same(f)));
        }
    }

    private static Path source(Path quantized) {
        String name = quantized.getFileName().toString();
        return QUANT.resolve(name.substring(0, name.indexOf('.')) + SOURCE);
    }

    private void same(Path file) throws IOException {
        String type = file.getFileName().toString().split("\\.")[1];
        Path target = folder.resolve(type + ".gguf");
        QuantizeOptions options = new QuantizeOptions(Mixture.of(type).orElseThrow().pure());
        try (GgufFile source = GgufFile.of(Data.read(source(file)))) {
            new Quantizer(source, options).write(target, done -> {});
        }
        if (!type.equals("F32")) { // that is the source, which the reference did not write
            assertThat(Files.readAllBytes(target)).isEqualTo(Data.read(file));
        }
    }
}
