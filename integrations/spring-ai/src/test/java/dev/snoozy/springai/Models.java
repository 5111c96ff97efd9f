package dev.snoozy.springai;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
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

    /** The same of a model that reasons between marks. */
    static final String REASONING_TEMPLATE =
            "{% for m in messages %}<s>{{ m.role }} "
                    + "{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>"
                    + "{% endif %}{{ m.content }}</s>{% endfor %}"
                    + "{% if add_generation_prompt %}<s>assistant{% endif %}";

    /** Tokens that a conversation may have: the vocabulary knows bytes and little else. */
    private static final int CONTEXT = 16_384;

    private Models() {}

    /** The model that is shipped. */
    static Path stories() {
        return Data.root().resolve("models").resolve("tinystories").resolve("stories260K-f32.gguf");
    }

    static LanguageModel loadStories() throws IOException {
        return LanguageModel.load(stories(), LoadOptions.defaults().withThreads(1));
    }

    /** A model of random weights for chats. */
    static TinyModel random(String template) {
        return TinyModel.llama()
                .with("general.name", "random")
                .with("tokenizer.chat_template", template)
                .with("llama.context_length", CONTEXT);
    }

    static LanguageModel load(TinyModel model) {
        return LanguageModel.of(GgufFile.of(model.bytes()), LoadOptions.defaults().withThreads(1));
    }

    static LanguageModel loadRandom() {
        return load(random(TEMPLATE));
    }

    static EmbeddingModel loadEncoder(TinyModel model) {
        return EmbeddingModel.of(GgufFile.of(model.bytes()), LoadOptions.defaults().withThreads(1));
    }
}
