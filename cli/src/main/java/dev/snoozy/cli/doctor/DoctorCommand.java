package dev.snoozy.cli.doctor;

import dev.snoozy.cli.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy doctor}: what this machine offers, and what to mend. */
@Command(
        name = "doctor",
        description = "Tell what this machine offers, and what to mend.",
        footer = {"", "Example:", "  snoozy doctor"},
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What {@code --json} prints. */
    record Result(boolean healthy, List<Finding> findings) {}

    @Override
    public Integer call() {
        List<Finding> findings = Examination.all();
        boolean healthy = findings.stream().noneMatch(f -> f.state() == Finding.State.PROBLEM);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(Json.write(new Result(healthy, findings)));
        } else {
            for (Finding finding : findings) {
                String mark =
                        switch (finding.state()) {
                            case OK -> "ok     ";
                            case NOTE -> "note   ";
                            case PROBLEM -> "PROBLEM";
                        };
                out.printf("%s  %-10s %s%n", mark, finding.subject(), finding.found());
                if (!finding.cure().isEmpty()) {
                    out.printf("%20s cure: %s%n", "", finding.cure());
                }
            }
        }
        out.flush();
        return healthy ? 0 : 1;
    }
}
