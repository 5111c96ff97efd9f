package dev.snoozy.cli.docs;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.documents.answer.DocumentSummary;
import dev.snoozy.documents.index.Chunk;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.engine.LanguageModel;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy docs summary}: a whole document in short. */
@Command(
        name = "summary",
        description = "Have a model summarise a whole document of a collection, however long.",
        footer = {"", "Example:", "  snoozy docs summary report.pdf -m qwen3"},
        mixinStandardHelpOptions = true)
final class DocsSummaryCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a file of the collection")
    private Path file = Path.of("");

    @Mixin private CollectionFlags collections = new CollectionFlags();
    @Mixin private AnswerFlags answers = new AnswerFlags();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What {@code --json} prints. */
    record Result(String file, int passages, String summary) {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String name = collections.existing();
        try (DocumentCollection collection = CollectionFlags.library().open(name)) {
            List<Chunk> chunks = collection.passages(file);
            if (chunks.isEmpty()) {
                throw new WrongUseException(
                        "%s is no file with text of the collection %s; cure: snoozy docs add %s"
                                .formatted(file, name, file));
            }
            try (LanguageModel model = answers.load(err);
                    Progress progress = Progress.of("summarising", 0)) {
                String summary =
                        new DocumentSummary(model)
                                .summarise(
                                        chunks,
                                        answers.generation(),
                                        (done, of) -> progress.done(done, of));
                progress.close();
                Result result = new Result(file.toString(), chunks.size(), summary);
                out.println(json ? Json.write(result) : Printable.lines(summary));
                out.flush();
            }
        }
        return 0;
    }
}
