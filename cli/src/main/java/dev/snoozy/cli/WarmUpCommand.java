package dev.snoozy.cli;

import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.Writer;
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

    @Override
    public Integer call() {
        for (String[] command : COMMANDS) {
            PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
            int code = Main.commandLine(nowhere, nowhere).execute(command);
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }
}
