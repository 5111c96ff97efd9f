import org.jspecify.annotations.NullMarked;

/** Tensors, the operations and their scalar reference, the thread team. */
@NullMarked
@SuppressWarnings("module") // the module of the qualified export is compiled after this one
module dev.snoozy.kernels {
    requires static org.jspecify;
    requires transitive dev.snoozy.format;

    exports dev.snoozy.kernels;
    exports dev.snoozy.kernels.scalar to
            dev.snoozy.kernels.vector;

    uses dev.snoozy.kernels.KernelProvider;
}
