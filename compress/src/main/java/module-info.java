import org.jspecify.annotations.NullMarked;

/** Conversion, quantization, importance matrices, and what they cost in quality. */
@NullMarked
module dev.snoozy.compress {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;

    exports dev.snoozy.compress;
    exports dev.snoozy.compress.convert;
    exports dev.snoozy.compress.imatrix;
    exports dev.snoozy.compress.perplexity;
}
