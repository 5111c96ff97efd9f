import org.jspecify.annotations.NullMarked;

/** Local documents: extraction, chunks, index, hybrid search, answers with citations. */
@NullMarked
module dev.snoozy.documents {
    requires static org.jspecify;
    requires transitive dev.snoozy.engine;
    requires java.logging;
    requires java.xml;
    requires org.apache.lucene.analysis.common;
    requires org.apache.lucene.core;
    requires org.apache.tika.core;
    requires tools.jackson.databind;

    exports dev.snoozy.documents.answer;
    exports dev.snoozy.documents.extract;
    exports dev.snoozy.documents.index;
}
