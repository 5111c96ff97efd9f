package dev.snoozy.cli.docs;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.documents.index.SearchRequest.Method;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Where and how passages are looked for. */
final class SearchFlags {
    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "passages at most (default: 5 of a search, 16 for an answer)")
    private @Nullable Integer count;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "hybrid",
            description = "hybrid, words or vectors (default: ${DEFAULT-VALUE})")
    private Method method = Method.HYBRID;

    @Option(names = "--in", paramLabel = "PATH", description = "only in this file or folder")
    private List<Path> below = List.of();

    @Option(names = "--type", paramLabel = "ENDING", description = "only files such as pdf")
    private List<String> endings = List.of();

    @Option(names = "--since", paramLabel = "DATE", description = "only files changed since then")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "DATE", description = "only files not changed later")
    private @Nullable String until;

    SearchRequest request(String question, int usual) {
        return SearchRequest.of(question, count == null ? usual : count)
                .withMethod(method)
                .withBelow(below)
                .withEndings(endings)
                .withTimes(
                        date("--since", since, 0),
                        date("--until", until, 1).map(t -> t.minusMillis(1)));
    }

    Method method() {
        return method;
    }

    private static Optional<Instant> date(String flag, @Nullable String given, int daysLater) {
        if (given == null) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(given).plusDays(daysLater);
            return Optional.of(day.atStartOfDay(ZoneId.systemDefault()).toInstant());
        } catch (DateTimeParseException e) {
            throw new WrongUseException(
                    flag + ": expected a date such as 2026-01-31, found " + given);
        }
    }
}
