package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

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
}
