package dev.snoozy.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import org.jspecify.annotations.Nullable;

/**
 * How wide the vectors are: what the processor prefers, between 128 and 512 bits. The compiler only
 * makes good code of species that are constants, so the width is chosen when this class is loaded;
 * tests force another one with a property. A width that the processor does not have makes
 * everything extremely slow.
 *
 * <p>No class that touches the Vector API is loaded before {@link VectorProvider} has looked
 * whether it is there.
 */
final class Lanes {
    /** For tests: 128, 256 or 512. */
    static final String BITS = "snoozy.vector.bits";

    static final VectorSpecies<Float> FLOATS = species();
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** Lanes of a vector: 4, 8 or 16. */
    static final int COUNT = FLOATS.length();

    private static final int NARROWEST = 128;
    private static final int WIDEST = 512;

    private Lanes() {}

    /** Why vectors are of no use on this processor, or null if they are. */
    static @Nullable String obstacle() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return bits < NARROWEST
                ? "Java has no vectors of " + NARROWEST + " bits for this processor, found " + bits
                : null;
    }

    private static VectorSpecies<Float> species() {
        int preferred = Integer.getInteger(BITS, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        int bits = Math.clamp(Integer.highestOneBit(preferred), NARROWEST, WIDEST);
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /** The largest multiple of the lanes that is no larger. */
    static int whole(int count) {
        return count & -COUNT;
    }

    /** The smallest multiple of the lanes that is no smaller. */
    static int padded(int count) {
        return (count + COUNT - 1) & -COUNT;
    }
}
