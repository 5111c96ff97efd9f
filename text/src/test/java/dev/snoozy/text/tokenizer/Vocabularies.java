package dev.snoozy.text.tokenizer;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.nio.file.Path;

/** The vocabularies of the reference data. */
final class Vocabularies {
    private Vocabularies() {}

    /** The tokenizer of a vocabulary in the folder of reference data. */
    static Tokenizer shared(String name) throws IOException {
        Path file =
                name.equals("stories260K-vocab")
                        ? Data.shared().resolve("models/stories260K/stories260K-f32.gguf")
                        : Data.shared().resolve("tokenizers/vocab/" + name + ".gguf.gz");
        try (GgufFile gguf = GgufFile.of(Data.read(file))) {
            return Tokenizer.of(gguf.metadata());
        }
    }
}
