package dev.snoozy.engine;

import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.run.Evaluator;
import dev.snoozy.engine.run.GenerationJob;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ObservedKernels;
import dev.snoozy.kernels.ProductObserver;
import dev.snoozy.text.TextException;
import dev.snoozy.text.chat.ChatFormat;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A language model, ready to write.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="generate"}
 *
 * <p>Thread-safe: any number of threads may generate at the same time; their tokens are computed
 * together, and each gets what it would have got alone. Whoever loads the model closes it, which
 * ends what is in progress with an error. The file must not change while the model is open.
 */
public final class LanguageModel implements AutoCloseable {
    private static final String TEMPLATE_KEY = "tokenizer.chat_template";

    private final LoadedModel model;
    private @Nullable ChatPrompt chatPrompt; // guarded by this

    LanguageModel(LoadedModel model) {
        this.model = model;
    }

    /**
     * Loads a GGUF file, or all shards of a split one from its first.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.snoozy.format.FormatException if it is not a sound GGUF file
     * @throws ModelException if this version cannot run it, with the reason
     */
    public static LanguageModel load(Path file) throws IOException {
        return load(file, LoadOptions.defaults());
    }

    /** Loads a GGUF file; see {@link #load(Path)}. */
    public static LanguageModel load(Path file, LoadOptions options) throws IOException {
        return of(GgufFile.open(file), options);
    }

    /** The model of an open file, which belongs to the model from now on. */
    public static LanguageModel of(GgufFile file, LoadOptions options) {
        return new LanguageModel(LoadedModel.of(file, options, true));
    }

    /** The architectures that can be run, by their names in GGUF, sorted. */
    public static List<String> architectures() {
        return Architecture.names();
    }

    /**
     * The model of an open file, with somebody who sees what its weights are multiplied with: for
     * measuring. Slower, and otherwise as {@link #of}.
     */
    public static LanguageModel observed(
            GgufFile file, LoadOptions options, ProductObserver observer) {
        return new LanguageModel(
                LoadedModel.of(
                        file,
                        options,
                        true,
                        o -> new ObservedKernels(LoadedModel.fastest(o), observer)));
    }

    /**
     * The model of an open file on the scalar kernels that judge all others: for checking. Very
     * slow, and otherwise as {@link #of}.
     */
    public static LanguageModel reference(GgufFile file, LoadOptions options) {
        return new LanguageModel(
                LoadedModel.of(file, options, true, o -> Kernels.reference(o.threads())));
    }

    /**
     * Continues a text.
     *
     * @param prompt read as plain text: the names of control tokens in it have no effect
     * @throws ModelException if the prompt does not fit into the context
     */
    public Generation generate(String prompt, GenerationOptions options) {
        try (TextStream stream = stream(prompt, options)) {
            return stream.result();
        }
    }

    /**
     * Continues a text and hands over each piece as it comes, on the caller's thread.
     *
     * @param onText an exception it throws ends the generation and comes out of this method
     */
    public Generation generate(String prompt, GenerationOptions options, Consumer<String> onText) {
        try (TextStream stream = stream(prompt, options)) {
            stream.forEach(onText);
            return stream.result();
        }
    }

    /** Starts to continue a text and returns at once. Close the stream. */
    public TextStream stream(String prompt, GenerationOptions options) {
        return stream(tokenizer().encode(prompt, true, false), options);
    }

    /** Starts to continue tokens, taken as they are, and returns at once. Close the stream. */
    public TextStream stream(int[] prompt, GenerationOptions options) {
        int context = contextLength();
        if (prompt.length >= context) {
            throw new ContextExceededException(
                    "the prompt has "
                            + prompt.length
                            + " tokens, which exceeds the available context size of "
                            + context
                            + " tokens; cure: a shorter prompt or a larger context length",
                    prompt.length,
                    context);
        }
        if (prompt.length == 0) {
            throw new ModelException("the prompt has no tokens; cure: give at least one character");
        }
        int size = tokenizer().vocabulary().size();
        for (int token : prompt) {
            if (token < 0 || token >= size) {
                throw new ModelException("token " + token + ": expected 0 to " + (size - 1));
            }
        }
        AdapterSet adapters =
                model.adapters().set(options.adapters().orElse(model.adapters().usual()));
        return new TextStream(
                prompt.clone(),
                listener -> {
                    GenerationJob job =
                            new GenerationJob(
                                    prompt, context, options, adapters, tokenizer(), listener);
                    job.submitTo(model.scheduler());
                    return job;
                });
    }

    /** A conversation with this model; see {@link ChatSession}. */
    public ChatSession chat() {
        return new ChatSession(this);
    }

