package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Mem;

/** The parameters of the kernels of attention, eight bytes each, in this order. */
enum AttentionParameter {
    /** The record of the first query. */
    QUERIES,
    /** Records from which a merge takes a segment. */
    SOURCE,
    /** Number of queries; or of rows. */
    COUNT,
    /** Query heads of a row. */
    HEADS,
    /** Where the addresses of the pages stand, of the first tile and those after it. */
    PAGES,
    /** Number of tiles. */
    TILES,
    /** Position at which the first tile begins. */
    BASE,
    /** Bytes from the start of a page to the keys of the head; to store: their address. */
    KEYS,
    /** Address of the scales of the keys to store. */
    KEY_SCALES,
    /** Bytes from the start of a page to the values of the head; to store: their address. */
    VALUES,
    /** Queries; or keys to store. */
    INPUT,
    /** Values to store. */
    INPUT_VALUES,
    /** Bytes from a row of the input to the next one. */
    INPUT_STRIDE,
    /** Bytes from a row of the input's values to the next one. */
    VALUE_STRIDE,
    /** Results. */
    OUT,
    /** Bytes from a row of the results to the next one. */
    OUT_STRIDE,
    /** First and last position that a row sees, four bytes each. */
    LIMITS,
    /** The constants of {@link AttentionConstants}. */
    CONSTANTS,
    /** Memory for a tile as F32; or for a row to store. */
    SCRATCH,
    /** What scores are multiplied with, a float. */
    SCALE,
    /** The soft cap, a float. */
    CAP;

    /** Bytes in the parameter block. */
    static final int BYTES = Long.BYTES * values().length;

    /** Bytes from the start of the block. */
    int offset() {
        return Long.BYTES * ordinal();
    }

    /** The parameter, in a kernel. */
    Mem mem() {
        return Abi.PARAMETERS.at(offset());
    }
}
