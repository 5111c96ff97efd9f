package dev.snoozy.cli;

import dev.snoozy.cli.conformance.ConformanceCommand;
import dev.snoozy.cli.run.RunCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** The command {@code snoozy}: a subcommand per task. */
@Command(
        name = "snoozy",
        description = "The local-LLM ecosystem for the JVM.",
        footer = {"", "Example:", "  snoozy run tinystories \"Once upon a time\""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, ConformanceCommand.class})
public final class Main implements Runnable {
    /** The exit code of a command that could not do what it was asked to. */
    static final int FAILED = 1;

    /** The exit code of a command that was used wrongly. */
    static final int WRONG_USE = 2;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "show the stack trace of a failure")
    private boolean verbose;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
    }

    /** Runs a command and exits with 0 (done), 1 (failed) or 2 (wrong use). */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = commandLine(out, err).execute(args);
        out.flush();
        System.exit(code);
    }

    /** The command line, writing to the given places. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.setOut(out).setErr(err);
        line.setUsageHelpAutoWidth(true).setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, args) -> {
            PrintWriter to = e.getCommandLine().getErr();
            to.println("snoozy: " + oneLine(e));
            CommandLine.UnmatchedArgumentException.printSuggestions(e, to);
            to.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return WRONG_USE;
        });
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            Throwable shown = e;
            failed.getErr().println("snoozy: " + oneLine(shown));
            if (main.verbose) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                failed.getErr().print(trace);
            }
            failed.getErr().flush();
            return e instanceof IllegalArgumentException || e instanceof WrongUseException
                    ? WRONG_USE
                    : FAILED;
        });
        return line;
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            message = e.getClass().getSimpleName();
        }
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
