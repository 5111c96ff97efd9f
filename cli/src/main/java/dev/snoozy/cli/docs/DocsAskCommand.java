package dev.snoozy.cli.docs;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.documents.answer.AnswerOptions;
import dev.snoozy.documents.answer.Citation;
import dev.snoozy.documents.answer.DocumentAnswer;
import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.engine.ChatMessage;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy docs ask}: an answer from the documents, with citations. */
@Command(
        name = "ask",
        description = "Have a model answer a question from a collection, with citations.",
        footer = {"", "Example:", "  snoozy docs ask \"when does the contract end\" -m qwen3"},
        mixinStandardHelpOptions = true)
final class DocsAskCommand implements Callable<Integer> {
    private static final int USUAL_COUNT = 16;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "QUESTION", description = "a whole question")
    private String question = "";

    @Mixin private CollectionFlags collections = new CollectionFlags();
    @Mixin private AnswerFlags answers = new AnswerFlags();
    @Mixin private SearchFlags search = new SearchFlags();
    @Mixin private RerankerFlags reranker = new RerankerFlags();

    @Option(
            names = "--passage-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "tokens for all passages together (default: what fits, at most 4096)")
    private int passageTokens;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** A passage, as {@code --json} prints it. */
    record Source(
            int number,
            boolean cited,
            String file,
            String title,
            List<String> headings,
            int page,
            int line,
            @JsonProperty("last_line") int lastLine,
            String passage) {}

    /** What {@code --json} prints. */
    record Result(String answer, boolean found, String question, List<Source> sources) {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String name = collections.existing();
        try (DocumentCollection collection = CollectionFlags.library().open(name);
                Embedders embedders = Embedders.load(collection.settings().embedder(), err);
                RerankerFlags.Loaded judge = reranker.load(err);
                LanguageModel model = answers.load(err)) {
            DocumentChat chat =
                    new DocumentChat(model, collection, embedders.embedder(), judge.reranker());
            AnswerOptions options =
                    AnswerOptions.defaults()
                            .withSearch(search.request("", USUAL_COUNT))
                            .withGeneration(answers.generation())
                            .withPassageTokens(passageTokens);
            DocumentAnswer answer =
                    chat.answer(
                            List.of(ChatMessage.user(question)),
                            options,
                            text -> {
                                if (!json) {
                                    out.print(Printable.lines(text));
                                    out.flush();
                                }
                            });
            print(answer, out);
        }
        return 0;
    }

    private void print(DocumentAnswer answer, PrintWriter out) {
        if (json) {
            List<Source> sources = answer.shown().stream().map(c -> source(c, answer)).toList();
            out.println(
                    Json.write(
                            new Result(answer.text(), answer.found(), answer.question(), sources)));
        } else {
            out.println();
            List<Citation> cited = answer.citations();
            for (Citation citation : cited.isEmpty() ? answer.shown() : cited) {
                String place = Printable.text(citation.place(), 400);
                out.printf("%s[%d] %s%n", cited.isEmpty() ? "read " : "", citation.number(), place);
            }
        }
        out.flush();
    }

    private static Source source(Citation citation, DocumentAnswer answer) {
        return new Source(
                citation.number(),
                answer.citations().contains(citation),
                citation.file().toString(),
                citation.title(),
                citation.headings(),
                citation.page(),
                citation.line(),
                citation.lastLine(),
                citation.passage());
    }
}
