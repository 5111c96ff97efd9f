import org.jspecify.annotations.NullMarked;

/** Architectures, caches, samplers, the scheduler, and the public API. */
@NullMarked
module dev.snoozy.engine {
    requires static org.jspecify;
    requires transitive dev.snoozy.kernels;
    requires transitive dev.snoozy.text;

    exports dev.snoozy.engine;
}
