import org.jspecify.annotations.NullMarked;

/**
 * The operations on the Vector API: the fallback where machine code cannot run, and the only module
 * that knows the incubator module. That one is optional, so that nobody sees its warning who does
 * not ask for it with {@code --add-modules jdk.incubator.vector}.
 */
@NullMarked
module dev.snoozy.kernels.vector {
    requires static jdk.incubator.vector;
    requires static org.jspecify;
    requires dev.snoozy.kernels;

    provides dev.snoozy.kernels.KernelProvider with
            dev.snoozy.kernels.vector.VectorProvider;
}
