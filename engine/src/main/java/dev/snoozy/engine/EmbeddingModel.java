package dev.snoozy.engine;

import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.model.RankHead;
import dev.snoozy.engine.run.EmbeddingJob;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.text.tokenizer.SpecialToken;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

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

    private EmbeddingModel(LoadedModel model, Pooling pooling) {
        this.model = model;
        this.pooling = pooling;
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
        return load(file, options, Optional.empty());
    }

    /**
     * Loads a model; see {@link #load(Path)}.
     *
     * @param pooling instead of what the file says
     */
    public static EmbeddingModel load(Path file, LoadOptions options, Optional<Pooling> pooling)
            throws IOException {
        return of(GgufFile.open(file), options, pooling);
    }

    /** The model of an open file, which belongs to the model from now on. */
    public static EmbeddingModel of(GgufFile file, LoadOptions options) {
        return of(file, options, Optional.empty());
    }

    /** As {@link #of(GgufFile, LoadOptions)}, with a pooling instead of what the file says. */
    public static EmbeddingModel of(GgufFile file, LoadOptions options, Optional<Pooling> wanted) {
        Pooling pooling;
        try {
            pooling = wanted.orElseGet(() -> Pooling.of(ModelConfig.of(file.metadata(), 0)));
        } catch (FormatException | ModelException e) {
            file.close();
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
        LoadedModel model =
                pooling == Pooling.RANK
                        ? LoadedModel.ranker(file, options)
                        : LoadedModel.of(file, options, false);
        return new EmbeddingModel(model, pooling);
    }

    /**
     * The vector of a text, of length 1.
     *
     * @return {@code [dimensions]}
     * @throws ContextExceededException if the text does not fit into the context
     */
    public float[] embed(String text) {
        return embed(List.of(text)).getFirst();
    }

    /** The vectors of some texts, in their order. They are computed together. */
    public List<float[]> embed(List<String> texts) {
        return embed(texts, EmbeddingOptions.defaults());
    }

    /**
     * The vectors of some texts, in their order. They are computed together, and each is what it
     * would be alone.
     *
     * @return {@code [texts, dimensions]}
     * @throws ContextExceededException if a text does not fit into the context
     * @throws ModelException if the model has fewer dimensions than are asked for, or no words are
     *     known for the kind of the texts
     */
    public List<float[]> embed(List<String> texts, EmbeddingOptions options) {
        return embedTokens(texts.stream().map(t -> tokens(t, options.kind())).toList(), options);
    }

    /**
     * The vectors of texts that are given as tokens, taken as they are; else as {@link #embed(List,
     * EmbeddingOptions)}.
     */
    public List<float[]> embedTokens(List<int[]> texts, EmbeddingOptions options) {
        requirePooling();
        int most = options.dimensions();
        if (most > dimensions()) {
            throw new ModelException(
                    "dimensions: expected at most "
                            + dimensions()
                            + ", as many as a vector of this model has, found "
                            + most);
        }
        return run(texts, pooling.rows(), states -> finish(pooling.apply(states), options));
    }

    private void requirePooling() {
        if (pooling == Pooling.NONE || pooling == Pooling.RANK) {
            throw new ModelException(
                    "pooling "
                            + pooling.name().toLowerCase(Locale.ROOT)
                            + ": expected one that makes a vector of a text; cure: mean, cls or"
                            + " last");
        }
    }

    private static float[] finish(float[] vector, EmbeddingOptions options) {
        int most = options.dimensions();
        float[] kept = most == 0 ? vector : Arrays.copyOf(vector, most);
        return options.normalize() ? Pooling.normalize(kept) : kept;
    }

    /**
     * The tokens of a text with what the model expects around it.
     *
     * @throws ModelException if the kind is not {@link TextKind#NONE} and no words are known that
     *     this model wants before such texts
     */
    public int[] tokens(String text, TextKind kind) {
        return tokenizer().encode(prefix(kind) + text, true, false);
    }

    /**
     * The words that this model wants before a text of a kind.
     *
     * @throws ModelException if none are known, not even that there are none
     */
    public String prefix(TextKind kind) {
        if (kind == TextKind.NONE) {
            return "";
        }
        return TextPrefixes.of(metadata())
                .orElseThrow(() ->
                        new ModelException(
                                "no words are known that "
                                        + metadata().string("general.name", "this model")
                                        + " wants before a query or a document; cure: put them"
                                        + " before the text, if there are any"))
                .before(kind);
    }

    /**
     * The vector of tokens taken as they are, as the model's pooling gives it, not normalised.
     *
     * @return {@code [dimensions]}
     */
    public float[] pool(int[] tokens) {
        return embedTokens(List.of(tokens), EmbeddingOptions.defaults().withNormalize(false))
                .getFirst();
    }

    /**
     * The vectors of all tokens before pooling.
     *
     * @return {@code [tokens, dimensions]}
     */
    public List<float[]> tokenEmbeddings(int[] tokens) {
        return tokenEmbeddings(List.of(tokens)).getFirst();
    }

    /**
     * The vectors of all tokens of some texts before pooling.
     *
     * @return {@code [texts, tokens, dimensions]}
     */
    public List<List<float[]>> tokenEmbeddings(List<int[]> texts) {
        if (pooling == Pooling.RANK) {
            requirePooling();
        }
        return run(texts, EmbeddingJob.Rows.ALL, List::copyOf);
    }

    /**
     * How well documents answer a query, as the head of the model judges each pair.
     *
     * @return a logit for each document, in their order; the higher, the better
     * @throws ContextExceededException if a pair does not fit into the context
     * @throws ModelException if the pooling is not {@link Pooling#RANK}
     */
    public float[] rank(String query, List<String> documents) {
        if (pooling != Pooling.RANK) {
            throw new ModelException(
                    "the model judges no pairs: expected the pooling rank, found "
                            + pooling.name().toLowerCase(Locale.ROOT));
        }
        RankHead head = model.rankHead().orElseThrow();
        List<int[]> pairs = documents.stream().map(document -> pair(query, document)).toList();
        List<Float> scores =
                run(pairs, EmbeddingJob.Rows.FIRST, states -> head.score(states.getFirst()));
        float[] result = new float[scores.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = scores.get(i);
        }
        return result;
    }

    /**
     * The tokens of a pair, in the manner of RoBERTa: beginning, query, end, separator, document,
     * end.
     */
    public int[] pair(String query, String document) {
        int begin = special(SpecialToken.BOS, SpecialToken.CLASSIFICATION);
        int end = special(SpecialToken.EOS, SpecialToken.SEPARATOR);
        int separator = special(SpecialToken.SEPARATOR, SpecialToken.EOS);
        IntStream.Builder tokens = IntStream.builder();
        tokens.add(begin);
        Arrays.stream(tokenizer().encode(query, false, false)).forEach(tokens);
        tokens.add(end).add(separator);
        Arrays.stream(tokenizer().encode(document, false, false)).forEach(tokens);
        tokens.add(end);
        return tokens.build().toArray();
    }

    private int special(SpecialToken part, SpecialToken otherwise) {
        Vocabulary vocabulary = tokenizer().vocabulary();
        int token = vocabulary.special(part);
        token = token >= 0 ? token : vocabulary.special(otherwise);
        if (token < 0) {
            throw new ModelException(
                    "the vocabulary has no token for "
                            + part
                            + ", which pairs of texts need; cure: convert the model again");
        }
        return token;
    }

    private <T> List<T> run(
            List<int[]> texts, EmbeddingJob.Rows rows, Function<List<float[]>, T> make) {
        for (int i = 0; i < texts.size(); i++) {
            require(texts.get(i), i, texts.size());
        }
        return EmbeddingJob.runAll(
                model.scheduler(),
                texts.stream().map(tokens -> new EmbeddingJob<>(tokens, rows, make)).toList());
    }

    private void require(int[] tokens, int index, int count) {
        String which = count == 1 ? "the text" : "text " + (index + 1) + " of " + count;
        if (tokens.length == 0) {
            throw new ModelException(which + " has no tokens; cure: give at least one character");
        }
        if (tokens.length > contextLength()) {
            throw new ContextExceededException(
                    which
                            + " has "
                            + tokens.length
                            + " tokens, which is too large: the context has room for "
                            + contextLength()
                            + "; cure: a shorter text or a larger context length",
                    tokens.length,
                    contextLength());
        }
        int size = tokenizer().vocabulary().size();
        for (int token : tokens) {
            if (token < 0 || token >= size) {
                throw new ModelException("token " + token + ": expected 0 to " + (size - 1));
            }
        }
    }

    /** How vectors of texts are made of those of tokens. */
    public Pooling pooling() {
        return pooling;
    }

    /** What the model is at. */
    public SchedulerStatistics statistics() {
        return model.scheduler().statistics();
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
