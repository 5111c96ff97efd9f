package dev.snoozy.cli.compress;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.cli.bench.ModelFacts;
import dev.snoozy.cli.bench.Speeds;
import dev.snoozy.compress.DiskSpace;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.Quantizer;
import dev.snoozy.compress.TargetSearch;
import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.PerplexityResult;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Quantizes a model to one type after another and measures each: what {@code quantize --report}
 * does. One quantized file is there at a time.
 */
final class QualityMeasurement {
    private static final int CHUNK = 512;
    private static final int SHORT_CHUNK = 256;

    /** A text of fewer whole chunks is read in shorter ones. */
    private static final int FEW = 4;

    private static final int SHORT_TEXT = 4096;
    private static final int LONG_TEXT = 32_768;

    /** Scores of the source that are kept in memory; else it is read again beside each type. */
    private static final long MOST_KEPT = 256L << 20;

    /** Parts that a type's work is counted in, for the time that is left. */
    private static final int PARTS = 100;

    private static final int QUANTIZED = 20;
    private static final int SCORED = 60;

    private final Path model;
    private final Path folder;
    private final ReportFlags flags;
    private final Map<String, QuantizeOptions> types;
    private final int threads;
    private final PrintWriter err;

    /**
     * What is to be done.
     *
     * @param folder for the report; made if it is not there
     * @param types how to quantize, by name; at least one
     */
    QualityMeasurement(
            Path model,
            Path folder,
            ReportFlags flags,
            Map<String, QuantizeOptions> types,
            PrintWriter err) {
        this.model = model;
        this.folder = folder;
        this.flags = flags;
        this.types = new LinkedHashMap<>(types);
        this.threads = types.values().iterator().next().threads();
        this.err = err;
    }

