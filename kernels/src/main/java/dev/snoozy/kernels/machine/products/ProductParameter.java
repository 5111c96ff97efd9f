package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Mem;

/** The parameters of the kernels of products and gates, eight bytes each, in this order. */
enum ProductParameter {
    /** Packed units, or the codes of a panel. */
    WEIGHT(0),
    /** A tile of activations. */
    ACTIVATIONS(8),
    /** Float results: sixteen rows of each token; or the codes of a panel to write. */
    OUT(16),
    /** Units of a row, or blocks of a panel. */
    COUNT(24),
    /** Bytes from the results of a token to those of the next; or groups of sixteen rows. */
    STRIDE(32),
    /** The scales of a panel, and its minima; or bytes between the results of tokens. */
    SCALES(40),
    /** What {@link UnitCode#constants} gives for the format. */
    CONSTANTS(48);

    /** Bytes of the block of parameters. */
    static final int BYTES = Long.BYTES * values().length;

    private final int offset;

    ProductParameter(int offset) {
        this.offset = offset;
    }

    /** Bytes from the start of the block. */
    int offset() {
        return offset;
    }

    /** The parameter, in a kernel. */
    Mem mem() {
        return Abi.PARAMETERS.at(offset);
    }
}
