package dev.snoozy.cli.serve;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.Pooling;
import dev.snoozy.server.generate.LlamaCppOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Flags that users of llama.cpp's server know. */
final class LlamaCppFlags {
    private static final long LARGEST_TEMPLATE = 1 << 20;

    @Option(names = "--metrics", description = "answer /metrics, for Prometheus")
    private boolean metrics;

    @Option(
            names = "--slots",
            negatable = true,
            description = "answer /slots: how many requests are in progress")
    private boolean slots;

    @Option(
            names = {"--no-webui", "--no-ui"},
            description = "show no page at /")
    private boolean noPage;

    @Option(
            names = "--no-context-shift",
            description =
                    "refuse prompts of /completion that are too long, and end a text when the"
                            + " context is full (default: cut and go on; chats follow"
                            + " --context-policy)")
    private boolean noContextShift;

    @Option(names = "--context-shift", hidden = true, description = "the default")
    private boolean contextShift;

    @Option(
            names = "--pooling",
            paramLabel = "HOW",
            description =
                    "load every model as one that makes embeddings, of all tokens so: none, mean,"
                            + " cls, last or rank (default: as the file says)")
    private @Nullable String pooling;

    @Option(
            names = {"--reranking", "--rerank"},
            description = "the same as --pooling rank")
    private boolean reranking;

    @Option(
            names = "--chat-template",
            paramLabel = "TEXT",
            description =
                    "a chat template instead of the model's: its text, or the name of one of these:"
                            + " chatml, gemma, llama2, llama3, mistral, phi3, zephyr")
    private @Nullable String template;

    @Option(
            names = "--chat-template-file",
            paramLabel = "FILE",
            description = "the same from a file")
    private @Nullable Path templateFile;

    @Option(
            names = "--reasoning-format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description =
                    "whether reasoning is taken out of the content of chats, where a request does"
                            + " not say: auto or deepseek (yes), none (default: ${DEFAULT-VALUE})")
    private String reasoning = "auto";

    @Option(names = "--jinja", negatable = true, hidden = true, description = "always so")
    private @Nullable Boolean jinja;

    @Option(
            names = {"-cb", "--cont-batching"},
            negatable = true,
            hidden = true,
            description = "always so")
    private @Nullable Boolean batching;

    @Option(names = "--props", hidden = true, description = "would let clients change options")
    private boolean props;

    /**
     * Refuses what cannot be.
     *
     * @throws WrongUseException with the name of the flag and the reason
     */
    void check() {
        refuseIf(Boolean.FALSE.equals(jinja), "--no-jinja: templates are always Jinja here");
        refuseIf(
                Boolean.FALSE.equals(batching),
                "--no-cont-batching: texts are always computed together; cure: --parallel 1");
        refuseIf(props, "--props: options are given at the start and do not change");
        refuseIf(
                contextShift && noContextShift,
                "--context-shift and --no-context-shift: expected one of them, found both");
        refuseIf(
                template != null && templateFile != null,
                "--chat-template and --chat-template-file: expected one of them, found both");
        refuseIf(
                !reasoning.matches("auto|deepseek|none"),
                "--reasoning-format: expected auto, deepseek or none, found " + reasoning);
        refuseIf(
                reranking && pooling != null && !pooling.equals("rank"),
                "--reranking: expected --pooling rank or none beside it, found " + pooling);
        pooling();
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new WrongUseException(message);
        }
    }

    /** Whether every model is loaded as one that makes embeddings. */
    boolean embeds() {
        return reranking || pooling != null;
    }

    Optional<Pooling> pooling() {
        if (reranking) {
            return Optional.of(Pooling.RANK);
        }
        if (pooling == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pooling.valueOf(pooling.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new WrongUseException(
                    "--pooling: expected none, mean, cls, last or rank, found " + pooling);
        }
    }

    /** The text of the chat template that was given, or "". */
    String chatTemplate() {
        if (templateFile != null) {
            return text(templateFile);
        }
        return template == null ? "" : KnownTemplates.text(template);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_TEMPLATE) {
                throw new WrongUseException(
                        "--chat-template-file: expected at most 1 MiB, found " + Files.size(file));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new WrongUseException("--chat-template-file: expected UTF-8 in " + file);
        } catch (IOException e) {
            throw new WrongUseException("--chat-template-file: cannot read " + file);
        }
    }

    /**
     * What the server does of llama.cpp's own interface.
     *
     * @param waitForModel whether there is one model, which is loaded at the start
     */
    LlamaCppOptions options(boolean waitForModel) {
        return new LlamaCppOptions(
                metrics, slots, !noPage, !noContextShift, !reasoning.equals("none"), waitForModel);
    }
}
