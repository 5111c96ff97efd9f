package dev.snoozy.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;

/** What is reckoned with as packed weights is what the networks multiply with. */
class PackedMemoryTest {
    private static final int COUNTED = 1 << 20;

    /** Counts matrices: each takes a megabyte, whatever its size. */
    private static final KernelMemory COUNTING =
            new KernelMemory() {
                @Override
                public long packed(TensorType type, long experts, long rows, long columns) {
                    return COUNTED;
                }

                @Override
                public long page(int kvHeads, int keyLength, int valueLength) {
                    return 0;
                }

                @Override
                public int threads() {
                    return 1;
                }
            };

    @TestFactory
    Stream<DynamicTest> everyFamilyMultipliesWithWhatIsReckonedAsPacked() throws IOException {
        assumeTrue(Files.isDirectory(Goldens.FOLDER), "no reference data in " + Goldens.FOLDER);
        return Goldens.known().stream()
                .map(g ->
                        DynamicTest.dynamicTest(
                                g.name(),
                                () ->
                                        agrees(
                                                GgufFile.of(
                                                        Data.read(
                                                                g.file()
                                                                        .resolveSibling(
                                                                                g.text(
                                                                                        "model")))))));
    }

    @Test
    void soDoTheTinyModels() {
        agrees(GgufFile.of(TinyModel.llama().bytes()));
        agrees(GgufFile.of(TinyModel.mixture().bytes()));
        agrees(GgufFile.of(TinyModel.gemma3().bytes()));
        agrees(GgufFile.of(TinyModel.bert().bytes()));
        Architecture.names().forEach(name -> agrees(RandomModels.file(name)));
    }

    private static void agrees(GgufFile file) {
        try (file;
                Kernels kernels = Kernels.reference(1)) {
            ModelConfig config = ModelConfig.of(file.metadata(), 0);
            int multiplied = Architecture.bind(file, config, kernels).multiplied().size();
            MemoryNeed need = MemoryNeed.of(file.metadata(), file.tensors(), COUNTING);
            // The vectors of such small models are less than a megabyte together.
            assertThat(need.packed() / COUNTED).isEqualTo(multiplied);
        }
    }
}
