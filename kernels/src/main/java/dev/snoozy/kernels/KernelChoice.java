package dev.snoozy.kernels;

import dev.snoozy.kernels.machine.MachineKernels;
import dev.snoozy.kernels.scalar.ScalarKernels;

/**
 * Which kernels compute. Decided once for each model, by what the processor and the system allow;
 * the property {@code snoozy.kernels} forces a path: {@code scalar} or {@code vnni512}.
 */
final class KernelChoice {
    private static final String PROPERTY = "snoozy.kernels";

    private KernelChoice() {}

    static Kernels create(int threads, Precision precision) {
        String path = System.getProperty(PROPERTY, "auto");
        return switch (path) {
            case "auto" ->
                    precision == Precision.F32
                            ? scalar(threads, "activations stay F32")
                            : fastest(threads);
            case "scalar" -> scalar(threads, "forced by " + PROPERTY);
            case "vnni512" ->
                    precision == Precision.F32
                            ? scalar(threads, "activations stay F32")
                            : forced(threads);
            default ->
                    throw new IllegalArgumentException(
                            PROPERTY + ": expected auto, scalar or vnni512, found " + path);
        };
    }

    private static Kernels fastest(int threads) {
        String obstacle = MachineKernels.obstacle();
        if (obstacle != null) {
            return scalar(threads, obstacle);
        }
        ThreadTeam team = new ThreadTeam(threads);
        try {
            return new MachineKernels(team);
        } catch (IllegalStateException e) {
            // A system that hardens itself may refuse executable memory; all else works there.
            return new ScalarKernels(team, String.valueOf(e.getMessage()));
        }
    }

    private static Kernels forced(int threads) {
        String obstacle = MachineKernels.obstacle();
        if (obstacle != null) {
            throw new IllegalArgumentException(PROPERTY + "=vnni512: " + obstacle);
        }
        return new MachineKernels(new ThreadTeam(threads));
    }

    private static Kernels scalar(int threads, String why) {
        return new ScalarKernels(new ThreadTeam(threads), why);
    }
}