    /**
     * Does it.
     *
     * @throws WrongUseException if the text is too short
     */
    QualityReport run() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new WrongUseException(folder + " is a file; expected a folder for the report");
        }
        Path given = flags.text();
        String words = given == null ? TargetSearch.builtInProbe() : Input.file(given);
        check();
        List<QualityReport.Row> rows = new ArrayList<>();
        try (Progress progress = Progress.of("report", (types.size() + 1L) * PARTS);
                ScratchFolder scratch = new ScratchFolder(folder)) {
            Reading source = source(words, progress);
            rows.add(row("", model, source.own(), source.memory(), progress));
            for (Map.Entry<String, QuantizeOptions> type : types.entrySet()) {
                String name = type.getKey();
                int index = rows.size();
                rows.add(row(name, type.getValue(), source, index, scratch, progress));
            }
            return new QualityReport(
                    String.valueOf(model.getFileName()),
                    new QualityReport.Text(
                            given == null ? "built-in" : String.valueOf(given.getFileName()),
                            given == null,
                            source.text().size(),
                            source.own().tokens()),
                    source.kernels(),
                    Runtime.getRuntime().availableProcessors(),
                    threads,
                    importance(),
                    rows);
        }
    }

    private @Nullable String importance() {
        String name = types.values().iterator().next().importanceFile();
        return name.isEmpty() ? null : name;
    }

    /** Refuses what would be refused later, and too little room. */
    private void check() throws IOException {
        long most = 0;
        long all = 0;
        try (GgufFile source = Models.open(model)) {
            for (QuantizeOptions options : types.values()) {
                Quantizer quantizer = new Quantizer(source, options);
                quantizer.check();
                most = Math.max(most, quantizer.fileBytes());
                all += quantizer.fileBytes();
            }
        }
        Files.createDirectories(folder);
        DiskSpace.require(folder.resolve("report.md"), flags.keep() ? all : most);
    }

    private LanguageModel load(Path file, int context) throws IOException {
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(threads)
                        .withContextLength(context)
                        .withPrefixMemory(0);
        return Loading.of(file, options, err);
    }

    // ---- the source

    /**
     * What the source said of the text.
     *
     * @param base its scores, null if they are too many to keep
     * @param memory for texts of both lengths
     */
    private record Reading(
            TextChunks text,
            Base.@Nullable Kept base,
            PerplexityResult own,
            String kernels,
            Memory memory) {}

    /** Bytes for running with texts of both lengths. */
    private record Memory(long shortText, long longText) {
        static Memory of(LanguageModel model) {
            return new Memory(model.memory(SHORT_TEXT), model.memory(LONG_TEXT));
        }
    }

    private Reading source(String words, Progress progress) throws IOException {
        try (LanguageModel source = load(model, CHUNK)) {
            TextChunks text = chunks(source, words);
            Perplexity perplexity = perplexity(source, "the source", 0, progress);
            long vocabulary = source.tokenizer().vocabulary().size();
            boolean keeps = (long) text.count() * text.size() / 2 * vocabulary * 4 <= MOST_KEPT;
            Base.Kept base = keeps ? perplexity.keep(text) : null;
            PerplexityResult own = base == null ? perplexity.of(text) : base.own();
            return new Reading(text, base, own, source.kernels(), Memory.of(source));
        }
    }

    private static TextChunks chunks(LanguageModel model, String words) {
        int tokens = model.tokenizer().encode(words, true, false).length;
        if (tokens < SHORT_CHUNK) {
            throw new WrongUseException(
                    "--text: the text has %d tokens, expected %d or more; cure: a longer text"
                            .formatted(tokens, SHORT_CHUNK));
        }
        int size = tokens < FEW * CHUNK ? SHORT_CHUNK : CHUNK;
        return TextChunks.of(model.tokenizer(), words, size, 0);
    }

    // ---- the types

    private QualityReport.Row row(
            String type,
            QuantizeOptions options,
            Reading source,
            int index,
            ScratchFolder scratch,
            Progress progress)
            throws IOException {
        String name = name(type);
        Path file = flags.keep() ? folder.resolve(name) : scratch.file(name);
        says(progress, type, "quantizing");
        try (GgufFile from = Models.open(model)) {
            Quantizer quantizer = new Quantizer(from, options);
            long elements = Math.max(1, quantizer.plan().elements());
            quantizer.write(
                    file,
                    done -> progress.done((long) index * PARTS + QUANTIZED * done / elements));
        }
        PerplexityResult result;
        Memory memory;
        try (LanguageModel quantized = load(file, source.text().size())) {
            memory = Memory.of(quantized);
            Perplexity perplexity = perplexity(quantized, type, index, progress);
            result = compare(perplexity, source);
        }
        QualityReport.Row row = row(type, file, result, memory, progress);
        progress.done((index + 1L) * PARTS);
        if (!flags.keep()) {
            Files.deleteIfExists(file);
        }
        return row;
    }

    private PerplexityResult compare(Perplexity perplexity, Reading source) throws IOException {
        if (source.base() != null) {
            return perplexity.compare(source.text(), source.base());
        }
        try (LanguageModel base = load(model, source.text().size())) {
            return perplexity.compare(source.text(), new Base.Live(base));
        }
    }

    private String name(String type) {
        String name = String.valueOf(model.getFileName()).replaceAll("\\.gguf(\\.gz)?$", "");
        return name + "-" + type + ".gguf";
    }

    private Perplexity perplexity(LanguageModel read, String type, int index, Progress progress) {
        says(progress, type, "measuring quality");
        return new Perplexity(
                read,
                threads,
                (done, all, value) ->
                        progress.done(
                                (long) index * PARTS + QUANTIZED + (long) SCORED * done / all));
    }

    private static void says(Progress progress, String type, String what) {
        progress.says("report, " + type + ": " + what);
    }

    /** A line; without a type that of the source. */
    private QualityReport.Row row(
            String type, Path file, PerplexityResult result, Memory memory, Progress progress)
            throws IOException {
        Speeds speeds = null;
        if (flags.speed()) {
            says(progress, type.isEmpty() ? "the source" : type, "measuring speed");
            speeds = Speeds.of(file, threads, err);
        }
        ModelFacts known = ModelFacts.of(file);
        Divergence d = type.isEmpty() ? null : result.divergence();
        return new QualityReport.Row(
                type.isEmpty() ? known.type() : type,
                type.isEmpty(),
                Files.size(file),
                known.bitsPerWeight(),
                memory.shortText(),
                memory.longText(),
                speeds == null ? null : speeds.prefill(),
                speeds == null ? null : speeds.decode(),
                result.perplexity(),
                d == null ? null : d.divergence(),
                d == null ? null : d.divergence999(),
                d == null ? null : d.sameTop());
    }
}
