package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Writes the units of a weight element by element: the judge of {@link UnitPacker}. */
public final class PlainPacker {
    private static final int ROWS = Format16.ROWS;
    private static final int VECTOR = 64;

    private final Format16 format;
    private final int[] planes;
    private final int blockSize;
    private final byte[] unit;
    private final BlockFields block = new BlockFields();

    public PlainPacker(Format16 format) {
        this.format = format;
        planes = format.planes();
        blockSize = format.type().blockSize();
        unit = new byte[format.unitBytes()];
    }

    /**
     * Packs rows {@code 16 * group ..}. Rows beyond the last, and elements beyond the end of a row,
     * have scales of zero.
     *
     * @param source all rows, in the blocks of the file
     * @param target the memory of all groups
     */
    public void pack(int group, int rows, int in, MemorySegment source, MemorySegment target) {
        int blocksPerUnit = format.blocks() * Format16.BLOCK / blockSize;
        long blocksPerRow = in / blockSize;
        int first = group * ROWS;
        int count = Math.min(ROWS, rows - first);
        long to = group * format.groupBytes(in);
        for (int u = 0; u < format.units(in); u++) {
            Arrays.fill(unit, (byte) 0);
            for (int r = 0; r < count; r++) {
                for (int b = 0; b < blocksPerUnit; b++) {
                    long number = (long) u * blocksPerUnit + b;
                    if (number < blocksPerRow) {
                        long at = ((first + r) * blocksPerRow + number);
                        block.read(format, source, at * format.type().bytesPerBlock());
                        place(r, b);
                    }
                }
            }
            MemorySegment.copy(unit, 0, target, ValueLayout.JAVA_BYTE, to, unit.length);
            to += unit.length;
        }
    }

    private void place(int row, int number) {
        if (format.isSuper()) {
            if (format.scales() == Format16.Scales.WIDE) {
                int bits = Float.floatToIntBits(block.wide);
                putShort(row * Float.BYTES, (short) bits);
                putShort(row * Float.BYTES + 2, (short) (bits >> 16));
            } else {
                putShort(row * Short.BYTES, block.scale);
            }
            if (format.hasMinima()) {
                putShort(ROWS * Short.BYTES + row * Short.BYTES, block.minimum);
            }
            boolean one = format.scales() == Format16.Scales.ONE;
            int parts = one ? 0 : format.blocks() * format.parts();
            for (int part = 0; part < parts; part++) {
                unit[format.scalesAt(0, part) + row] = block.scales[part];
                if (format.hasMinima()) {
                    unit[format.minimaAt(0, part) + row] = block.minima[part];
                }
            }
        } else {
            putShort(format.scalesAt(number, 0) + row * Short.BYTES, block.scale);
            if (format.hasMinima()) {
                putShort(format.minimaAt(number, 0) + row * Short.BYTES, block.minimum);
            }
        }
        for (int i = 0; i < blockSize; i++) {
            code(row, number * blockSize + i, block.codes[i] & 0xFF);
        }
    }

    /** Writes a code of one element of the unit, plane by plane. */
    private void code(int row, int element, int code) {
        int block32 = element / Format16.BLOCK;
        int group = element % Format16.BLOCK / Format16.GROUP;
        int rest = code;
        for (int plane = 0; plane < planes.length; plane++) {
            int width = planes[plane];
            int at =
                    format.planeAt(block32, plane)
                            + group % width * VECTOR
                            + row * Format16.GROUP
                            + element % Format16.GROUP;
            unit[at] |= (byte) ((rest & ((1 << width) - 1)) << (width * (group / width)));
            rest >>= width;
        }
    }

    private void putShort(int at, short value) {
        unit[at] = (byte) value;
        unit[at + 1] = (byte) (value >> 8);
    }
}
