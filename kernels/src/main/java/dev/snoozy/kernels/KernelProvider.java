package dev.snoozy.kernels;

import org.jspecify.annotations.Nullable;

/**
 * A way to compute. Kernels of other modules are found by {@link java.util.ServiceLoader}, and are
 * preferred to the scalar ones. A provider must load everywhere; only {@link #create} may need what
 * {@link #obstacle()} asks for.
 */
public interface KernelProvider {
    /** The value of the property {@code snoozy.kernels} that forces these kernels. */
    String name();

    /** Why these kernels cannot be used here, and the cure; null if they can. */
    @Nullable String obstacle();

    /**
     * Kernels on a team, which is closed with them.
     *
     * @param why they were chosen, for their description, or empty
     * @throws IllegalStateException if the system does not let them run
     */
    Kernels create(ThreadTeam team, Precision precision, String why);
}
