package dev.snoozy.bench;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.testkit.Data;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast text becomes tokens and tokens become text, in megabytes of UTF-8 a second (counter
 * {@code megabytes}), and how long a tokenizer takes to build.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TokenizerBenchmark {
    @Param({"qwen2-vocab", "llama3-vocab", "mistral-v1-vocab", "ugm4k-vocab", "bert-bge"})
    public String vocabulary = "";

    @Param({"war-and-peace.txt.gz", "corpus.en.gz"})
    public String text = "";

    private Metadata metadata = new Metadata(Map.of());
    private String content = "";
    private int[] ids = {};
    private double size;

    @SuppressWarnings("NullAway.Init")
    private Tokenizer tokenizer;

    /** Counts bytes beside operations. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Volume {
        public double megabytes;
    }

    @Setup
    public void read() throws IOException {
        Path data = Data.shared();
        byte[] file = Data.read(data.resolve("tokenizers/vocab/" + vocabulary + ".gguf.gz"));
        try (GgufFile gguf = GgufFile.of(file)) {
            metadata = gguf.metadata();
        }
        byte[] bytes = Data.read(data.resolve("text/" + text));
        size = bytes.length / 1e6;
        content = new String(bytes, StandardCharsets.UTF_8);
        tokenizer = Tokenizer.of(metadata);
        ids = tokenizer.encode(content, false, false);
    }

    @Benchmark
    public int[] encode(Volume volume) {
        volume.megabytes += size;
        return tokenizer.encode(content, false, false);
    }

    @Benchmark
    public byte[] decode(Volume volume) {
        volume.megabytes += size;
        return tokenizer.decode(ids, false);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Tokenizer construct() {
        return Tokenizer.of(metadata);
    }
}