    /**
     * Starts to answer a conversation and returns at once. Close the stream.
     *
     * @throws ContextExceededException if the conversation is too long and the policy of the
     *     request does not help
     * @throws ModelException if the chat template refuses the conversation
     */
    public ChatStream chat(ChatRequest request) {
        ChatPrompt.Prepared prompt = prompt().prepare(request);
        GenerationOptions options = prompt().options(request, prompt);
        return new ChatStream(
                stream(prompt.tokens(), options),
                prompt().parser(request, prompt),
                prompt,
                !request.parallelToolCalls());
    }

    /**
     * The prompt of a conversation, as the chat template renders it; without a template the
     * contents joined by newlines.
     *
     * @throws ModelException as {@link #chat(ChatRequest)}
     */
    public String render(ChatRequest request) {
        return prompt().prepare(request).text();
    }

    /** The tokens of the prompt of a conversation; else as {@link #render}. */
    public int[] promptTokens(ChatRequest request) {
        return prompt().prepare(request).tokens();
    }

    private synchronized ChatPrompt prompt() {
        if (chatPrompt == null) {
            chatPrompt = new ChatPrompt(this);
        }
        return chatPrompt;
    }

    /** How the model writes reasoning and calls of tools. */
    public ChatFormat chatFormat() {
        return prompt().format();
    }

    /** The text of the chat template: the one that was given, or that of the file, or "". */
    public String chatTemplateSource() {
        return hasGivenTemplate() ? model.chatTemplate() : metadata().string(TEMPLATE_KEY, "");
    }

    /** Whether the chat template was given by who loaded the model. */
    boolean hasGivenTemplate() {
        return !model.chatTemplate().isEmpty();
    }

    /**
     * The model's chat template, if it has one.
     *
     * @throws ModelException if it has one that cannot be parsed; the model can still continue
     *     plain text
     */
    public Optional<ChatTemplate> chatTemplate() {
        String source = chatTemplateSource();
        try {
            return source.isEmpty() ? Optional.empty() : Optional.of(ChatTemplate.parse(source));
        } catch (TextException e) {
            throw new ModelException(
                    (hasGivenTemplate() ? "the given chat template" : TEMPLATE_KEY)
                            + ": "
                            + e.getMessage()
                            + "; cure: continue plain text (--raw), or mend the file",
                    e);
        }
    }

    /** The model's tokenizer. */
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /** What the file says of the model. */
    public Metadata metadata() {
        return model.metadata();
    }

    /** The most tokens of a text, prompt and answer together. */
    public int contextLength() {
        return model.config().contextLength();
    }

    /**
     * The bytes of memory that running takes with one text of so many tokens, as it is reckoned
     * when a model is loaded: weights as they are packed, keys and values, and the program.
     */
    public long memory(int tokens) {
        return model.memory(tokens);
    }

    /** Which kernels compute, in one line. */
    public String kernels() {
        return model.kernels();
    }

    /** What makes this model slower than it need be, as far as it was met, each with its cure. */
    public List<Cliffs.Report> cliffs() {
        return model.cliffs().all();
    }

    /** A sequence to append tokens to and read the scores of, for those who measure models. */
    public Evaluation evaluation() {
        AdapterSet adapters = model.adapters().set(model.adapters().usual());
        return new Evaluator(model.scheduler(), adapters, contextLength());
    }

    /**
     * Loads a LoRA adapter in GGUF, to be named in {@link GenerationOptions#withAdapters} or {@link
     * #useAdapters}. Texts in progress are not disturbed.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.snoozy.format.FormatException if it is not a sound GGUF file
     * @throws ModelException if it is no adapter for this model, with the reason
     */
    public Adapter addAdapter(Path file) throws IOException {
        return model.adapters().add(file);
    }

    /**
     * Forgets an adapter, also as a usual one. Texts in progress keep it until their end; its
     * memory is free when nobody holds it any more.
     */
    public void removeAdapter(Adapter adapter) {
        model.adapters().remove(adapter);
    }

    /** The adapters that are loaded, in the order in which they came. */
    public List<Adapter> adapters() {
        return model.adapters().all();
    }

    /** The adapters of texts that do not name their own. */
    public List<AdapterUse> usualAdapters() {
        return model.adapters().usual();
    }

    /** Says which adapters texts have, from now on, that do not name their own. */
    public void useAdapters(List<AdapterUse> uses) {
        model.adapters().use(uses);
    }

    /** What the model is at: texts in progress, memory of keys and values. */
    public SchedulerStatistics statistics() {
        return model.scheduler().statistics();
    }

    @Override
    public void close() {
        model.close();
    }
}
