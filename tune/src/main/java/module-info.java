import org.jspecify.annotations.NullMarked;

/** Training of adapters on (quantized) models, and merging them. */
@NullMarked
module dev.snoozy.tune {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;

    exports dev.snoozy.tune;
}
