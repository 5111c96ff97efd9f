package dev.snoozy.engine;

import dev.snoozy.format.Metadata;

import java.util.Locale;
import java.util.Optional;

/**
 * Words that a family of embedding models wants before a text, as the authors of the models say
 * (their model cards).
 *
 * @param query before a query
 * @param document before a document
 */
record TextPrefixes(String query, String document) {
    private static final TextPrefixes NOMIC =
            new TextPrefixes("search_query: ", "search_document: ");
    private static final TextPrefixes E5 = new TextPrefixes("query: ", "passage: ");
    private static final TextPrefixes BGE_ENGLISH =
            new TextPrefixes("Represent this sentence for searching relevant passages: ", "");
    private static final TextPrefixes BGE_CHINESE = new TextPrefixes("为这个句子生成表示以用于检索相关文章：", "");

    /** The words of a model, if its family is known; a model without a name has none. */
    static Optional<TextPrefixes> of(Metadata metadata) {
        String name =
                (metadata.string("general.name", "")
                                + " "
                                + metadata.string("general.basename", ""))
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')
                        .replace(' ', '-');
        if (name.contains("nomic-embed") || name.contains("nomic-bert")) {
            return Optional.of(NOMIC);
        }
        if (name.matches(".*(^|-)e5-.*") && !name.contains("mistral")) {
            return Optional.of(E5);
        }
        if (name.contains("bge-") && name.contains("-en")) {
            return Optional.of(BGE_ENGLISH);
        }
        if (name.contains("bge-") && name.contains("-zh")) {
            return Optional.of(BGE_CHINESE);
        }
        return Optional.empty();
    }

    String before(TextKind kind) {
        return switch (kind) {
            case NONE -> "";
            case QUERY -> query;
            case DOCUMENT -> document;
        };
    }
}
