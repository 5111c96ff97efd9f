package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.KernelProvider;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.ThreadTeam;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Offers the kernels on the Vector API where Java has it and compiles it well. Loads without it: no
 * type of the incubator module is touched before it is known to be there.
 */
public final class VectorProvider implements KernelProvider {
    private static final String MODULE = "jdk.incubator.vector";

    /** For {@link java.util.ServiceLoader}. */
    public VectorProvider() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public @Nullable String obstacle() {
        String found =
                obstacle(
                        ModuleLayer.boot().findModule(MODULE).isPresent(),
                        System.getProperty("java.vm.info", ""));
        return found == null ? Lanes.obstacle() : found;
    }

    /**
     * Why the Vector API cannot be used.
     *
     * @param present whether the incubator module is there
     * @param machine how the virtual machine says that it runs
     */
    static @Nullable String obstacle(boolean present, String machine) {
        if (!present) {
            return "the Vector API is not there; cure: start Java with --add-modules " + MODULE;
        }
        String mode = machine.toLowerCase(Locale.ROOT);
        // Without the optimising compiler each vector is an object: slower than scalar code by far.
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return "the Vector API needs the optimising compiler, found \""
                    + machine
                    + "\"; cure: start Java without -Xint and -XX:TieredStopAtLevel";
        }
        return null;
    }

    @Override
    public Kernels create(ThreadTeam team, Precision precision, String why) {
        return new VectorKernels(team, why);
    }
}
