package dev.snoozy.kernels;

import dev.snoozy.kernels.scalar.ScalarKernels;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** What computes without machine code: kernels of other modules, or else the scalar ones. */
final class ProvidedKernels {
    private ProvidedKernels() {}

    /** The first kernels that can be used here. */
    static Kernels create(ThreadTeam team, Precision precision, String why) {
        StringBuilder reasons = new StringBuilder(why);
        for (KernelProvider provider : providers()) {
            String obstacle = provider.obstacle();
            if (obstacle == null) {
                return provider.create(team, precision, why);
            }
            reasons.append("; ").append(obstacle);
        }
        return new ScalarKernels(team, reasons.toString());
    }

    /** The kernels of this name, whatever else would be chosen. */
    static Kernels forced(String property, String name, int threads, Precision precision) {
        for (KernelProvider provider : providers()) {
            if (provider.name().equals(name)) {
                String obstacle = provider.obstacle();
                if (obstacle != null) {
                    throw new IllegalArgumentException(property + "=" + name + ": " + obstacle);
                }
                return provider.create(new ThreadTeam(threads), precision, "forced by " + property);
            }
        }
        throw new IllegalArgumentException(
                property
                        + "="
                        + name
                        + ": no such kernels on the class or module path; cure: add"
                        + " snoozy-kernels-"
                        + name);
    }

    private static List<KernelProvider> providers() {
        List<KernelProvider> found = new ArrayList<>();
        ClassLoader loader = ProvidedKernels.class.getClassLoader();
        ServiceLoader.load(KernelProvider.class, loader).forEach(found::add);
        return found;
    }
}
