package dev.snoozy.langchain4j;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.format.Metadata;

import org.jspecify.annotations.Nullable;

/** What models are called. */
final class Names {
    private static final String NAMELESS = "snoozy";

    private Names() {}

    /** The name that a file gives its model. */
    static String of(Metadata metadata) {
        String name = metadata.string("general.name", "");
        return name.isBlank() ? NAMELESS : name;
    }

    /** The model that a builder was given. */
    static EmbeddingModel required(@Nullable EmbeddingModel model) {
        if (model == null) {
            throw new IllegalArgumentException(
                    "model: expected one, found none; cure: .model(EmbeddingModel.load(file))");
        }
        return model;
    }
}
