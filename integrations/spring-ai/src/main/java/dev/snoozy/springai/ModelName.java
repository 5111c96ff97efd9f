package dev.snoozy.springai;

import dev.snoozy.format.Metadata;

/** The name that a model goes by. */
final class ModelName {
    private ModelName() {}

    /** The name in the model's file, or else that of this project. */
    static String of(Metadata metadata) {
        return metadata.string("general.name", SnoozyChatModel.PROVIDER);
    }
}
