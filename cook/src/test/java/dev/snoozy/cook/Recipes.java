package dev.snoozy.cook;

import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The recipes of the repository, and one that takes a few seconds. */
final class Recipes {
    private Recipes() {}

    static Path of(String name) {
        return Data.root().resolve("recipes").resolve(name);
    }

    /** Writes the smallest recipe that has all stages. */
    static Path small(Path folder, String steps) throws IOException {
        Path root = Data.root();
        String text =
                """
                format: snoozy-cook-1
                base: {path: "%1$s/models/tinystories/stories260K-f32.gguf"}
                curate:
                  inputs: ["%1$s/recipes/tiny/own.jsonl"]
                  filters: {language: false}
                  decontaminate: ["%1$s/recipes/tiny/eval"]
                  split: {validation: 0.2}
                  map: {rows: 50}
                tune: {%2$s, batch: 4, rank: 2, learning_rate: 0.002, length: 128, evaluate_every: 4, save_every: 2}
                evaluate:
                  data: "%1$s/recipes/tiny/eval"
                  tasks: [piqa, openbookqa]
                  limit: 5
                  perplexity: "%1$s/recipes/tiny/story.txt"
                  prompts: ["Once <b>upon</b>"]
                quantize: [Q8_0]
                """
                        .formatted(root.toString().replace('\\', '/'), steps);
        Path file = folder.resolve("small.yaml");
        Files.writeString(file, text);
        return file;
    }
}
