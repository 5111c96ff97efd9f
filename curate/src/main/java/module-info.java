import org.jspecify.annotations.NullMarked;

/** Instruction data: finding duplicates and leaked test items, and seeing it. */
@NullMarked
module dev.snoozy.curate {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;
    requires tools.jackson.databind;

    exports dev.snoozy.curate.decontaminate;
    exports dev.snoozy.curate.dedup;
    exports dev.snoozy.curate.map;
    exports dev.snoozy.curate.vectors;
}
