package org.example;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;

import java.nio.file.Path;

/** Prints the story that the shipped model always tells; fails if it tells another. */
public final class Story {
    private Story() {}

    /** Called with the file of the model. */
    public static void main(String[] args) throws Exception {
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(32)
                        .withSampling(SamplingOptions.greedy());
        try (LanguageModel model = LanguageModel.load(Path.of(args[0]))) {
            String story = model.generate("Once upon a time", options).text();
            System.out.println("Once upon a time" + story);
            if (!story.startsWith(", there was a little girl named Lily.")) {
                System.exit(1);
            }
        }
    }
}
