import org.jspecify.annotations.NullMarked;

/** Tensors, the operations and their scalar reference, the thread team. */
@NullMarked
module dev.snoozy.kernels {
    requires static org.jspecify;
    requires transitive dev.snoozy.format;

    exports dev.snoozy.kernels;
}
