package dev.snoozy.kernels;

import dev.snoozy.kernels.machine.MachineKernels;
import dev.snoozy.kernels.scalar.ScalarKernels;

/**
 * Which kernels compute. Decided once for each model, by what the processor and the system allow;
 * the property {@code snoozy.kernels} forces a path: {@code scalar}, {@code vector} or {@code
 * vnni512}.
 */
final class KernelChoice {
    private static final String PROPERTY = "snoozy.kernels";

    private KernelChoice() {}

    static Kernels create(int threads, Precision precision) {
        String path = System.getProperty(PROPERTY, "auto");
        return switch (path) {
            case "auto" -> fastest(threads, precision);
            case "scalar" -> new ScalarKernels(new ThreadTeam(threads), "forced by " + PROPERTY);
            case "vector" -> ProvidedKernels.forced(PROPERTY, path, threads, precision);
            case "vnni512" -> forced(threads, precision);
            default ->
                    throw new IllegalArgumentException(
                            PROPERTY + ": expected auto, scalar, vector or vnni512, found " + path);
        };
    }

    private static Kernels fastest(int threads, Precision precision) {
        ThreadTeam team = new ThreadTeam(threads);
        String obstacle = MachineKernels.obstacle();
        if (obstacle != null) {
            return ProvidedKernels.create(team, precision, obstacle);
        }
        try {
            return new MachineKernels(team, precision);
        } catch (IllegalStateException e) {
            // A system that hardens itself may refuse executable memory; all else works there.
            return ProvidedKernels.create(team, precision, String.valueOf(e.getMessage()));
        }
    }

    private static Kernels forced(int threads, Precision precision) {
        String obstacle = MachineKernels.obstacle();
        if (obstacle != null) {
            throw new IllegalArgumentException(PROPERTY + "=vnni512: " + obstacle);
        }
        return new MachineKernels(new ThreadTeam(threads), precision);
    }
}
