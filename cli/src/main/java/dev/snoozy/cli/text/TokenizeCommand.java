package dev.snoozy.cli.text;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Printable;
import dev.snoozy.format.GgufFile;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy tokenize}: the tokens of a text. */
@Command(
        name = "tokenize",
        description = "Show the tokens that a model sees in a text.",
        footer = {
            "",
            "Example:",
            "  snoozy tokenize tinystories \"Once upon a time\"",
            "  snoozy tokenize model.gguf --parse-special --ids < prompt.txt"
        },
        mixinStandardHelpOptions = true)
public final class TokenizeCommand implements Callable<Integer> {
    private static final int LONGEST_PIECE = 200;

    /** What {@code --json} prints. */
    record Result(int count, List<Token> tokens) {}

    /** One token, as it stands in the vocabulary. */
    record Token(int id, String piece) {}

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a GGUF file, which may be a vocabulary only, or the name of a model")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "TEXT",
            arity = "0..1",
            description = "the text; standard input if it is left out")
    private @Nullable String text;

    @Option(
            names = "--no-special",
            description = "without the tokens the model expects around a text, such as BOS")
    private boolean bare;

    @Option(
            names = "--parse-special",
            description = "names of control tokens in the text become those tokens")
    private boolean parseSpecial;

    @Option(names = "--ids", description = "print the ids alone, on one line")
    private boolean idsOnly;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (GgufFile file = Models.open(name)) {
            Tokenizer tokenizer = Tokenizer.of(file.metadata());
            String input = text == null ? Input.all() : text;
            int[] ids = tokenizer.encode(input, !bare, parseSpecial);
            Vocabulary vocabulary = tokenizer.vocabulary();
            if (json) {
                List<Token> tokens =
                        Arrays.stream(ids)
                                .mapToObj(id -> new Token(id, vocabulary.piece(id)))
                                .toList();
                out.println(Json.write(new Result(ids.length, tokens)));
            } else if (idsOnly) {
                out.println(
                        String.join(" ", Arrays.stream(ids).mapToObj(Integer::toString).toList()));
            } else {
                for (int id : ids) {
                    out.printf(
                            "%8d  %s%n", id, Printable.text(vocabulary.piece(id), LONGEST_PIECE));
                }
            }
            out.flush();
            if (!json && !idsOnly) {
                spec.commandLine().getErr().println("[" + ids.length + " tokens]");
            }
            return 0;
        }
    }
}
