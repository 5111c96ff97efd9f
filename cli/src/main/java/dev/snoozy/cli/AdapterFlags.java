package dev.snoozy.cli;

import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.LoadOptions;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** LoRA adapters that a model is loaded with. */
public final class AdapterFlags {
    @Option(
            names = "--lora",
            paramLabel = "FILE[:SCALE]",
            description =
                    "use a LoRA adapter in GGUF, multiplied with SCALE (default: 1); may be given"
                            + " several times")
    private List<String> adapters = new ArrayList<>();

    /** Whether any was given. */
    public boolean given() {
        return !adapters.isEmpty();
    }

    /**
     * Refuses what cannot be an adapter.
     *
     * @throws WrongUseException with the reason
     */
    public void check() {
        of(LoadOptions.defaults());
    }

    /** The options with the adapters that were asked for. */
    public LoadOptions of(LoadOptions options) {
        return options.withAdapters(
                adapters.stream().map(given -> source("--lora", given)).toList());
    }

    /** The same, loaded but left out of texts that do not ask for them. */
    public LoadOptions unused(LoadOptions options) {
        return options.withAdapters(
                adapters.stream()
                        .map(given -> new AdapterSource(source("--lora", given).file(), 0))
                        .toList());
    }

    /**
     * An adapter as it is written on a command line, {@code FILE[:SCALE]}. A name may have a colon
     * of its own: what is a file as it stands has no scale.
     *
     * @param flag where it was written
     * @throws WrongUseException if there is no such file, or the scale is no number
     */
    public static AdapterSource source(String flag, String given) {
        int colon = given.lastIndexOf(':');
        if (colon <= 0 || Files.exists(Path.of(given))) {
            return checked(flag, Path.of(given), 1);
        }
        String scale = given.substring(colon + 1);
        try {
            return checked(flag, Path.of(given.substring(0, colon)), Float.parseFloat(scale));
        } catch (NumberFormatException e) {
            throw new WrongUseException(
                    flag
                            + " "
                            + given
                            + ": expected a file, or a file, a colon and a number, such as"
                            + " adapter.gguf:0.5");
        }
    }

    private static AdapterSource checked(String flag, Path file, float scale) {
        if (!Files.isRegularFile(file)) {
            throw new WrongUseException(flag + ": there is no file " + file);
        }
        if (!Float.isFinite(scale)) {
            throw new WrongUseException(flag + " " + file + ": expected a finite scale");
        }
        return new AdapterSource(file, scale);
    }
}
