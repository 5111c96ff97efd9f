package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.documents.extract.ExtractedDocument;
import dev.snoozy.documents.extract.ExtractionException;
import dev.snoozy.documents.extract.ExtractionException.Reason;
import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of documents against words that another program found in them: {@code expected.json}
 * names each file and what is expected of it.
 */
final class DocumentsConformance {
    private static final String INDEX = "expected.json";

    /** Broken and hostile files must have ended by then. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Report report;

    DocumentsConformance(Report report) {
        this.report = report;
    }

    /** Checks all files that the index in a folder names. */
    void check(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new WrongUseException("no " + INDEX + " in " + folder);
        }
        JsonNode cases = Json.mapper().readTree(Files.readString(index));
        try (Extractor extractor = new Extractor(ExtractionLimits.defaults().withTime(LIMIT), 1)) {
            extractor.warmUp();
            for (JsonNode one : cases) {
                check(folder, one, extractor);
            }
        } catch (ExtractionException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void check(Path folder, JsonNode one, Extractor extractor)
            throws InterruptedException, IOException {
        String name = one.path("file").asString("");
        String expect = one.path("expect").asString("");
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            report.fail(name, "the file is missing");
            return;
        }
        long start = System.nanoTime();
        try {
            ExtractedDocument document = extractor.extract(file);
            checkText(file, expect, one, document, start);
        } catch (ExtractionException e) {
            boolean rejected =
                    expect.startsWith("reject")
                            && e.reason() != Reason.SYSTEM
                            && e.reason() != Reason.LIMIT;
            if (rejected) {
                report.pass(name, Map.of("refused", String.valueOf(e.getMessage())));
            } else {
                report.fail(name, "expected " + expect + "\nfound    " + e.getMessage());
            }
        }
    }

    private void checkText(
            Path file, String expect, JsonNode one, ExtractedDocument document, long start)
            throws IOException {
        String name = String.valueOf(file.getFileName());
        String text = document.text();
        Map<String, Object> figures =
                Map.of(
                        "characters", text.length(),
                        "blocks", document.blocks().size(),
                        "type", document.type(),
                        "seconds", (System.nanoTime() - start) / 1e9);
        switch (expect) {
            case "words" -> {
                List<String> missing = new ArrayList<>();
                for (JsonNode word : one.path("words")) {
                    if (!text.contains(word.asString())) {
                        missing.add(word.asString());
                    }
                }
                // Where the spaces of a PDF are is a guess: the other program may have joined
                // words.
                String joined = text.replaceAll("\\s+", "");
                missing.removeIf(joined::contains);
                List<String> noText = HiddenWords.among(missing, file);
                missing.removeAll(noText);
                if (missing.isEmpty()) {
                    Map<String, Object> all = new LinkedHashMap<>(figures);
                    all.put("words_of_styles_and_layout", noText);
                    report.pass(name, all);
                } else {
                    report.fail(name, "words not found: " + missing, figures);
                }
            }
            case "text", "reject-or-partial" -> report.pass(name, figures);
            case "reject-or-empty" -> {
                if (text.isBlank()) {
                    report.pass(name, figures);
                } else {
                    report.fail(
                            name,
                            "expected a refusal or no text, found " + text.length() + " characters",
                            figures);
                }
            }
            default -> report.fail(name, "an expectation that is not known: " + expect);
        }
    }
}
