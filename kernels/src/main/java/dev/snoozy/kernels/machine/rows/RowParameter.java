package dev.snoozy.kernels.machine.rows;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Mem;

/** The parameters of kernels that go through rows of activations, eight bytes each. */
public enum RowParameter {
    /** What is read: rows of floats. */
    X,
    /** What is written. */
    OUT,
    /** Weights of a norm, or the second operand. */
    OTHER,
    /** The bias of a norm. */
    BIAS,
    /** Vectors of sixteen floats in a row, without one that is not full; or blocks of 32. */
    COUNT,
    /** Number of rows. */
    ROWS,
    /** Bytes from a row that is read to the next one. */
    STRIDE,
    /** Bytes from a row that is written to the next one. */
    OUT_STRIDE,
    /** Constants that the code names. */
    CONSTANTS,
    /** Ones up to the last column and zeros behind it, for a vector that is not full. */
    MASK,
    /** A float: the length of a row, or a factor. */
    NUMBER,
    /** A float: what a norm adds under the root. */
    EPSILON;

    /** Bytes of the block of parameters. */
    public static final int BYTES = 8 * values().length;

    /** Bytes from the start of the block. */
    public int offset() {
        return 8 * ordinal();
    }

    /** The parameter, in a kernel. */
    public Mem mem() {
        return Abi.PARAMETERS.at(offset());
    }
}
