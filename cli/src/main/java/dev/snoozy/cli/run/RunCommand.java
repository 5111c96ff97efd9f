package dev.snoozy.cli.run;

import dev.snoozy.cli.AdapterFlags;
import dev.snoozy.cli.CacheFlags;
import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.OutputClosedException;
import dev.snoozy.cli.PrecisionFlags;
import dev.snoozy.cli.SpeculationFlags;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.WeightPlacement;
import dev.snoozy.engine.WorkTotals;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code snoozy run}: one answer, or a chat in the terminal. */
@Command(
        name = "run",
        description = "Answer a prompt, or chat in the terminal when there is none.",
        footer = {
            "",
            "Example:",
            "  snoozy run tinystories \"Once upon a time\" -n 64 --temp 0",
            "  echo \"Once upon a time\" | snoozy run tinystories -n 64",
            "  snoozy run model.gguf",
            "  snoozy run model.gguf --lora adapter.gguf:0.5 \"Hello\""
        },
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a GGUF file or the name of a model")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "PROMPT",
            arity = "0..1",
            description =
                    "what to answer or continue; standard input is read if it is not a terminal")
    private @Nullable String prompt;

    @Mixin private SamplingFlags sampling = new SamplingFlags();

    @Option(
            names = "--raw",
            description = "continue the prompt as plain text, without the model's chat template")
    private boolean raw;

    @Option(names = "--system", paramLabel = "TEXT", description = "system prompt of the chat")
    private @Nullable String system;

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            defaultValue = "0",
            description = "context length in tokens (default: the model's own)")
    private int context;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Mixin private CacheFlags cache = new CacheFlags();

    @Mixin private PrecisionFlags precision = new PrecisionFlags();

    @Mixin private AdapterFlags adapters = new AdapterFlags();

    @Mixin private SpeculationFlags speculation = new SpeculationFlags();

    @Option(
            names = "--weights",
            paramLabel = "WHERE",
            defaultValue = "auto",
            description =
                    "packed: in memory; mapped: in the file, slow, takes little memory; auto: packed"
                            + " if the memory allows it (default)")
    private WeightPlacement weights = WeightPlacement.AUTO;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        GenerationOptions options = sampling.options();
        LoadOptions load =
                precision
                        .of(cache.of(LoadOptions.defaults().withContextLength(context)))
                        .withWeights(weights);
        load = threads == null ? load : load.withThreads(threads);
        load = speculation.of(adapters.of(load));
        String text = prompt;
        if (text == null && (json || !Input.isTerminal())) {
            text = Input.all().stripTrailing();
        }
        long start = System.nanoTime();
        try (LanguageModel model = load(load)) {
            double loadMillis = (System.nanoTime() - start) / 1e6;
            warnOfLongContext(model);
            if (text == null) {
                return new TerminalChat(model, name, options, raw, system).run();
            }
            PrintWriter out = spec().commandLine().getOut();
            Generation answer = answer(model, text, options, json ? piece -> {} : print(out));
            WorkTotals work = model.statistics().totals();
            if (json) {
                out.println(Json.write(RunResult.of(answer, loadMillis, work)));
            } else {
                out.println();
                out.flush();
                spec().commandLine().getErr().println(summary(answer) + guesses(work));
            }
            out.flush();
            return 0;
        }
    }

    private void warnOfLongContext(LanguageModel model) {
        String architecture = model.metadata().string("general.architecture");
        int trained = model.metadata().integer(architecture + ".context_length");
        if (model.contextLength() > trained) {
            spec().commandLine()
                    .getErr()
                    .println(
                            "snoozy: the context of "
                                    + model.contextLength()
                                    + " tokens is longer than the "
                                    + trained
                                    + " the model was trained with; the text may lose its sense");
        }
    }

    private LanguageModel load(LoadOptions options) throws IOException {
        return Loading.of(Models.find(name), options, spec().commandLine().getErr());
    }

    private Generation answer(
            LanguageModel model, String text, GenerationOptions options, Consumer<String> onText) {
        if (raw || model.chatTemplate().isEmpty()) {
            if (system != null) {
                throw new IllegalArgumentException(
                        "--system needs a model with a chat template, and no --raw");
            }
            return model.generate(text, options, onText);
        }
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.system(system));
        }
        messages.add(ChatMessage.user(text));
        ChatRequest request =
                ChatRequest.of(messages).withOptions(options).withSplitReasoning(false);
        try (ChatStream answer = model.chat(request)) {
            answer.forEachText(onText);
            return answer.result().generation();
        }
    }

    private static Consumer<String> print(PrintWriter out) {
        return piece -> {
            out.print(piece);
            if (out.checkError()) { // flushes too
                throw new OutputClosedException();
            }
        };
    }

    /** One line on what the answer cost. */
    static String summary(Generation answer) {
        return String.format(
                Locale.ROOT,
                "[%d prompt tokens at %.0f t/s, %d generated at %.1f t/s, seed %d, %s]",
                answer.usage().promptTokens(),
                answer.timings().promptPerSecond(),
                answer.usage().completionTokens(),
                answer.timings().generatedPerSecond(),
                answer.seed(),
                answer.finishReason().name().toLowerCase(Locale.ROOT));
    }

    private static String guesses(WorkTotals work) {
        return work.guessedTokens() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " [%d of %d guessed tokens were right]",
                        work.rightGuesses(),
                        work.guessedTokens());
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
