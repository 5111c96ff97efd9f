package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.map.TermTable;
import dev.snoozy.curate.map.TextVectors;
import dev.snoozy.curate.vectors.Vectors;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextKind;
import dev.snoozy.format.FormatException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors of texts: from a model, or from a table of terms. Closed by who made it. */
interface TextToVector extends AutoCloseable {
    /** Characters of a token that nobody exceeds in more than a few: the rest need not be read. */
    int LONGEST_TOKEN = 32;

    /**
     * Adds the vectors of some texts.
     *
     * @param row the first of them
     */
    void fill(List<String> texts, Vectors vectors, int row);

    int width();

    @Override
    void close();

    /**
     * By a model in GGUF, of a text as much as the model reads. A model that is made for something
     * else gives the mean of what it makes of the tokens.
     *
     * @throws IOException if it cannot be read, or makes no vectors
     */
    static TextToVector of(Path model) throws IOException {
        EmbeddingModel loaded;
        try {
            loaded = EmbeddingModel.load(model);
        } catch (FormatException | ModelException e) {
            throw unusable(model, e);
        }
        try {
            loaded.embed("a");
        } catch (ModelException e) {
            loaded.close();
            throw unusable(model, e);
        }
        return new TextToVector() {
            @Override
            public void fill(List<String> texts, Vectors vectors, int row) {
                List<int[]> tokens = new ArrayList<>();
                for (String text : texts) {
                    tokens.add(tokens(loaded, text));
                }
                List<float[]> found = loaded.embedTokens(tokens, EmbeddingOptions.defaults());
                for (int i = 0; i < found.size(); i++) {
                    copy(found.get(i), vectors, row + i);
                }
            }

            @Override
            public int width() {
                return loaded.dimensions();
            }

            @Override
            public void close() {
                loaded.close();
            }
        };
    }

    private static IOException unusable(Path model, RuntimeException e) {
        return new IOException(
                "semantic: the model "
                        + model.getFileName()
                        + " makes no vectors: "
                        + e.getMessage(),
                e);
    }

    /** The tokens of a text, the first of them if there are too many, and the closing one. */
    private static int[] tokens(EmbeddingModel model, String text) {
        int most = model.contextLength();
        int characters = (int) Math.min(text.length(), (long) most * LONGEST_TOKEN);
        int[] all = model.tokens(text.substring(0, characters), TextKind.NONE);
        if (all.length <= most) {
            return all;
        }
        int[] first = Arrays.copyOf(all, most);
        int last = all[all.length - 1];
        if (model.tokenizer().vocabulary().isControl(last)) {
            first[most - 1] = last;
        }
        return first;
    }

    /** By words and pairs of words. */
    static TextToVector of(TermTable table) {
        TextVectors made = new TextVectors(table);
        return new TextToVector() {
            @Override
            public void fill(List<String> texts, Vectors vectors, int row) {
                for (int i = 0; i < texts.size(); i++) {
                    copy(made.vector(texts.get(i)), vectors, row + i);
                }
            }

            @Override
            public int width() {
                return TextVectors.WIDTH;
            }

            @Override
            public void close() {}
        };
    }

    /** The table that an earlier run left. */
    static TermTable table(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return TermTable.read(in);
        }
    }

    private static void copy(float[] from, Vectors to, int row) {
        double sum = 0;
        for (float value : from) {
            sum += (double) value * value;
        }
        float scale = sum == 0 ? 0 : (float) (1 / Math.sqrt(sum));
        for (int i = 0; i < from.length; i++) {
            to.values()[row * to.width() + i] = from[i] * scale;
        }
    }
}
