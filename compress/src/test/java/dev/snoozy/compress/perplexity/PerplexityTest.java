package dev.snoozy.compress.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class PerplexityTest {
    private static final String TEXT = "a few words that mean little to a random model ".repeat(9);
    private static final int CHUNK = 40;

    @TempDir private Path folder;

    @Test
    void aTextIsTokenizedWholeAndEachChunkBeginsWithBos() {
        try (LanguageModel model = load(1)) {
            int[] whole = model.tokenizer().encode(TEXT, true, false);
            TextChunks text = TextChunks.of(model.tokenizer(), TEXT, CHUNK, 0);
            assertThat(text.count()).isEqualTo(whole.length / CHUNK).isGreaterThan(2);
            assertThat(text.firstScored()).isEqualTo(20);
            assertThat(text.scored()).isEqualTo(19);
            int[] second = text.read(1);
            assertThat(second[0]).isEqualTo(model.tokenizer().vocabulary().bos());
            assertThat(Arrays.copyOfRange(second, 1, CHUNK))
                    .isEqualTo(Arrays.copyOfRange(whole, CHUNK + 1, 2 * CHUNK));
            assertThat(text.token(1, 0)).isEqualTo(whole[CHUNK]);
            assertThat(text.first(2).count()).isEqualTo(2);
        }
    }

    @Test
    void aTextThatFillsNoChunkIsRefused() {
        try (LanguageModel model = load(1)) {
            assertThatThrownBy(() -> TextChunks.of(model.tokenizer(), "ab", CHUNK, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one chunk of 40");
        }
    }

    @Test
    void perplexityIsTheExponentialOfTheMeanOverTheSecondHalves() throws IOException {
        try (LanguageModel model = load(1);
                var reading = model.evaluation()) {
            TextChunks text = TextChunks.of(model.tokenizer(), TEXT, CHUNK, 1);
            var rows = reading.append(text.read(0), true);
            double sum = 0;
            for (int i = 20; i < 39; i++) {
                sum -= Math.log(softmax(rows.get(i))[text.token(0, i + 1)]);
            }
            PerplexityResult found = perplexity(model, 1).of(text);
            assertThat(found.tokens()).isEqualTo(19);
            assertThat(found.perplexity().value()).isCloseTo(Math.exp(sum / 19), within(1e-6));
            assertThat(found.running()).containsExactly(found.perplexity().value());
        }
    }

    private static double[] softmax(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double[] p = new double[logits.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i]) / sum;
        }
        return p;
    }

    @Test
    void theNumberOfThreadsChangesNothing() throws IOException {
        PerplexityResult expected = null;
        for (int threads = 1; threads <= 3; threads++) {
            try (LanguageModel model = load(threads);
                    LanguageModel other = load(1)) {
                TextChunks text = TextChunks.of(model.tokenizer(), TEXT, CHUNK, 0);
                PerplexityResult found =
                        perplexity(model, threads).compare(text, new Base.Live(other));
                assertThat(found).isEqualTo(expected == null ? found : expected);
                expected = found;
            }
        }
    }

    @Test
    void aModelDoesNotDivergeFromItself() throws IOException {
        try (LanguageModel model = load(1)) {
            TextChunks text = TextChunks.of(model.tokenizer(), TEXT, CHUNK, 0);
            Divergence live =
                    requireNonNull(
                            perplexity(model, 1).compare(text, new Base.Live(model)).divergence());
            // The base's logarithms are kept as floats.
            assertThat(live.divergence().value()).isCloseTo(0, within(1e-7));
            assertThat(live.sameTop().value()).isEqualTo(1);
            assertThat(live.ratio().value()).isCloseTo(1, within(1e-6));
            Path base = folder.resolve("base.bin");
            PerplexityResult saved = perplexity(model, 1).save(text, base);
            try (LogitsFile file = LogitsFile.open(base)) {
                PerplexityResult read = perplexity(model, 1).compare(text, file);
                assertThat(read.perplexity()).isEqualTo(saved.perplexity());
                // 16 bits of a range of at most 16.
                assertThat(requireNonNull(read.divergence()).divergence().value())
                        .isCloseTo(0, within(1e-6));
                assertThat(requireNonNull(read.divergence()).ratio().value())
                        .isCloseTo(1, within(1e-4));
                assertThat(perplexity(model, 1).textOf(file).tokens()).isEqualTo(text.tokens());
            }
        }
    }

    @Test
    void aBaseOfAnotherTextIsRefused() throws IOException {
        try (LanguageModel model = load(1)) {
            Path base = folder.resolve("base.bin");
            TextChunks text = TextChunks.of(model.tokenizer(), TEXT, CHUNK, 0);
            perplexity(model, 1).save(text, base);
            TextChunks other = TextChunks.of(model.tokenizer(), "other " + TEXT, CHUNK, 0);
            try (LogitsFile file = LogitsFile.open(base)) {
                assertThatThrownBy(() -> perplexity(model, 1).compare(other, file))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("another text");
            }
        }
    }

    @Test
    void aBaseThatIsCutOffOrLiesOfItsSizeIsRefused() throws IOException {
        try (LanguageModel model = load(1)) {
            Path base = folder.resolve("base.bin");
            perplexity(model, 1).save(TextChunks.of(model.tokenizer(), TEXT, CHUNK, 0), base);
            byte[] bytes = Files.readAllBytes(base);
            refused(Arrays.copyOf(bytes, bytes.length - 1), "was its writing cut off");
            refused(Arrays.copyOf(bytes, 12), "begins with _logits_");
            byte[] huge = bytes.clone();
            Arrays.fill(huge, 8, 20, (byte) 0x7f);
            refused(huge, "expected");
            byte[] negative = bytes.clone();
            Arrays.fill(negative, 8, 20, (byte) 0xff);
            refused(negative, "expected more of each");
        }
    }

    private void refused(byte[] bytes, String why) throws IOException {
        Path file = Files.write(folder.resolve("bad.bin"), bytes);
        assertThatThrownBy(() -> LogitsFile.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(why);
    }

    @Test
    void meansErrorsAndQuantilesAreThoseOfTheTextbook() {
        Sample sample = new Sample();
        for (double value : new double[] {4, 1, 3, 2}) {
            sample.add(value);
        }
        assertThat(sample.mean().value()).isEqualTo(2.5);
        // Variance 5/3 of a draw, divided by four draws.
        assertThat(sample.mean().error()).isCloseTo(Math.sqrt(5.0 / 12), within(1e-12));
        assertThat(sample.quantiles(0, 0.5, 1)).containsExactly(1, 2.5, 4);
    }

    private static Perplexity perplexity(LanguageModel model, int threads) {
        return new Perplexity(model, threads, (done, all, value) -> {});
    }

    private static LanguageModel load(int threads) {
        return LanguageModel.of(
                GgufFile.of(TinyModel.llama().bytes()),
                LoadOptions.defaults().withThreads(threads).withCacheType(CacheType.F32));
    }
}
