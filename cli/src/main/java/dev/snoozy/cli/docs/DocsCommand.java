package dev.snoozy.cli.docs;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Objects;

/** {@code snoozy docs}: one's own documents. */
@Command(
        name = "docs",
        description = "Search your own documents, and ask them.",
        footer = {
            "",
            "Example:",
            "  snoozy docs add ~/Documents",
            "  snoozy docs search \"when does the contract end\""
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DocsAddCommand.class,
            DocsUpdateCommand.class,
            DocsStatusCommand.class,
            DocsSearchCommand.class,
            DocsAskCommand.class,
            DocsSummaryCommand.class,
            DocsRmCommand.class
        })
public final class DocsCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "expected what to do: add, update, status, search, ask, summary or rm");
    }
}
