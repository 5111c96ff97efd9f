package dev.snoozy.engine;

import dev.snoozy.engine.run.Evaluator;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that turns texts into vectors, such that texts of like meaning lie near each other.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="embed"}
 *
 * <p>Thread-safe. Whoever loads the model closes it.
 */
public final class EmbeddingModel implements AutoCloseable {
    private final LoadedModel model;
    private final Pooling pooling;

    private EmbeddingModel(LoadedModel model) {
        this.model = model;
        pooling = Pooling.of(model.config());
    }

    /**
     * Loads an encoder, or a decoder tuned for embeddings, from a GGUF file.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.snoozy.format.FormatException if it is not a sound GGUF file
     * @throws ModelException if this version cannot run it, with the reason
     */
    public static EmbeddingModel load(Path file) throws IOException {
        return load(file, LoadOptions.defaults());
    }

    /** Loads a model; see {@link #load(Path)}. */
    public static EmbeddingModel load(Path file, LoadOptions options) throws IOException {
        return of(GgufFile.open(file), options);
    }

    /** The model of an open file, which belongs to the model from now on. */
    public static EmbeddingModel of(GgufFile file, LoadOptions options) {
        LoadedModel model = LoadedModel.of(file, options, false);
        try {
            return new EmbeddingModel(model);
        } catch (ModelException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The vector of a text, of length 1.
     *
     * @return {@code [dimensions]}
     * @throws ModelException if the text does not fit into the context
     */
    public float[] embed(String text) {
        return Pooling.normalize(pool(tokenizer().encode(text, true, false)));
    }

    /** The vectors of some texts, in their order. */
    public List<float[]> embed(List<String> texts) {
        return texts.stream().map(this::embed).toList();
    }

    /**
     * The vector of tokens taken as they are, as the model's pooling gives it, not normalised.
     *
     * @return {@code [dimensions]}
     */
    public float[] pool(int[] tokens) {
        return pooling.apply(tokenEmbeddings(tokens));
    }

    /**
     * The vectors of all tokens before pooling.
     *
     * @return {@code [tokens, dimensions]}
     */
    public List<float[]> tokenEmbeddings(int[] tokens) {
        if (tokens.length == 0) {
            throw new ModelException("the text has no tokens; cure: give at least one character");
        }
        try (Evaluator evaluator = new Evaluator(model.scheduler(), contextLength())) {
            return evaluator.append(tokens, true);
        }
    }

    /** Length of a vector. */
    public int dimensions() {
        return model.config().embedding();
    }

    /** The most tokens of a text. */
    public int contextLength() {
        return model.config().contextLength();
    }

    /** The model's tokenizer. */
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /** What the file says of the model. */
    public Metadata metadata() {
        return model.metadata();
    }

    /** What makes this model slower than it need be, as far as it was met, each with its cure. */
    public List<Cliffs.Report> cliffs() {
        return model.cliffs().all();
    }

    @Override
    public void close() {
        model.close();
    }
}
