package dev.snoozy.kernels.vector;

import jdk.incubator.vector.FloatVector;

/** The build runs the tests of this module with vectors of several widths. */
final class Widths {
    private Widths() {}

    /** Whether the processor has vectors as wide as the tests shall use; else they take minutes. */
    static boolean areThere() {
        return Lanes.FLOATS.vectorBitSize() <= FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
