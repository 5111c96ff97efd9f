package dev.snoozy.kernels.scalar;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Tensor;

import java.lang.foreign.MemorySegment;

/**
 * A weight over the blocks of its file: {@code experts} matrices {@code [out, in]} one after
 * another.
 */
public record Weight(BlockCodec codec, int experts, int out, int in, MemorySegment blocks)
        implements Tensor {
    @Override
    public TensorType type() {
        return codec.type();
    }

    @Override
    public int rows() {
        return experts * out;
    }

    @Override
    public int columns() {
        return in;
    }

    /** The matrix of one expert. */
    public Weight expert(int expert) {
        long bytes = type().bytes((long) out * in);
        return experts == 1
                ? this
                : new Weight(codec, 1, out, in, blocks.asSlice(expert * bytes, bytes));
    }

    /** Decodes one row of a table; raises {@link IllegalArgumentException} if there is none. */
    public void lookUp(int row, float[] target) {
        if (row < 0 || row >= out) {
            throw new IllegalArgumentException("row " + row + " of a table of " + out + " rows");
        }
        decode(row, 1, target);
    }

    /** Decodes {@code count} rows from row {@code row} on, counted over all experts. */
    void decode(int row, int count, float[] target) {
        long bytesPerRow = type().bytes(in);
        codec.decode(blocks, row * bytesPerRow, target, 0, count * in);
    }

    @Override
    public String toString() {
        return (experts == 1 ? "[" : "[" + experts + ", ") + out + ", " + in + "] " + type();
    }
}
