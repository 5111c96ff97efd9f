package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Texts and embeddings of every architecture, from the file to the answer. */
class EveryArchitectureApiTest {
    static List<String> decoders() {
        return TinyModel.architectures().stream().filter(n -> !TinyModel.isEncoder(n)).toList();
    }

    static List<String> encoders() {
        return TinyModel.architectures().stream().filter(TinyModel::isEncoder).toList();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aTextGoesOnAndIsTheSameBesideAnother(String name) {
        try (LanguageModel model = Models.load(TinyModel.of(name))) {
            GenerationOptions options = Models.greedy(12);
            Generation alone = model.generate("a quick brown fox", options);
            assertThat(alone.tokens()).hasSizeBetween(1, 12);
            try (TextStream one = model.stream("a quick brown fox", options);
                    TextStream other = model.stream("jumps over", options)) {
                assertThat(one.result().tokens()).isEqualTo(alone.tokens());
                assertThat(other.result().usage().completionTokens()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aTextIsReadBackFromItsTokensAndAConversationGoesThroughTheTemplate(String name) {
        try (LanguageModel model = Models.load(TinyModel.of(name))) {
            Texts.check(model.tokenizer());
            Texts.checkWithoutTemplate(model);
        }
        try (LanguageModel model = Models.loadChat(TinyModel.of(name))) {
            Texts.checkTemplate(model);
            ChatReply reply = model.chat().send("ab cd", Models.greedy(4));
            assertThat(reply.generation().tokens()).hasSizeBetween(1, 4);
        }
    }

    /** The tiny models of the reference data have vocabularies of other kinds. */
    @TestFactory
    Stream<DynamicTest> soItIsWithTheVocabulariesOfTheReferenceData() throws IOException {
        Path folder = Data.shared().resolve("golden").resolve("arch");
        assumeTrue(Files.isDirectory(folder), "no reference data in " + folder);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> models =
                    files.filter(file -> file.toString().endsWith(".gguf.gz")).sorted().toList();
            return models.stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    String.valueOf(file.getFileName()), () -> texts(file)));
        }
    }

    private static void texts(Path file) throws IOException {
        byte[] bytes = Data.read(file);
        try (GgufFile gguf = GgufFile.of(bytes)) {
            if (TinyModel.isEncoder(gguf.metadata().string("general.architecture"))) {
                return; // reads no text back: case and spaces are lost
            }
        }
        LoadOptions options = LoadOptions.defaults().withThreads(1);
        try (LanguageModel model = LanguageModel.of(GgufFile.of(bytes), options)) {
            Texts.check(model.tokenizer());
            Texts.checkWithoutTemplate(model);
        }
        options = options.withChatTemplate(Models.TEMPLATE);
        try (LanguageModel model = LanguageModel.of(GgufFile.of(bytes), options)) {
            Texts.checkTemplate(model);
        }
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void aTextBecomesAVectorOfLengthOne(String name) {
        try (EmbeddingModel model = Models.loadEncoder(TinyModel.of(name))) {
            float[] fox = model.embed("a quick brown fox");
            float[] dog = model.embed("the lazy dog");
            double length = 0;
            for (float value : fox) {
                length += value * value;
            }
            assertThat(length).isCloseTo(1, within(1e-5));
            assertThat(fox).isNotEqualTo(dog);
        }
    }

    /** What holds of the tokenizer and the template of any model. */
    private static final class Texts {
        private static final String PLAIN = "a quick brown fox jumps over the lazy dog";
        private static final String STRANGE = "a  b\n\tc\u00f6 \u4f60\u597d \ud83d\ude00 <s> 12345";
        private static final ChatRequest ASK =
                ChatRequest.of(List.of(ChatMessage.system("be brief"), ChatMessage.user("ab cd")));

        static void check(Tokenizer tokenizer) {
            for (String text : List.of(PLAIN, STRANGE)) {
                int[] tokens = tokenizer.encode(text, false, false);
                assertThat(tokens).isNotEmpty();
                assertThat(tokenizer.decode(tokens)).isEqualTo(text);
            }
        }

        static void checkWithoutTemplate(LanguageModel model) {
            assertThatThrownBy(model::chat)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("no chat template");
            assertThat(model.render(ASK)).isEqualTo("be brief\nab cd");
        }

        static void checkTemplate(LanguageModel model) {
            String prompt = "<s>system be brief</s><s>user ab cd</s><s>assistant";
            assertThat(model.render(ASK)).isEqualTo(prompt);
            int[] tokens = model.tokenizer().encode(prompt, false, true);
            assertThat(model.promptTokens(ASK)) // and before it a BOS, if it has none
                    .hasSizeBetween(tokens.length, tokens.length + 1)
                    .endsWith(tokens);
        }
    }
}
