package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.AttentionSpec;

/**
 * What becomes of scores before the soft-max, other than a factor.
 *
 * @param capped whether they have a soft cap
 * @param falling whether they fall with the distance of the positions
 */
record Bending(boolean capped, boolean falling) {
    static final Bending NONE = new Bending(false, false);

    static Bending of(AttentionSpec spec) {
        return new Bending(spec.softcap() != 0, spec.alibi() != 0);
    }
}
