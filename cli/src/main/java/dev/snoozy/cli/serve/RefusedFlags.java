package dev.snoozy.cli.serve;

import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/**
 * Flags that users of other servers type and that mean nothing here, or nothing yet: each is
 * refused by name, because a flag that is ignored would mislead.
 */
final class RefusedFlags {
    private static final String ANY = "0..1";

    @Option(
            names = {"-mu", "--model-url", "-hf", "-hfr", "--hf-repo", "-hff", "--hf-file"},
            arity = ANY,
            fallbackValue = "",
            hidden = true)
    private @Nullable String download;

    @Option(
            names = {"--draft-min", "--draft-n-min", "-ngld"},
            arity = ANY,
            fallbackValue = "",
            hidden = true)
    private @Nullable String draft;

    @Option(
            names = {"-ngl", "--gpu-layers", "--n-gpu-layers"},
            arity = ANY,
            fallbackValue = "",
            hidden = true)
    private @Nullable String gpu;

    @Option(
            names = {"-b", "--batch-size", "-ub", "--ubatch-size"},
            arity = ANY,
            fallbackValue = "",
            hidden = true)
    private @Nullable String batch;

    @Option(names = "--slot-save-path", arity = ANY, fallbackValue = "", hidden = true)
    private @Nullable String slotSave;

    @Option(
            names = {"-gan", "--grp-attn-n", "-gaw", "--grp-attn-w"},
            arity = ANY,
            fallbackValue = "",
            hidden = true)
    private @Nullable String groupAttention;

    @Option(names = "--lora-scaled", arity = ANY, fallbackValue = "", hidden = true)
    private @Nullable String lora;

    /**
     * Refuses what was given.
     *
     * @throws WrongUseException with the name of the flag and the reason
     */
    void check() {
        refuse(download, "--hf-repo and --model-url", "models are not downloaded yet");
        refuse(
                draft,
                "--draft-min and -ngld",
                "how many tokens are guessed follows from what pays, on the processor");
        refuse(gpu, "--n-gpu-layers", "models run on the processor");
        refuse(batch, "--batch-size and --ubatch-size", "the scheduler chooses its batches");
        refuse(slotSave, "--slot-save-path", "texts are remembered in memory only");
        refuse(groupAttention, "--grp-attn-n and --grp-attn-w", "there is no self-extend");
        refuse(lora, "--lora-scaled", "adapters are given as --lora FILE:SCALE");
    }

    private static void refuse(@Nullable String given, String names, String reason) {
        if (given != null) {
            throw new WrongUseException(names + ": " + reason);
        }
    }
}
