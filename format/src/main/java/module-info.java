import org.jspecify.annotations.NullMarked;

/** GGUF and safetensors, tensor types and the scalar codec of each block format. */
@NullMarked
module dev.snoozy.format {
    requires static org.jspecify;
    requires java.management;
    requires jdk.management;

    exports dev.snoozy.format;
}
