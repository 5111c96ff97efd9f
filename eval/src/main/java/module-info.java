import org.jspecify.annotations.NullMarked;

/** The seven common-sense tasks, by three protocols. */
@NullMarked
module dev.snoozy.eval {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;
    requires tools.jackson.databind;

    exports dev.snoozy.eval;

    opens dev.snoozy.eval to
            tools.jackson.databind;
}
