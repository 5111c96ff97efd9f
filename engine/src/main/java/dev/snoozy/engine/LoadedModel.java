package dev.snoozy.engine;

import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.model.RankHead;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.run.Scheduler;
import dev.snoozy.engine.run.Speculator;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.Fit;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ObservedKernels;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.IntToLongFunction;

/**
 * What language and embedding models share: file, tokenizer, network and scheduler. Closed by its
 * owner, in the order in which the parts depend on each other.
 */
final class LoadedModel implements AutoCloseable {
    /** What comes out for a token. */
    private enum Results {
        SCORES,
        STATES,
        RANK
    }

    private static final String TOKEN_TABLE = "token_embd.weight";

    private final GgufFile file;
    private final Tokenizer tokenizer;
    private final ModelConfig config;
    private final Scheduler scheduler;
    private final Adapters adapters;
    private final String kernels;
    private final Cliffs cliffs;
    private final Optional<RankHead> rankHead;
    private final String chatTemplate;
    private final IntToLongFunction memory;
    private final @Nullable DraftFile draft;

    private LoadedModel(
            GgufFile file,
            Tokenizer tokenizer,
            ModelConfig config,
            Scheduler scheduler,
            Adapters adapters,
            String kernels,
            Cliffs cliffs,
            Optional<RankHead> rankHead,
            String chatTemplate,
            IntToLongFunction memory,
            @Nullable DraftFile draft) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.config = config;
        this.scheduler = scheduler;
        this.adapters = adapters;
        this.kernels = kernels;
        this.cliffs = cliffs;
        this.rankHead = rankHead;
        this.chatTemplate = chatTemplate;
        this.memory = memory;
        this.draft = draft;
    }

    /**
     * Binds a file. It belongs to the model then, and is closed if this fails.
     *
     * @param decoder whether the results are scores of the next token, or states
     */
    static LoadedModel of(GgufFile file, LoadOptions options, boolean decoder) {
        return of(file, options, decoder, LoadedModel::fastest);
    }

    /** Binds the file of a model that judges pairs: its head makes the results. */
    static LoadedModel ranker(GgufFile file, LoadOptions options) {
        return of(file, options, Results.RANK, LoadedModel::fastest);
    }

    /** Binds a file to kernels that somebody else chooses. */
    static LoadedModel of(
            GgufFile file,
            LoadOptions options,
            boolean decoder,
            Function<LoadOptions, Kernels> choice) {
        return of(file, options, decoder ? Results.SCORES : Results.STATES, choice);
    }

    private static LoadedModel of(
            GgufFile file,
            LoadOptions options,
            Results results,
            Function<LoadOptions, Kernels> choice) {
        LoadedModel model;
        try {
            model = bind(file, options, results, choice);
        } catch (FormatException | TextException | IllegalArgumentException e) {
            file.close();
            throw new ModelException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
        return withAdapters(model, options);
    }

    private static LoadedModel bind(
            GgufFile file,
            LoadOptions options,
            Results results,
            Function<LoadOptions, Kernels> choice) {
        Metadata metadata = file.metadata();
        Architecture.requireKnown(file);
        ModelConfig config = ModelConfig.of(metadata, options.contextLength());
        Tokenizer tokenizer = Tokenizer.of(metadata);
        requireRowForEachToken(file, tokenizer.vocabulary().size());
        Kernels kernels = choice.apply(options);
        DraftFile draft = null;
        try {
            kernels.cliffs().tell(options.listener()::slow);
            reportThreads(options.threads(), kernels.cliffs());
            Architecture.Bound bound = Architecture.bind(file, config, kernels);
            Transformer network = bound.network();
            boolean causal = network.cachePlan().causal();
            if (results == Results.SCORES && !causal) {
                throw new ModelException(
                        config.architecture()
                                + " is an encoder and predicts no next token; cure: use it as an"
                                + " embedding model");
            }
            if (results != Results.SCORES && !options.adapters().isEmpty()) {
                throw new ModelException(
                        "adapters: expected none, since embedding models take none in this"
                                + " version, found "
                                + options.adapters().size());
            }
            refuseSpeculation(options, results, network);
            if (kernels instanceof ObservedKernels observed) {
                observed.name(bound.weights());
            }
            List<Tensor> weights = List.copyOf(bound.multiplied().values());
            MemoryNeed need =
                    MemoryNeed.of(metadata, file.tensors(), kernels.memory(options.remembered()));
            OptionalLong available = AvailableMemory.here();
            MemoryLimits limits =
                    new MemoryLimits(available, options.cacheMemory(), options.prefixMemory());
            options.listener().memory(need, limits, config.contextLength());
            Fit fit = fit(need, config.contextLength(), available);
            boolean packed = WeightLoading.run(kernels, weights, options, fit, available);
            if (packed) {
                file.giveBack(); // the header, and vectors that were copied
            }
            if (options.speculation() instanceof Speculation.DraftModel wanted) {
                draft = DraftFile.open(wanted, options, tokenizer, kernels);
            }
            Scheduler scheduler =
                    new Scheduler(
                            kernels,
                            network,
                            output(network, results, config),
                            options.remembered(),
                            new CacheBudget(
                                    options.cacheMemory(), prefixes(options, fit, available)),
                            speculator(options, draft, kernels));
            if (packed && causal && kernels.warmUpPays()) { // mapped: a token reads the file
                WarmUp.run(scheduler, config.contextLength());
                scheduler.forgetWork();
            }
            return new LoadedModel(
                    file,
                    tokenizer,
                    config,
                    scheduler,
                    new Adapters(config.architecture(), bound, kernels, scheduler),
                    what(kernels, options),
                    kernels.cliffs(),
                    network.rankHead(),
                    options.chatTemplate(),
                    tokens -> need.at(tokens, MemoryLimits.NONE).total(),
                    draft);
        } catch (RuntimeException | Error e) {
            if (draft != null) {
                draft.close();
            }
            kernels.close();
            throw e;
        }
    }

    /** Refuses speculation where there is nothing to guess, or no way back from a wrong guess. */
    private static void refuseSpeculation(
            LoadOptions options, Results results, Transformer network) {
        if (options.speculation().tokens() == 0) {
            return;
        }
        if (results != Results.SCORES) {
            throw new ModelException(
                    "speculation: an embedding model writes no text; cure: without it");
        }
        if (network.cachePlan().isRecurrent()) {
            throw new ModelException(
                    "speculation: expected a model that can go back behind a wrong guess, found"
                            + " recurrent layers, whose state cannot; cure: without speculation");
        }
    }

    private static @Nullable Speculator speculator(
            LoadOptions options, @Nullable DraftFile draft, Kernels kernels) {
        int tokens = options.speculation().tokens();
        if (draft != null) {
            return Speculator.model(draft.model(), tokens, kernels.cliffs());
        }
        return tokens == 0 ? null : Speculator.lookup(tokens, kernels.cliffs());
    }

    private static Scheduler.Output output(
            Transformer network, Results results, ModelConfig config) {
        return switch (results) {
            case SCORES -> network::logits;
            case STATES -> (batch, hidden) -> hidden;
            case RANK -> {
                RankHead head =
                        network.rankHead()
                                .orElseThrow(() ->
                                        new ModelException(
                                                "pooling rank: expected a model that judges pairs,"
                                                        + " with a tensor cls.weight; found "
                                                        + config.architecture()
                                                        + " without one; cure: another pooling"));
                yield (batch, hidden) -> head.dense(batch.kernels(), hidden);
            }
        };
    }

    /** A model with the adapters of the options in use; if that fails it is closed. */
    private static LoadedModel withAdapters(LoadedModel model, LoadOptions options) {
        try {
            List<AdapterUse> uses = new ArrayList<>();
            for (AdapterSource source : options.adapters()) {
                uses.add(model.adapters.add(source.file()).scaled(source.scale()));
            }
            model.adapters.use(uses);
            return model;
        } catch (IOException e) {
            model.close();
            throw new ModelException("adapter: cannot read " + e.getMessage(), e);
        } catch (FormatException e) {
            model.close();
            throw new ModelException("adapter: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** The fastest kernels of this machine. */
    static Kernels fastest(LoadOptions options) {
        return Kernels.create(options.threads(), options.precision());
    }

    private static String what(Kernels kernels, LoadOptions options) {
        return kernels.description() + ", KV cache " + options.remembered();
    }

    /** A text as it is reckoned with; how much of the memory is for caches does not matter yet. */
    private static Fit fit(MemoryNeed need, int contextLength, OptionalLong available) {
        return need.at(need.usual(contextLength), new MemoryLimits(available, Long.MAX_VALUE, 0));
    }

    /**
     * What may be remembered of texts that have ended: no more than is free beside the model, but
     * always one text, since its pages were there when it was in progress.
     */
    static long prefixes(LoadOptions options, Fit fit, OptionalLong available) {
        if (available.isEmpty()) {
            return options.prefixMemory();
        }
        long free = available.getAsLong() - fit.needed();
        return Math.min(options.prefixMemory(), Math.max(free, fit.kvCache()));
    }

    private static void reportThreads(int threads, Cliffs cliffs) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads > processors) {
            cliffs.report(
                    PerformanceCliff.OVERSUBSCRIBED,
                    threads + " threads, processors " + processors);
        }
    }

    private static void requireRowForEachToken(GgufFile file, int vocabulary) {
        TensorInfo table = file.tensor(TOKEN_TABLE);
        if (table != null && table.shape().size() == 2 && table.shape().get(1) != vocabulary) {
            throw new ModelException(
                    "tensor "
                            + TOKEN_TABLE
                            + ": expected a row for each of the "
                            + vocabulary
                            + " tokens of the vocabulary, found "
                            + table.shape().get(1)
                            + "; cure: convert the model again");
        }
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Metadata metadata() {
        return file.metadata();
    }

    ModelConfig config() {
        return config;
    }

    /** The chat template that the caller gave; "" for that of the file. */
    String chatTemplate() {
        return chatTemplate;
    }

    /** The head that judges pairs of texts, if there is one. */
    Optional<RankHead> rankHead() {
        return rankHead;
    }

    /** Bytes for running with a text of so many tokens. */
    long memory(int tokens) {
        return memory.applyAsLong(tokens);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Adapters adapters() {
        return adapters;
    }

    String kernels() {
        return kernels;
    }

    Cliffs cliffs() {
        return cliffs;
    }

    @Override
    public void close() {
        scheduler.close();
        if (draft != null) {
            draft.file().close();
        }
        file.close();
    }
}
