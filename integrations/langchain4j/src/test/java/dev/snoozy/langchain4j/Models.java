package dev.snoozy.langchain4j;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Pooling;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.KnowingModel;
import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Models that the tests of this module talk to. */
final class Models {
    /** A template as small as one can be, with control tokens around each message. */
    static final String TEMPLATE =
            "{% for m in messages %}<s>{{ m.role }} {{ m.content }}</s>{% endfor %}"
                    + "{% if add_generation_prompt %}<s>assistant{% endif %}";

    private static final LoadOptions OPTIONS = LoadOptions.defaults().withThreads(2);

    private Models() {}

    /** The model that is shipped. */
    static Path stories() {
        return Data.root().resolve("models").resolve("tinystories").resolve("stories260K-f32.gguf");
    }

    static LanguageModel loadStories() throws IOException {
        return LanguageModel.load(stories(), OPTIONS);
    }

    /** A random decoder with the template above. */
    static LanguageModel loadRandom() {
        TinyModel model =
                TinyModel.llama()
                        .with("llama.context_length", 1024)
                        .with("tokenizer.chat_template", TEMPLATE);
        return LanguageModel.of(GgufFile.of(model.bytes()), OPTIONS);
    }

    /** A random encoder that knows what it wants before queries and documents. */
    static TinyModel encoder() {
        return TinyModel.bert().with("general.name", "nomic-embed-random");
    }

    static EmbeddingModel loadEncoder() {
        return EmbeddingModel.of(GgufFile.of(encoder().bytes()), OPTIONS);
    }

    /** A random encoder that judges pairs. */
    static TinyModel ranker() {
        int n = TinyModel.EMBEDDING;
        return TinyModel.bert()
                .withTensor("token_types.weight", n, 1)
                .withTensor("cls.weight", n, n)
                .withTensor("cls.bias", n)
                .withTensor("cls.output.weight", n, 1)
                .withTensor("cls.output.bias", 1);
    }

    static EmbeddingModel loadRanker() {
        return EmbeddingModel.of(GgufFile.of(ranker().bytes()), OPTIONS, Optional.of(Pooling.RANK));
    }

    /** A model whose weights were written by hand: it knows what LangChain4j's kit asks for. */
    static LanguageModel loadKnowing() {
        String call = "<tool_call>\n{\"name\": \"";
        String end = "}\n</tool_call>";
        KnowingModel model =
                new KnowingModel("I", " do", " not", " know", " that", " at", " all", ".")
                        .answer("capital", 1, "Berlin", " is", " the", " capital", " of it", "!")
                        .answer("capital", 0.9, "{\"city\"", ":\"Berlin\"}")
                        .answer("love", 2, "Ich", " liebe", " dich")
                        .answer("favorite", 1, "Your favorite", " color", " is green")
                        .answer("Hello", 1, "Hello", " World")
                        .answer("animals", 1, story())
                        .answer(
                                "getWeather",
                                2,
                                call + "getWeather\", \"arguments\": ",
                                "{\"city\": ",
                                "\"Munich\"}",
                                end)
                        .then(
                                end,
                                "simultaneously",
                                2,
                                "\n" + call + "getTime\", \"arguments\": ",
                                "{\"country\": ",
                                "\"France\"}",
                                end + " ")
                        .answer(
                                "get_current_time",
                                1,
                                call + "get_current_time\", \"arguments\": ",
                                "{}",
                                end)
                        .answer("sunny", 30, "It is", " sunny", " there")
                        .answer("sunny", 29, "{\"weather\":", "\"sunny\"}")
                        .answer("10:14", 30, "Now it is", " 10:14", " sharp")
                        .answer("14:35", 60, "The sun shines", " and it is", " 14:35");
        return LanguageModel.of(GgufFile.of(model.bytes()), OPTIONS);
    }

    private static String[] story() {
        String[] pieces = new String[24];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = " animal " + (i + 1);
        }
        return pieces;
    }
}
