package dev.snoozy.bench;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.text.grammar.Grammar;
import dev.snoozy.text.grammar.GrammarWalk;
import dev.snoozy.text.grammar.TokenGrammar;
import dev.snoozy.text.grammar.TokenMask;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What a grammar costs for each token over a vocabulary of 128,000: finding the mask and going on
 * by a token. {@link #known} is a grammar that has been used before, {@link #fresh} one that was
 * just compiled, with that time in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GrammarBenchmark {
    private static final String SCHEMA =
            """
            {"type":"object",
             "properties":{
               "name":{"type":"string"},
               "code":{"type":"string","maxLength":100},
               "age":{"type":"integer","minimum":0,"maximum":150},
               "tags":{"type":"array","items":{"enum":["red","green","blue"]},"maxItems":5},
               "at":{"type":"string","format":"date-time"},
               "children":{"type":"array","items":{"$ref":"#"}}},
             "required":["name","code","age","tags"],
             "additionalProperties":false}\
            """;

    private static final String TEXT =
            "{\"name\": \"Alice Liddell, who fell down a rabbit hole\", \"code\": \"curiouser and"
                    + " curiouser\", \"age\": 7, \"tags\": [\"red\", \"blue\"], \"at\":"
                    + " \"1862-07-04T12:30:00Z\", \"children\": []}";

    @Param({"llama3-vocab"})
    public String vocabulary = "";

    @SuppressWarnings("NullAway.Init")
    private Vocabulary tokens;

    @SuppressWarnings("NullAway.Init")
    private Grammar grammar;

    private int[] ids = {};

    @Setup(Level.Trial)
    public void read() throws IOException {
        byte[] file =
                Data.read(Data.shared().resolve("tokenizers/vocab/" + vocabulary + ".gguf.gz"));
        try (GgufFile gguf = GgufFile.of(file)) {
            Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
            tokens = tokenizer.vocabulary();
            ids = tokenizer.encode(TEXT, false, false);
        }
        grammar = Grammar.jsonSchema(SCHEMA);
    }

    /** All tokens of the text, with a grammar whose masks are known. */
    @Benchmark
    public int known() {
        return walk(grammar);
    }

    /** All tokens of the text, and the compilation of the grammar. */
    @Benchmark
    public int fresh() {
        return walk(Grammar.jsonSchema(SCHEMA));
    }

    private int walk(Grammar any) {
        GrammarWalk walk = TokenGrammar.of(any, tokens).start();
        int allowed = 0;
        for (int token : ids) {
            TokenMask mask = walk.mask();
            allowed += mask.allows(token) ? 1 : 0;
            walk.accept(token);
        }
        return allowed;
    }
}
