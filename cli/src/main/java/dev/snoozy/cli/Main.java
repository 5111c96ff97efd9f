package dev.snoozy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code snoozy}. */
@Command(
        name = "snoozy",
        mixinStandardHelpOptions = true,
        version = "snoozy 0.1.0",
        description = "The local-LLM ecosystem for the JVM.")
public final class Main implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.err);
    }

    /** Runs a command and exits with 0 (done), 1 (failed) or 2 (wrong use). */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
