package dev.snoozy.kernels.machine.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.MachineKernels;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Weights that are packed, left mapped, or neither. */
class PackedWeightsTest {
    private final Random random = new Random(23);
    private final ThreadTeam team = new ThreadTeam(3);
    private final Cliffs cliffs = new Cliffs();
    private final PackedWeights weights = new PackedWeights(team, cliffs, FloatFormat.Pairs.NONE);
    private final ScalarKernels scalar = new ScalarKernels(new ThreadTeam(1));

    @TempDir private Path folder;

    @AfterEach
    void close() {
        weights.close();
        team.close();
        scalar.close();
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void whatIsPackedInParallelIsWhatOneThreadPacks(Format16 format) {
        int out = 333;
        int in = 1024;
        Weight weight = weight(format.type(), out, in);
        List<Long> done = new ArrayList<>();
        weights.pack(List.of(weight), done::add);
        assertThat(done).containsExactly(weight.blocks().byteSize());
        PackedWeight packed = weights.units(weight);
        PlainPacker plain = new PlainPacker(format);
        MemorySegment expected =
                MemorySegment.ofArray(new byte[(int) (21 * format.groupBytes(in))]);
        for (int group = 0; group < 21; group++) {
            plain.pack(group, out, in, weight.blocks(), expected);
        }
        assertThat(packed.groups(0, 21, weights.scratch(0)).mismatch(expected)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void aMappedWeightGivesTheUnitsOfAPackedOne(Format16 format) {
        int in = 2048;
        Weight one = weight(format.type(), 100, in);
        Weight other = weight(format.type(), 100, in);
        other.blocks().copyFrom(one.blocks());
        weights.leaveMapped(List.of(other));
        PackedWeight packed = weights.units(one);
        PackedWeight mapped = weights.units(other);
        assertThat(mapped).isInstanceOf(PackedWeight.Mapped.class);
        PackScratch scratch = weights.scratch(1);
        for (int group = 0; group < packed.groups(); group += 3) {
            int count = Math.min(3, packed.groups() - group);
            assertThat(
                            mapped.groups(group, count, scratch)
                                    .mismatch(packed.groups(group, count, weights.scratch(0))))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void theBytesOfAWeightAreThoseThatItsUnitsTake(Format16 format) {
        Weight weight = weight(format.type(), 50, 512);
        PackedWeight packed = weights.units(weight);
        long units = packed.groups(0, packed.groups(), weights.scratch(0)).byteSize();
        assertThat(PackedWeights.bytes(format.type(), 50, 512)).isEqualTo(units);
    }

    @ParameterizedTest
    @EnumSource(FloatFormat.class)
    void theBytesOfFloatsAreThoseThatTheirGroupsTakeInPairsToo(FloatFormat format) {
        Weight weight = weight(format.type(), 50, 510);
        for (FloatFormat.Pairs pairs : FloatFormat.Pairs.values()) {
            try (PackedWeights some = new PackedWeights(team, cliffs, pairs)) {
                FloatWeight packed = some.floats(weight);
                long groups = packed.groups(0, packed.groups(), some.scratch(0)).byteSize();
                assertThat(PackedWeights.bytes(format.type(), 50, 510)).isEqualTo(groups);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void everyTypeThatCanBeDecodedHasAPackedForm(TensorType type) {
        try {
            BlockCodec.of(type);
        } catch (FormatException e) {
            return;
        }
        assertThat(Format16.of(type) != null || FloatFormat.has(type)).isTrue();
    }

    @Test
    void aWeightIsPackedOnceHoweverOftenItIsAskedFor() {
        Weight weight = weight(TensorType.Q4_0, 64, 256);
        Weight floats = weight(TensorType.F16, 64, 256);
        PackedWeight first = weights.units(weight);
        FloatWeight firstFloats = weights.floats(floats);
        weights.pack(List.of(weight, floats, weight), bytes -> {});
        weights.leaveMapped(List.of(weight, floats));
        assertThat(weights.units(weight)).isSameAs(first);
        assertThat(weights.floats(floats)).isSameAs(firstFloats);
    }

    @Test
    void memoryThatIsNoFilesKeepsWhatItHolds() {
        Weight weight = weight(TensorType.Q8_0, 512, 512);
        byte[] before = weight.blocks().toArray(ValueLayout.JAVA_BYTE);
        weights.pack(List.of(weight), bytes -> {});
        weights.lookedUp(weight, 10_000);
        assertThat(weight.blocks().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
    }

    @Test
    void muchThatIsInMemoryTwiceIsToldOf() {
        Weight little = weight(TensorType.F32, 16, 64);
        weights.pack(List.of(little), bytes -> {});
        assertThat(cliffs.all()).isEmpty();
        MemorySegment zeros = MemorySegment.ofArray(new byte[65 << 20]);
        long[] shape = {65, 1 << 18};
        weights.pack(List.of((Weight) scalar.weight(TensorType.F32, shape, zeros)), bytes -> {});
        assertThat(cliffs.all()).contains(new Cliffs.Report(PerformanceCliff.HELD_TWICE, "65 MB"));
    }

    @Test
    void thePagesOfAFileAreGivenBack() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/smaps")), "no smaps here");
        int out = 8192;
        int in = 2048;
        byte[] bytes = new byte[(int) TensorType.Q8_0.bytes((long) out * in)];
        random.nextBytes(bytes);
        Path file = folder.resolve("weights");
        Files.write(file, bytes);
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
            mapped.load();
            assertThat(residentBytes(file)).isGreaterThan(bytes.length / 2);
            Weight weight = (Weight) scalar.weight(TensorType.Q8_0, new long[] {out, in}, mapped);
            weights.pack(List.of(weight), b -> {});
            assertThat(residentBytes(file)).isLessThan(bytes.length / 10);
            assertThat(mapped.mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
            weights.lookedUp(weight, 1000);
            assertThat(residentBytes(file)).isLessThan(bytes.length / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {
                "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K",
                "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4", "IQ1_S", "IQ1_M", "IQ2_XXS",
                "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "TQ1_0", "TQ2_0"
            })
    void productsWithMappedWeightsAreThoseWithPackedOnesBitForBit(TensorType type) {
        assumeThat(Isa.best()).isPresent();
        int out = 200;
        int in = 5120; // longer than what a member takes of a row at once
        Weight weight = weight(type, out, in);
        float[] x = new float[30 * in];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        try (MachineKernels kernels =
                new MachineKernels(
                        Isa.best().orElseThrow(), new ThreadTeam(3), Precision.EIGHT_BIT, "")) {
            Tensor packed = kernels.weight(type, new long[] {out, in}, weight.blocks());
            Tensor mapped = kernels.weight(type, new long[] {out, in}, weight.blocks());
            kernels.pack(List.of(packed), bytes -> {});
            kernels.leaveMapped(List.of(mapped), "for a test");
            for (int tokens : new int[] {1, 2, 30}) {
                Tensor rows = kernels.upload(x, tokens, in);
                Tensor expected = kernels.linear(rows, packed, null);
                Tensor found = kernels.linear(rows, mapped, null);
                float[] a = new float[out];
                float[] b = new float[out];
                for (int t = 0; t < tokens; t++) {
                    kernels.download(expected, t, a);
                    kernels.download(found, t, b);
                    assertThat(b).as("token %d of %d", t, tokens).isEqualTo(a);
                }
            }
        }
    }

    private static long residentBytes(Path file) throws IOException {
        long kilobytes = 0;
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                inside = line.contains(file.toString());
            } else if (inside && line.startsWith("Rss:")) {
                kilobytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return kilobytes << 10;
    }

    @Test
    void kernelsSayWhatTheyDoNotComputeInMachineCode() {
        assumeThat(Isa.best()).isPresent();
        try (MachineKernels kernels =
                new MachineKernels(
                        Isa.best().orElseThrow(), new ThreadTeam(1), Precision.EIGHT_BIT, "")) {
            Tensor fast = weight(TensorType.Q4_K, 16, 256);
            Tensor slow = unpacked(16, 256);
            Tensor alsoSlow = unpacked(32, 256);
            kernels.pack(List.of(fast), bytes -> {});
            assertThat(kernels.cliffs().all()).isEmpty();
            kernels.pack(List.of(slow, alsoSlow), bytes -> {});
            assertThat(kernels.cliffs().all())
                    .containsExactly(new Cliffs.Report(PerformanceCliff.UNPACKED_TYPE, "Q1_0"));
            kernels.leaveMapped(List.of(fast), "for a test");
            assertThat(kernels.cliffs().all())
                    .contains(new Cliffs.Report(PerformanceCliff.MAPPED_WEIGHTS, "for a test"));
        }
        try (MachineKernels kernels =
                new MachineKernels(
                        Isa.best().orElseThrow(), new ThreadTeam(1), Precision.F32, "")) {
            kernels.pack(List.of(weight(TensorType.Q4_K, 16, 256)), bytes -> {});
            assertThat(kernels.cliffs().all())
                    .extracting(Cliffs.Report::cliff)
                    .containsExactly(PerformanceCliff.F32_ACTIVATIONS);
        }
    }

    /** A weight of a type that could be decoded, but has no kernels. */
    private static Weight unpacked(int out, int in) {
        BlockCodec codec =
                new BlockCodec() {
                    @Override
                    public TensorType type() {
                        return TensorType.Q1_0;
                    }

                    @Override
                    public void decode(
                            MemorySegment source,
                            long offset,
                            float[] target,
                            int start,
                            int count) {
                        throw new UnsupportedOperationException("not asked for");
                    }
                };
        MemorySegment blocks =
                MemorySegment.ofArray(new byte[(int) TensorType.Q1_0.bytes((long) out * in)]);
        return new Weight(codec, 1, out, in, blocks);
    }

    private Weight weight(TensorType type, int out, int in) {
        byte[] bytes = new byte[(int) type.bytes((long) out * in)];
        random.nextBytes(bytes);
        MemorySegment blocks = MemorySegment.ofArray(bytes);
        return (Weight) scalar.weight(type, new long[] {out, in}, blocks);
    }
}
