package dev.snoozy.engine;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.nio.file.Path;

/** Models that the tests of this package talk to. */
final class Models {
    /** A template as small as one can be, with control tokens around each message. */
    static final String TEMPLATE =
            "{% for m in messages %}<s>{{ m.role }} {{ m.content }}</s>{% endfor %}"
                    + "{% if add_generation_prompt %}<s>assistant{% endif %}";

    private Models() {}

    /** The model that is shipped. */
    static Path stories() {
        return Data.root().resolve("models").resolve("tinystories").resolve("stories260K-f32.gguf");
    }

    static LanguageModel loadStories(int threads) throws IOException {
        return LanguageModel.load(stories(), LoadOptions.defaults().withThreads(threads));
    }

    static LanguageModel load(TinyModel model) {
        return LanguageModel.of(GgufFile.of(model.bytes()), LoadOptions.defaults().withThreads(2));
    }

    static EmbeddingModel loadEncoder(TinyModel model) {
        return EmbeddingModel.of(GgufFile.of(model.bytes()), LoadOptions.defaults().withThreads(2));
    }

    /** A decoder with the template above. */
    static LanguageModel loadChat(TinyModel model) {
        return load(model.with("tokenizer.chat_template", TEMPLATE));
    }

    /** The same, which keeps nothing in memory between its texts. */
    static LanguageModel loadForgetful(TinyModel model) {
        LoadOptions options = LoadOptions.defaults().withThreads(2).withPrefixMemory(0);
        byte[] file = model.with("tokenizer.chat_template", TEMPLATE).bytes();
        return LanguageModel.of(GgufFile.of(file), options);
    }

    /** The likeliest tokens, at most this many. */
    static GenerationOptions greedy(int tokens) {
        return GenerationOptions.defaults()
                .withMaxTokens(tokens)
                .withSampling(SamplingOptions.greedy());
    }
}
