package dev.snoozy.cli;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Speculation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Who guesses the next tokens of a text, so that several are judged at once. */
public final class SpeculationFlags {
    private static final int USUAL = 8;

    @Option(
            names = {"-md", "--model-draft"},
            paramLabel = "MODEL",
            description =
                    "a smaller model of the same family guesses what comes next, and the model"
                            + " judges several tokens at once; the text is the same")
    private @Nullable String model;

    @Option(
            names = "--lookup",
            description =
                    "guess what comes next from earlier places in the text: pays for answers that"
                            + " repeat their prompt; the text is the same")
    private boolean lookup;

    @Option(
            names = {"--draft-max", "--draft", "--draft-n"},
            paramLabel = "N",
            description = "the most tokens to guess at a time, 1 to 16 (default: 8)")
    private @Nullable Integer tokens;

    /** Whether a draft model was given. */
    public boolean hasModel() {
        return model != null;
    }

    /**
     * The options with the speculation that was asked for.
     *
     * @throws WrongUseException if there is no such model, or the flags do not go together
     */
    public LoadOptions of(LoadOptions options) {
        if (model != null && lookup) {
            throw new WrongUseException(
                    "--model-draft and --lookup: expected one of them, found both");
        }
        if (model == null && !lookup) {
            if (tokens != null) {
                throw new WrongUseException(
                        "--draft-max: expected --model-draft or --lookup beside it, found neither");
            }
            return options;
        }
        int most = tokens == null ? USUAL : tokens;
        try {
            return options.withSpeculation(
                    model == null ? new Speculation.PromptLookup(most) : draft(model, most));
        } catch (IllegalArgumentException e) {
            throw new WrongUseException("--draft-max: " + e.getMessage());
        }
    }

    private static Speculation draft(String name, int most) {
        Path file;
        try {
            file = Models.find(name);
        } catch (WrongUseException e) {
            throw new WrongUseException("--model-draft: " + e.getMessage());
        }
        if (file.toString().endsWith(".gz")) {
            throw new WrongUseException(
                    "--model-draft: expected a GGUF file, found a packed one; cure: unpack it");
        }
        return new Speculation.DraftModel(file, most);
    }
}
