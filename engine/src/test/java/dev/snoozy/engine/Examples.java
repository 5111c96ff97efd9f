package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The examples of the documentation, which are compiled and run with the tests. */
class Examples {
    @TempDir private Path folder;

    @Test
    void generate() throws IOException {
        Path file = Models.stories();
        // @start region="generate"
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(64)
                        .withSampling(SamplingOptions.builder().seed(1).build())
                        .withStop("The end");
        try (LanguageModel model = LanguageModel.load(file)) {
            Generation story = model.generate("Once upon a time", options, System.out::print);
            System.out.println(" [" + story.usage().completionTokens() + " tokens]");
        }
        // @end
        assertThat(options.stop()).containsExactly("The end");
    }

    @Test
    void chat() throws IOException {
        Path file = folder.resolve("chat.gguf");
        TinyModel.llama().with("tokenizer.chat_template", Models.TEMPLATE).writeTo(file);
        // @start region="chat"
        GenerationOptions options = GenerationOptions.defaults().withMaxTokens(32);
        try (LanguageModel model = LanguageModel.load(file)) {
            ChatSession chat = model.chat();
            chat.add(ChatMessage.system("You answer in one sentence."));
            System.out.println(chat.send("What is a GGUF file?", options).text());
            System.out.println(chat.send("Who made the format?", options).text());
        }
        // @end
    }

    @Test
    void embed() throws IOException {
        Path file = TinyModel.bert().writeTo(folder.resolve("encoder.gguf"));
        double similarity = 0;
        // @start region="embed"
        try (EmbeddingModel model = EmbeddingModel.load(file)) {
            List<float[]> vectors = model.embed(List.of("a small cat", "a kitten"));
            for (int i = 0; i < model.dimensions(); i++) {
                similarity += vectors.get(0)[i] * vectors.get(1)[i];
            }
        }
        // @end
        assertThat(similarity).isBetween(-1.001, 1.001);
    }
}
