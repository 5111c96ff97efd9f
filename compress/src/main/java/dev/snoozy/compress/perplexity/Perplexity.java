package dev.snoozy.compress.perplexity;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.AtomicFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a model foresees a text, and how far it is from another model. The text is cut as {@link
 * TextChunks} says; of each chunk the second half is scored, when the model has read the first.
 *
 * <p>Used by one thread.
 */
public final class Perplexity {
    /** Scores of so many bytes are on their way at a time, of each model. */
    private static final long BYTES_AT_ONCE = 64L << 20;

    private static final int MOST_ROWS = 256;

    private final LanguageModel model;
    private final int threads;
    private final Listener listener;

    /** Is told how it goes, after each chunk. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A chunk was scored.
         *
         * @param done chunks so far
         * @param perplexity of these
         */
        void scored(int done, int chunks, double perplexity);
    }

    /** Gives the base's part of the work on some rows of a chunk. */
    @FunctionalInterface
    private interface Companion {
        /**
         * The base's logarithms of probabilities for each row, or an empty list without a base.
         *
         * @param first of the chunk's scored tokens
         */
        List<float[]> rows(int chunk, int first, List<Scores> rows) throws IOException;
    }

    /**
     * For a model.
     *
     * @param threads that turn scores into probabilities
     */
    public Perplexity(LanguageModel model, int threads, Listener listener) {
        this.model = model;
        this.threads = threads;
        this.listener = listener;
    }

    /** The perplexity of a text. */
    public PerplexityResult of(TextChunks text) throws IOException {
        return run(text, (chunk, first, rows) -> List.of());
    }

    /**
     * The perplexity of a text; the logits are written into a file, as a base to compare others
     * with. The file is there as a whole or not at all.
     */
    public PerplexityResult save(TextChunks text, Path target) throws IOException {
        List<PerplexityResult> result = new ArrayList<>();
        AtomicFile.write(
                target,
                channel -> {
                    LogitsWriter writer = new LogitsWriter(channel, vocabulary(model));
                    writer.begin(text);
                    result.add(
                            run(
                                    text,
                                    (chunk, first, rows) -> {
                                        for (Scores scores : rows) {
                                            writer.row(scores);
                                        }
                                        return List.of();
                                    }));
                });
        return result.getFirst();
    }

    /** What the model says of a text, as a base to compare others with. */
    public Base.Kept keep(TextChunks text) throws IOException {
        List<float[]> kept = new ArrayList<>();
        PerplexityResult own =
                run(
                        text,
                        (chunk, first, rows) -> {
                            rows.forEach(scores -> kept.add(scores.logProbabilities()));
                            return List.of();
                        });
        return new Base.Kept(kept, own);
    }

    /** The text that the base in a file has read. */
    public TextChunks textOf(LogitsFile base) {
        return base.text(TextChunks.bosOf(model.tokenizer()));
    }

    /**
     * The perplexity of a text, and the divergence from a base.
     *
     * @throws ModelException if the base has another vocabulary, or has read another text
     */
    public PerplexityResult compare(TextChunks text, Base base) throws IOException {
        return switch (base) {
            case LogitsFile file -> compare(text, file);
            case Base.Kept kept -> compare(text, kept);
            case Base.Live live -> compare(text, live.model());
        };
    }

    private PerplexityResult compare(TextChunks text, LogitsFile file) throws IOException {
        requireVocabulary(file.vocabulary());
        int[] tokens = text.tokens();
        int[] base = textOf(file).tokens();
        if (text.size() != file.chunkSize()
                || tokens.length > base.length
                || !Arrays.equals(tokens, Arrays.copyOf(base, tokens.length))) {
            throw new ModelException(
                    "the base's logits are of another text, chunk size ("
                            + file.chunkSize()
                            + " tokens) or tokenizer; cure: leave out the text and the chunk size,"
                            + " which the file of the base has");
        }
        return run(
                text,
                (chunk, first, rows) -> {
                    List<float[]> logs = new ArrayList<>();
                    long row = (long) chunk * text.scored() + first;
                    for (int i = 0; i < rows.size(); i++) {
                        logs.add(file.logProbabilities(row + i));
                    }
                    return logs;
                });
    }

    private PerplexityResult compare(TextChunks text, Base.Kept base) throws IOException {
        if (base.rows().size() != text.count() * text.scored()) {
            throw new ModelException(
                    "the base has %d scored tokens, the text %d; expected the same text"
                            .formatted(base.rows().size(), text.count() * text.scored()));
        }
        return run(
                text,
                (chunk, first, rows) -> {
                    int row = chunk * text.scored() + first;
                    return base.rows().subList(row, row + rows.size());
                });
    }

    private PerplexityResult compare(TextChunks text, LanguageModel base) throws IOException {
        requireVocabulary(vocabulary(base));
        try (Reader reader = new Reader(base, text)) {
            return run(
                    text,
                    (chunk, first, rows) ->
                            reader.rows(chunk, first, rows.size()).stream()
                                    .map(logits -> new Scores(logits).logProbabilities())
                                    .toList());
        }
    }

    private void requireVocabulary(int size) {
        if (size != vocabulary(model)) {
            throw new ModelException(
                    "the base has a vocabulary of "
                            + size
                            + " tokens, the model one of "
                            + vocabulary(model)
                            + "; expected two forms of one model");
        }
    }

    private PerplexityResult run(TextChunks text, Companion companion) throws IOException {
        Sample nll = new Sample();
        List<Comparison> compared = new ArrayList<>();
        List<Double> running = new ArrayList<>();
        int atOnce = (int) Math.clamp(BYTES_AT_ONCE / (4L * vocabulary(model)), 1, MOST_ROWS);
        try (Reader reader = new Reader(model, text);
                Team team = new Team(threads)) {
            for (int chunk = 0; chunk < text.count(); chunk++) {
                for (int first = 0; first < text.scored(); first += atOnce) {
                    int count = Math.min(atOnce, text.scored() - first);
                    List<float[]> logits = reader.rows(chunk, first, count);
                    List<Scores> rows = team.each(count, i -> new Scores(logits.get(i)));
                    int next = text.firstScored() + first + 1;
                    for (int i = 0; i < count; i++) {
                        nll.add(-rows.get(i).logProbability(text.token(chunk, next + i)));
                    }
                    List<float[]> base = companion.rows(chunk, first, rows);
                    int c = chunk;
                    compared.addAll(
                            team.each(
                                    base.size(),
                                    i ->
                                            Comparison.of(
                                                    rows.get(i),
                                                    base.get(i),
                                                    text.token(c, next + i))));
                }
                running.add(Math.exp(nll.mean().value()));
                listener.scored(chunk + 1, text.count(), running.getLast());
            }
        }
        return new PerplexityResult(
                text.size(),
                nll.size(),
                running,
                estimate(nll),
                compared.isEmpty() ? null : Divergence.of(compared));
    }

    private static int vocabulary(LanguageModel model) {
        return model.tokenizer().vocabulary().size();
    }

    /** The perplexity of tokens with these negative logarithms of their probabilities. */
    static Estimate estimate(Sample nll) {
        Estimate mean = nll.mean();
        double perplexity = Math.exp(mean.value());
        return mean.map(perplexity, perplexity);
    }
}
