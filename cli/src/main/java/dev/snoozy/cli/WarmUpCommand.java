package dev.snoozy.cli;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code snoozy warm-up}: does what users do most, so that the launcher can keep the classes it
 * needs in a start-up cache. It prints nothing.
 */
@Command(name = "warm-up", hidden = true, description = "Used by the launcher.")
final class WarmUpCommand implements Callable<Integer> {
    private static final String[][] COMMANDS = {
        {"run", "tinystories", "Once upon a time", "-n", "256", "--seed", "1"},
        {"run", "tinystories", "Once upon a time", "-n", "8", "--temp", "0", "--json"},
        {"show", "tinystories"},
        {"tokenize", "tinystories", "Once upon a time"},
        {"--help"},
        {"run", "--help"},
    };

    /** Types of weights that most models have. */
    private static final List<String> TYPES = List.of("Q4_K_M", "Q8_0", "Q4_0");

    @Override
    public Integer call() throws IOException {
        for (String[] command : COMMANDS) {
            execute(command);
        }
        Path folder = Files.createTempDirectory("snoozy");
        Path model = folder.resolve("tiny.gguf");
        try {
            for (String type : TYPES) {
                evaluate(type, model);
            }
        } finally {
            Files.deleteIfExists(model);
            Files.delete(folder);
        }
        return 0;
    }

    /** Texts of many lengths, so often that Java would compile what they need. */
    private static void evaluate(String type, Path model) {
        String out = model.toString();
        execute("bench", "--random", "tiny", "--type", type, "--out", out, "--write-only");
        execute("bench", out, "-p", "64,16", "-n", "32", "-r", "100", "--no-warm-up");
    }

    private static void execute(String... command) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        int code = Main.commandLine(nowhere, nowhere).execute(command);
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
        }
    }
}
