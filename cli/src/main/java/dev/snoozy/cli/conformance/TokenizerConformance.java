package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Models;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Tokenizers against ids of outside implementations: {@code *.jsonl.gz} with four columns of ids
 * and the text they detokenize to, and pairs of {@code .inp} and {@code .out} files.
 */
final class TokenizerConformance {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Case files that are named otherwise than their vocabulary. */
    private static final Map<String, String> ALIASES =
            Map.of("llama-bpe", "llama3-vocab", "qwen2", "qwen2-vocab");

    private static final String SHIPPED_CASES = "stories260K-vocab";
    private static final String SHIPPED_MODEL = "tinystories";

    private record Column(String name, boolean addSpecial, boolean parseSpecial) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("ids", false, false),
                    new Column("ids_add_special", true, false),
                    new Column("ids_parse_special", false, true),
                    new Column("ids_add_and_parse_special", true, true));

    private final Report report;
    private final Map<String, Path> vocabularies = new TreeMap<>();

    TokenizerConformance(Report report, List<Path> vocabularyPlaces) throws IOException {
        this.report = report;
        for (Path file : CaseFiles.below(vocabularyPlaces)) {
            if (CaseFiles.name(file).matches(".*\\.gguf(\\.gz)?")) {
                vocabularies.putIfAbsent(CaseFiles.stem(file, ".gguf"), file);
            }
        }
    }

    /** Checks every case file below the places. */
    void check(List<Path> places) throws IOException {
        for (Path file : CaseFiles.below(places)) {
            String name = CaseFiles.name(file);
            boolean table = name.matches(".*\\.jsonl(\\.gz)?");
            if (!table && !name.endsWith(".inp")) {
                continue;
            }
            String stem = CaseFiles.stem(file, table ? ".jsonl" : ".inp");
            Optional<Tokenizer> tokenizer = tokenizer(stem);
            if (tokenizer.isEmpty()) {
                continue;
            }
            if (table) {
                CaseFiles.lines(file, line -> checkLine(stem, line, tokenizer.get()));
            } else {
                checkPair(stem, file, tokenizer.get());
            }
        }
    }

    /** The tokenizer for a case file; its absence is reported as a failure. */
    private Optional<Tokenizer> tokenizer(String stem) throws IOException {
        Path file = vocabularies.get(ALIASES.getOrDefault(stem, stem));
        file = file == null ? vocabularies.get(stem) : file;
        try {
            if (file == null && stem.equals(SHIPPED_CASES)) {
                file = Models.find(SHIPPED_MODEL);
            }
            if (file == null) {
                report.fail(
                        stem,
                        "no vocabulary: expected "
                                + ALIASES.getOrDefault(stem, stem)
                                + ".gguf or .gguf.gz in the places given by --vocab");
                return Optional.empty();
            }
            try (GgufFile gguf = Models.open(file)) {
                return Optional.of(Tokenizer.of(gguf.metadata()));
            }
        } catch (RuntimeException e) {
            report.fail(stem, "the vocabulary cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void checkLine(String stem, JsonNode line, Tokenizer tokenizer) {
        String name = stem + "/" + line.path("id").asString(line.path("id").toString());
        String text = line.get("text").asString();
        StringBuilder wrong = new StringBuilder();
        try {
            for (Column column : COLUMNS) {
                if (!line.has(column.name())) {
                    continue;
                }
                int[] expected = CaseFiles.ints(line.get(column.name()));
                int[] found = tokenizer.encode(text, column.addSpecial(), column.parseSpecial());
                if (!Arrays.equals(expected, found)) {
                    wrong.append(
                            difference(
                                    column.name(),
                                    Arrays.toString(expected),
                                    Arrays.toString(found)));
                }
            }
            checkDecoding(line, tokenizer, wrong);
        } catch (RuntimeException e) {
            wrong.append(e);
        }
        if (wrong.isEmpty()) {
            report.pass(name);
        } else {
            report.fail(name, "text " + quoted(text) + "\n" + wrong);
        }
    }

    private static void checkDecoding(JsonNode line, Tokenizer tokenizer, StringBuilder wrong) {
        byte[] expected;
        if (line.has("detokenized_hex")) {
            expected = HexFormat.of().parseHex(line.get("detokenized_hex").asString());
        } else if (line.has("detokenized")) {
            expected = line.get("detokenized").asString().getBytes(StandardCharsets.UTF_8);
        } else {
            return;
        }
        byte[] found = tokenizer.decode(CaseFiles.ints(line.get("ids")), true);
        if (!Arrays.equals(expected, found)) {
            wrong.append(difference("detokenized", shown(expected), shown(found)));
        }
    }

    private void checkPair(String stem, Path input, Tokenizer tokenizer) throws IOException {
        Path output = input.resolveSibling(CaseFiles.name(input).replaceAll("inp$", "out"));
        if (!Files.exists(output)) {
            report.fail(stem, "no file of expected ids: " + output);
            return;
        }
        String[] texts = Files.readString(input).split(SEPARATOR, -1);
        List<String> lines = Files.readAllLines(output);
        // The last block of the file is followed by one more separator or line end.
        for (int i = 0; i < lines.size(); i++) {
            String name = stem + "/block " + (i + 1);
            if (i >= texts.length) {
                report.fail(name, "the file of ids has more lines than there are texts");
                return;
            }
            int[] expected = ids(lines.get(i));
            int[] found = tokenizer.encode(texts[i], false, false);
            if (Arrays.equals(expected, found)) {
                report.pass(name);
            } else {
                report.fail(
                        name,
                        "text " + quoted(texts[i]),
                        Arrays.toString(expected),
                        Arrays.toString(found));
            }
        }
    }

    private static int[] ids(String line) {
        return SPACES.splitAsStream(line.strip())
                .filter(word -> !word.isEmpty())
                .mapToInt(TokenizerConformance::id)
                .toArray();
    }

    private static int id(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new WrongUseException("expected a token id, found " + word);
        }
    }

    private static String difference(String what, String expected, String found) {
        return what + "\nexpected " + expected + "\nfound    " + found + "\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
    }

    private static String shown(byte[] bytes) {
        return quoted(new String(bytes, StandardCharsets.UTF_8))
                + " "
                + HexFormat.of().formatHex(bytes);
    }
}
