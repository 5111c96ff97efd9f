package dev.snoozy.kernels;

import dev.snoozy.kernels.machine.MachineKernels;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Which kernels compute. Decided once for each model, by what the processor and the system allow:
 * the first path that nothing stands in the way of. The property {@code snoozy.kernels} forces one.
 */
final class KernelChoice {
    private static final String PROPERTY = "snoozy.kernels";
    private static final String FASTEST = "auto";

    /** Machine code for a set of instructions. */
    private record Machine(Isa isa) implements KernelProvider {
        @Override
        public String name() {
            return isa.path();
        }

        @Override
        public @Nullable String obstacle() {
            return isa.obstacle();
        }

        @Override
        public Kernels create(ThreadTeam team, Precision precision, String why) {
            return new MachineKernels(isa, team, precision, why);
        }
    }

    /** Plain Java, which runs everywhere. */
    private record Scalar() implements KernelProvider {
        @Override
        public String name() {
            return "scalar";
        }

        @Override
        public @Nullable String obstacle() {
            return null;
        }

        @Override
        public Kernels create(ThreadTeam team, Precision precision, String why) {
            return new ScalarKernels(team, why);
        }
    }

    private KernelChoice() {}

    /**
     * All paths, the fastest first: machine code, other modules, and plain Java, which has no
     * obstacle anywhere.
     */
    private static List<KernelProvider> paths() {
        List<KernelProvider> paths = new ArrayList<>();
        for (Isa isa : Isa.values()) {
            paths.add(new Machine(isa));
        }
        ClassLoader loader = KernelChoice.class.getClassLoader();
        ServiceLoader.load(KernelProvider.class, loader).forEach(paths::add);
        paths.add(new Scalar());
        return paths;
    }

    static Kernels create(int threads, Precision precision) {
        String wanted = System.getProperty(PROPERTY, FASTEST);
        if (wanted.equals(FASTEST)) {
            return fastest(threads, precision);
        }
        List<String> names = new ArrayList<>(List.of(FASTEST));
        for (KernelProvider path : paths()) {
            if (path.name().equals(wanted)) {
                return forced(path, threads, precision);
            }
            names.add(path.name());
        }
        throw new IllegalArgumentException(
                PROPERTY + ": expected one of " + names + ", found " + wanted);
    }

    private static Kernels fastest(int threads, Precision precision) {
        ThreadTeam team = new ThreadTeam(threads);
        String why = "";
        for (KernelProvider path : paths()) {
            String obstacle = path.obstacle();
            if (obstacle == null) {
                try {
                    return path.create(team, precision, why);
                } catch (IllegalStateException e) {
                    // A system that hardens itself may refuse executable memory; all else works.
                    obstacle = String.valueOf(e.getMessage());
                }
            }
            why = obstacle;
        }
        team.close();
        throw new IllegalStateException("no kernels run here: " + why);
    }

    private static Kernels forced(KernelProvider path, int threads, Precision precision) {
        String obstacle = path.obstacle();
        if (obstacle != null) {
            throw new IllegalArgumentException(
                    PROPERTY + "=" + path.name() + ": " + obstacle + "; auto takes what runs here");
        }
        ThreadTeam team = new ThreadTeam(threads);
        try {
            return path.create(team, precision, "forced by " + PROPERTY);
        } catch (IllegalStateException e) {
            team.close();
            throw e;
        }
    }
}
