import org.jspecify.annotations.NullMarked;

/** GGUF and safetensors, tensor types and the scalar codec of each block format. */
@NullMarked
@SuppressWarnings("module") // the modules of the qualified exports are compiled after this one
module dev.snoozy.format {
    requires static org.jspecify;
    requires java.management;
    requires jdk.management;

    exports dev.snoozy.format;
    exports dev.snoozy.format.block to
            dev.snoozy.kernels;
    exports dev.snoozy.format.json to
            dev.snoozy.compress,
            dev.snoozy.engine,
            dev.snoozy.text,
            dev.snoozy.tune;
}
