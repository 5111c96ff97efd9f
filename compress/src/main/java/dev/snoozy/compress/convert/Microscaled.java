package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.RowOrder;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsFile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tensor of a checkpoint in blocks of MXFP4 (OCP Microscaling Formats 1.0): {@code NAME_blocks}
 * {@code [tables, rows, blocks, 16]} with two elements in a byte, the earlier in its lower half,
 * and {@code NAME_scales} {@code [tables, rows, blocks]}. GGUF has the scale before its block, in
 * which byte {@code j} holds elements {@code j} and {@code j + 16}: the same bits elsewhere.
 *
 * @param blocks its elements
 * @param scales their exponents
 */
record Microscaled(SafetensorInfo blocks, SafetensorInfo scales) {
    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";
    private static final int ELEMENTS = 32;
    private static final int HALF = ELEMENTS / 2;

    /** Those of a checkpoint, by their names. */
    static Map<String, Microscaled> in(SafetensorsFile file) {
        Map<String, Microscaled> found = new LinkedHashMap<>();
        for (SafetensorInfo tensor : file.tensors()) {
            if (tensor.name().endsWith(BLOCKS) && tensor.type() == SafetensorType.U8) {
                String name = tensor.name().substring(0, tensor.name().length() - BLOCKS.length());
                SafetensorInfo scales = file.tensor(name + SCALES);
                if (scales == null) {
                    throw new ConvertException(
                            "tensor %s: found no %s%s beside it; is the download complete?"
                                    .formatted(tensor.name(), name, SCALES));
                }
                found.put(name, of(tensor, scales));
            }
        }
        return found;
    }

    private static Microscaled of(SafetensorInfo blocks, SafetensorInfo scales) {
        List<Long> shape = blocks.shape();
        boolean fits =
                shape.size() == 4
                        && shape.getLast() == HALF
                        && !shape.contains(0L)
                        && scales.type() == SafetensorType.U8
                        && scales.shape().equals(shape.subList(0, 3));
        if (!fits) {
            throw new ConvertException(
                    "tensor %s: found %s with scales %s %s, expected [tables, rows, blocks, 16] and U8 [tables, rows, blocks]"
                            .formatted(blocks.name(), shape, scales.type(), scales.shape()));
        }
        return new Microscaled(blocks, scales);
    }

    /** Whether a tensor is a half of one of these. */
    boolean has(SafetensorInfo tensor) {
        return tensor.equals(blocks) || tensor.equals(scales);
    }

    /** The shape in GGUF {@code [columns, rows, tables]} with rows in an order. */
    List<Long> shape(RowOrder order) {
        List<Long> shape = blocks.shape();
        return List.of(shape.get(2) * ELEMENTS, order.count(shape.get(1)), shape.get(0));
    }

    /** Writes it as GGUF has it, with rows in an order. */
    void fill(SafetensorsFile file, RowOrder order, MemorySegment to) {
        MemorySegment from = file.data(blocks);
        MemorySegment exponents = file.data(scales);
        long rows = blocks.shape().get(1);
        long each = blocks.shape().get(2);
        long chosen = order.count(rows);
        byte[] block = new byte[HALF];
        long at = 0;
        for (long table = 0; table < blocks.shape().getFirst(); table++) {
            for (long row = 0; row < chosen; row++) {
                long first = (table * rows + order.source(row, rows)) * each;
                for (long b = first; b < first + each; b++) {
                    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, b * HALF, block, 0, HALF);
                    to.set(ValueLayout.JAVA_BYTE, at, exponents.get(ValueLayout.JAVA_BYTE, b));
                    for (int j = 0; j < HALF; j++) {
                        int both = element(block, j) | element(block, j + HALF) << 4;
                        to.set(ValueLayout.JAVA_BYTE, at + 1 + j, (byte) both);
                    }
                    at += 1 + HALF;
                }
            }
        }
    }

    private static int element(byte[] block, int i) {
        return block[i / 2] >> 4 * (i % 2) & 15;
    }
}
