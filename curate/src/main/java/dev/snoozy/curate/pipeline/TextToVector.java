package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.map.TermTable;
import dev.snoozy.curate.map.TextVectors;
import dev.snoozy.curate.vectors.Vectors;
import dev.snoozy.engine.EmbeddingModel;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Vectors of texts: from a model, or from a table of terms. Closed by who made it. */
interface TextToVector extends AutoCloseable {
    /**
     * Adds the vectors of some texts.
     *
     * @param row the first of them
     */
    void fill(List<String> texts, Vectors vectors, int row);

    int width();

    @Override
    void close();

    /** By an embedding model in GGUF, which cuts texts that are too long for it. */
    static TextToVector of(Path model) throws IOException {
        EmbeddingModel loaded = EmbeddingModel.load(model);
        return new TextToVector() {
            @Override
            public void fill(List<String> texts, Vectors vectors, int row) {
                List<String> cut = new ArrayList<>();
                // A token is a character or more, but for rare signs: then the model says so.
                texts.forEach(
                        t -> cut.add(t.substring(0, Math.min(t.length(), loaded.contextLength()))));
                List<float[]> found = loaded.embed(cut);
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
