import org.jspecify.annotations.NullMarked;

/** From data to a tuned, quantized and judged model, by one recipe. */
@NullMarked
module dev.snoozy.cook {
    requires static org.jspecify;
    requires transitive dev.snoozy.compress;
    requires transitive dev.snoozy.curate;
    requires transitive dev.snoozy.eval;
    requires transitive dev.snoozy.tune;
    requires tools.jackson.databind;

    exports dev.snoozy.cook;

    opens dev.snoozy.cook to
            tools.jackson.databind;
}
