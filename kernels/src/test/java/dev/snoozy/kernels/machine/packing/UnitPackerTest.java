package dev.snoozy.kernels.machine.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** The packers of words against those of single elements: equal byte for byte. */
class UnitPackerTest {
    private final Random random = new Random(17);

    @ParameterizedTest
    @EnumSource(Format16.class)
    void unitsAreThoseOfTheElementWisePackerForEveryShape(Format16 format) {
        int block = format.type().blockSize();
        UnitPacker packer = new UnitPacker(format);
        for (int rows : new int[] {1, 3, 15, 16, 17, 50}) {
            for (int blocks : new int[] {1, 2, 3, 7, 40, 129}) {
                int in = blocks * block;
                MemorySegment source = bytes(format.type().bytes((long) rows * in));
                byte[] expected = plain(format, rows, in, source);
                byte[] found = new byte[expected.length];
                random.nextBytes(found);
                MemorySegment target = MemorySegment.ofArray(found);
                for (int group = 0; group < groups(rows); group++) {
                    long to = group * format.groupBytes(in);
                    packer.pack(group, rows, in, 0, format.units(in), source, target, to);
                }
                assertThat(found).as("%s [%d, %d]", format, rows, in).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void someUnitsOfAGroupAreThoseOfAllOfThem(Format16 format) {
        int rows = 20;
        int in = 9 * 256;
        MemorySegment source = bytes(format.type().bytes((long) rows * in));
        MemorySegment all = MemorySegment.ofArray(plain(format, rows, in, source));
        UnitPacker packer = new UnitPacker(format);
        for (int from = 0; from < format.units(in); from += 5) {
            int count = Math.min(5, format.units(in) - from);
            byte[] found = new byte[count * format.unitBytes() + 3];
            MemorySegment target = MemorySegment.ofArray(found).asSlice(3);
            packer.pack(1, rows, in, from, count, source, target, 0);
            long at = format.groupBytes(in) + (long) from * format.unitBytes();
            assertThat(target.mismatch(all.asSlice(at, target.byteSize()))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 1, 1", "F32, 16, 8", "F32, 37, 515", "F32, 5, 256",
        "F16, 1, 3", "F16, 33, 264", "BF16, 16, 255", "BF16, 40, 1030",
        "BF16_PAIRS, 1, 2", "BF16_PAIRS, 17, 514", "BF16_PAIRS, 16, 256",
    })
    void groupsOfFloatsHaveTheRowsOfAnElementSideBySide(
            FloatFormat format, int rows, int elements) {
        TensorType type = format.type();
        int width = format.vectorBytes() / 16;
        int in = elements / format.together();
        int paddedElements =
                (elements + FloatFormat.STEP - 1) / FloatFormat.STEP * FloatFormat.STEP;
        int padded = paddedElements / format.together();
        MemorySegment source = bytes(type.bytes((long) rows * elements));
        FloatPacker packer = new FloatPacker();
        for (int group = 0; group < groups(rows); group++) {
            byte[] found = new byte[padded * 16 * width];
            random.nextBytes(found);
            MemorySegment target = MemorySegment.ofArray(found);
            packer.pack(format, group, rows, elements, paddedElements, source, target, 0);
            for (int k = 0; k < padded; k++) {
                for (int r = 0; r < 16; r++) {
                    boolean outside = k >= in || group * 16 + r >= rows;
                    long at = ((long) (group * 16 + r) * in + k) * width;
                    for (int i = 0; i < width; i++) {
                        byte expected = outside ? 0 : source.get(ValueLayout.JAVA_BYTE, at + i);
                        assertThat(found[(k * 16 + r) * width + i]).isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** Each of the 65536 numbers, against the nearest of the two BF16 around it. */
    @Test
    void anF16IsRoundedToTheNearestBf16() {
        int count = 1 << 16;
        MemorySegment source = Arena.ofAuto().allocate(2L * count, 8);
        for (int i = 0; i < count; i++) {
            source.set(ValueLayout.JAVA_SHORT, 2L * i, (short) i);
        }
        byte[] found = new byte[count * 16 * Short.BYTES];
        new FloatPacker()
                .pack(
                        FloatFormat.F16_AS_BF16_PAIRS,
                        0,
                        1,
                        count,
                        count,
                        source,
                        MemorySegment.ofArray(found),
                        0);
        MemorySegment packed = MemorySegment.ofArray(found);
        for (int i = 0; i < count; i++) {
            long at = (i / 2 * 16L * 2 + i % 2) * Short.BYTES;
            float rounded = bf16(packed.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            float exact = Float.float16ToFloat((short) i);
            int bits = Float.floatToRawIntBits(exact);
            float below = Float.intBitsToFloat(bits & 0xFFFF0000);
            float above = Float.intBitsToFloat((bits & 0xFFFF0000) + 0x10000);
            float down = Math.abs(exact - below);
            float up = Math.abs(above - exact);
            boolean even = (bits >> 16 & 1) == 0;
            float nearest = down < up || (down == up && even) ? below : above;
            Float expected = Float.isFinite(exact) ? nearest : exact;
            assertThat(rounded).as("F16 %04x", i).isEqualTo(expected);
        }
    }

    private static float bf16(short half) {
        return Float.intBitsToFloat(half << 16);
    }

    /** Random bytes that begin at an odd address. */
    private MemorySegment bytes(long size) {
        byte[] bytes = new byte[(int) size];
        random.nextBytes(bytes);
        MemorySegment segment = Arena.ofAuto().allocate(size + 1, 8).asSlice(1);
        segment.copyFrom(MemorySegment.ofArray(bytes));
        return segment;
    }

    private static byte[] plain(Format16 format, int rows, int in, MemorySegment source) {
        byte[] units = new byte[Math.toIntExact(groups(rows) * format.groupBytes(in))];
        PlainPacker packer = new PlainPacker(format);
        for (int group = 0; group < groups(rows); group++) {
            packer.pack(group, rows, in, source, MemorySegment.ofArray(units));
        }
        return units;
    }

    private static int groups(int rows) {
        return (rows + 15) / 16;
    }
}
