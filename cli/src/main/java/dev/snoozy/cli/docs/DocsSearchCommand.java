package dev.snoozy.cli.docs;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.SearchRequest.Method;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code snoozy docs search}: finds passages. */
@Command(
        name = "search",
        description = "Find passages of a collection, the best first.",
        footer = {"", "Example:", "  snoozy docs search \"notice period\" --type pdf -n 3"},
        mixinStandardHelpOptions = true)
final class DocsSearchCommand implements Callable<Integer> {
    private static final int SHOWN = 400;
    private static final int USUAL_COUNT = 5;

    /** So much of a passage is shown before the first word that was found. */
    private static final int LEAD = 60;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "QUESTION", description = "words, or a whole question")
    private String question = "";

    @Mixin private CollectionFlags collections = new CollectionFlags();
    @Mixin private SearchFlags search = new SearchFlags();
    @Mixin private RerankerFlags reranker = new RerankerFlags();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** A passage, as {@code --json} prints it. */
    record Passage(
            String file,
            String title,
            List<String> headings,
            int page,
            int line,
            @JsonProperty("last_line") int lastLine,
            double score,
            @Nullable Double similarity,
            String text,
            List<Hit.Span> highlights) {
        static Passage of(Hit hit) {
            return new Passage(
                    hit.file().toString(),
                    hit.title(),
                    hit.chunk().headings(),
                    hit.chunk().page(),
                    hit.chunk().line(),
                    hit.chunk().lastLine(),
                    hit.score(),
                    hit.similarity().isPresent() ? hit.similarity().getAsDouble() : null,
                    hit.chunk().text(),
                    hit.highlights());
        }
    }

    /** What {@code --json} prints. */
    record Result(String collection, String method, List<Passage> passages) {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String name = collections.existing();
        try (DocumentCollection collection = CollectionFlags.library().open(name)) {
            String model = collection.settings().embedder();
            if (search.method() == Method.VECTORS && model.isEmpty()) {
                throw new WrongUseException(
                        "--method vectors: the collection has none; cure: snoozy docs add PATH"
                                + " --embedder MODEL");
            }
            boolean words = search.method() == Method.WORDS || model.isEmpty();
            List<Hit> hits = new ArrayList<>();
            try (Embedders embedders = Embedders.load(words ? "" : model, err);
                    RerankerFlags.Loaded judge = reranker.load(err)) {
                hits.addAll(
                        collection.search(
                                search.request(question, USUAL_COUNT),
                                embedders.embedder(),
                                judge.reranker()));
            }
            String method = words ? "words" : search.method().name().toLowerCase(Locale.ROOT);
            print(name, method, hits, out);
            if (words && search.method() == Method.HYBRID && !json) {
                err.println("found by words alone: the collection has no embedder");
                err.flush();
            }
        }
        return 0;
    }

    private void print(String name, String method, List<Hit> hits, PrintWriter out) {
        if (json) {
            out.println(
                    Json.write(new Result(name, method, hits.stream().map(Passage::of).toList())));
        } else if (hits.isEmpty()) {
            out.println("nothing found");
        }
        for (int i = 0; i < hits.size() && !json; i++) {
            out.printf("[%d] %s%n", i + 1, place(hits.get(i)));
            out.println("    " + excerpt(hits.get(i)));
        }
        out.flush();
    }

    /** File, page or lines, and headings of a passage. */
    static String place(Hit hit) {
        StringBuilder place = new StringBuilder(Printable.text(hit.file().toString(), SHOWN));
        if (hit.chunk().page() > 0) {
            place.append(", page ").append(hit.chunk().page());
        }
        if (hit.chunk().line() > 0) {
            place.append(", line ").append(hit.chunk().line());
        }
        Optional<String> heading = hit.chunk().headings().stream().reduce((a, b) -> a + " > " + b);
        heading.ifPresent(h -> place.append(" (").append(Printable.text(h, 120)).append(')'));
        return place.toString();
    }

    /** The part of a passage that has the most of the words that were found. */
    private static String excerpt(Hit hit) {
        String text = hit.chunk().text();
        int begin = 0;
        long most = words(hit, 0);
        for (Hit.Span span : hit.highlights()) {
            int from = Math.max(0, span.start() - LEAD);
            long words = words(hit, from);
            if (words > most) {
                most = words;
                begin = from;
            }
        }
        if (begin == 0) {
            return Printable.text(oneLine(text), SHOWN);
        }
        int space = text.indexOf(' ', begin);
        if (space >= 0 && space < begin + LEAD) {
            begin = space;
        } else if (Character.isLowSurrogate(text.charAt(begin))) {
            begin--;
        }
        return "…" + Printable.text(oneLine(text.substring(begin)), SHOWN);
    }

    /** How many different words would be seen of those that were found. */
    private static long words(Hit hit, int from) {
        String text = hit.chunk().text();
        return hit.highlights().stream()
                .filter(span -> span.start() >= from && span.end() < from + SHOWN)
                .map(span -> text.substring(span.start(), span.end()).toLowerCase(Locale.ROOT))
                .distinct()
                .count();
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
