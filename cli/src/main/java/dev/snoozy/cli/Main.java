package dev.snoozy.cli;

import dev.snoozy.cli.bench.BenchCommand;
import dev.snoozy.cli.compress.ConvertCommand;
import dev.snoozy.cli.compress.ImatrixCommand;
import dev.snoozy.cli.compress.PerplexityCommand;
import dev.snoozy.cli.compress.QuantizeCommand;
import dev.snoozy.cli.conformance.ConformanceCommand;
import dev.snoozy.cli.cook.CookCommand;
import dev.snoozy.cli.curate.CurateCommand;
import dev.snoozy.cli.docs.DocsCommand;
import dev.snoozy.cli.doctor.DoctorCommand;
import dev.snoozy.cli.eval.EvalCommand;
import dev.snoozy.cli.hub.CpCommand;
import dev.snoozy.cli.hub.ListCommand;
import dev.snoozy.cli.hub.PsCommand;
import dev.snoozy.cli.hub.PullCommand;
import dev.snoozy.cli.hub.RmCommand;
import dev.snoozy.cli.run.RunCommand;
import dev.snoozy.cli.serve.ServeCommand;
import dev.snoozy.cli.serve.StudioCommand;
import dev.snoozy.cli.show.ShowCommand;
import dev.snoozy.cli.text.RenderCommand;
import dev.snoozy.cli.text.TokenizeCommand;
import dev.snoozy.cli.tune.MergeCommand;
import dev.snoozy.cli.tune.TuneCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The command {@code snoozy}: a subcommand per task. */
@Command(
        name = "snoozy",
        description = "The local-LLM ecosystem for the JVM.",
        footer = {"", "Example:", "  snoozy run tinystories \"Once upon a time\""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ServeCommand.class,
            StudioCommand.class,
            ShowCommand.class,
            PullCommand.class,
            ListCommand.class,
            RmCommand.class,
            CpCommand.class,
            PsCommand.class,
            TokenizeCommand.class,
            RenderCommand.class,
            BenchCommand.class,
            ConvertCommand.class,
            QuantizeCommand.class,
            ImatrixCommand.class,
            PerplexityCommand.class,
            CurateCommand.class,
            TuneCommand.class,
            MergeCommand.class,
            EvalCommand.class,
            CookCommand.class,
            DocsCommand.class,
            DoctorCommand.class,
            ConformanceCommand.class,
            WarmUpCommand.class
        })
public final class Main implements Callable<Integer> {
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

    /** Without a verb, the studio opens. */
    @Override
    public Integer call() {
        return Objects.requireNonNull(spec.subcommands().get("studio"), "a verb").execute();
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
        line.setParameterExceptionHandler((e, args) -> Failures.wrongUse(e));
        line.setExecutionExceptionHandler(
                (e, failed, parsed) -> Failures.failed(e, failed.getErr(), main.verbose));
        return line;
    }
}
