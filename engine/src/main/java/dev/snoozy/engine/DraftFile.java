package dev.snoozy.engine;

import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.run.BatchPlan;
import dev.snoozy.engine.run.DraftModel;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.Fit;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The file of a model that guesses for another, and the model. */
record DraftFile(GgufFile file, DraftModel model) implements AutoCloseable {
    /**
     * Opens and binds it, over the kernels of the model that it guesses for.
     *
     * @param tokenizer of that model
     * @throws ModelException if it is no decoder, cannot go back, or has another vocabulary
     */
    static DraftFile open(
            Speculation.DraftModel wanted,
            LoadOptions options,
            Tokenizer tokenizer,
            Kernels kernels) {
        Path path = wanted.file();
        GgufFile file;
        try {
            file = GgufFile.open(path);
        } catch (IOException e) {
            throw new ModelException("draft model: cannot read " + e.getMessage(), e);
        } catch (FormatException e) {
            throw new ModelException("draft model " + path + ": " + e.getMessage(), e);
        }
        try {
            return new DraftFile(file, bind(file, options, tokenizer, kernels));
        } catch (ModelException | FormatException | TextException | IllegalArgumentException e) {
            file.close();
            throw new ModelException("draft model " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static DraftModel bind(
            GgufFile file, LoadOptions options, Tokenizer tokenizer, Kernels kernels) {
        Metadata metadata = file.metadata();
        Architecture.requireKnown(file);
        ModelConfig config = ModelConfig.of(metadata, 0);
        Vocabulary vocabulary = Tokenizer.of(metadata).vocabulary();
        requireSame(tokenizer.vocabulary(), vocabulary);
        Architecture.Bound bound = Architecture.bind(file, config, kernels);
        Transformer network = bound.network();
        CachePlan plan = network.cachePlan();
        if (!plan.causal() || plan.isRecurrent()) {
            throw new ModelException(
                    "expected a model that predicts the next token and can go back behind a wrong"
                            + " guess, found "
                            + config.architecture());
        }
        List<Tensor> weights = List.copyOf(bound.multiplied().values());
        MemoryNeed need =
                MemoryNeed.of(metadata, file.tensors(), kernels.memory(options.remembered()));
        OptionalLong available = AvailableMemory.here();
        MemoryLimits limits = new MemoryLimits(available, Long.MAX_VALUE, 0);
        Fit fit = need.at(need.usual(config.contextLength()), limits);
        if (WeightLoading.run(kernels, weights, options, fit, available)) {
            file.giveBack();
        }
        CacheBudget budget = new CacheBudget(options.cacheMemory(), 0);
        Memory memory =
                new Memory(kernels, plan, options.remembered(), BatchPlan.MOST_ROWS, budget);
        int size = Math.min(vocabulary.size(), tokenizer.vocabulary().size());
        return new DraftModel(kernels, network, memory, vocabulary, size, config.contextLength());
    }

    /**
     * Tables are padded to different sizes within a family: the shorter has to be the beginning.
     */
    private static void requireSame(Vocabulary expected, Vocabulary found) {
        int both = Math.min(expected.size(), found.size());
        for (int token = 0; token < both; token++) {
            if (!expected.piece(token).equals(found.piece(token))) {
                throw otherVocabulary(
                        "token " + token + " \"" + expected.piece(token) + "\"",
                        "\"" + found.piece(token) + "\"");
            }
        }
        if (found.size() < expected.size() / 2) {
            throw otherVocabulary(expected.size() + " tokens", String.valueOf(found.size()));
        }
    }

    private static ModelException otherVocabulary(String expected, String found) {
        return new ModelException(
                "expected the vocabulary of the model, with "
                        + expected
                        + ", found "
                        + found
                        + "; cure: a smaller model of the same family");
    }

    @Override
    public void close() {
        model.close();
        file.close();
    }
}
