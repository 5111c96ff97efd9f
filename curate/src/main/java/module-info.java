import org.jspecify.annotations.NullMarked;

/** Instruction data: finding duplicates and leaked test items, and seeing it. */
@NullMarked
module dev.snoozy.curate {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;
    requires java.sql;
    requires org.snakeyaml.engine;
    requires tools.jackson.databind;

    exports dev.snoozy.curate.decontaminate;
    exports dev.snoozy.curate.dedup;
    exports dev.snoozy.curate.filter;
    exports dev.snoozy.curate.map;
    exports dev.snoozy.curate.pipeline;
    exports dev.snoozy.curate.read;
    exports dev.snoozy.curate.recipe;
    exports dev.snoozy.curate.records;
    exports dev.snoozy.curate.vectors;
}
