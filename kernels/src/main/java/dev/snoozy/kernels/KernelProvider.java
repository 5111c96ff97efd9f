package dev.snoozy.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Kernels of another module, found by {@link java.util.ServiceLoader}: what computes where machine
 * code cannot. A provider must load everywhere; only {@link #create} may need what {@link
 * #obstacle()} asks for.
 */
public interface KernelProvider {
    /** The value of the property {@code snoozy.kernels} that forces these kernels. */
    String name();

    /** Why these kernels cannot be used here, and the cure; null if they can. */
    @Nullable String obstacle();

    /**
     * Kernels on a team, which is closed with them.
     *
     * @param why no faster ones were chosen, for their description
     */
    Kernels create(ThreadTeam team, Precision precision, String why);
}
