package dev.snoozy.cli.conformance;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Broken GGUF files: each is opened as {@code run} does, up to bound weights and one evaluated
 * token. What must be refused must be refused with one clear message; nothing may crash or hang.
 */
final class GgufConformance {
    /** Far beyond what any of them needs: what takes longer hangs. */
    private static final long PATIENCE_SECONDS = 20;

    private final Report report;

    GgufConformance(Report report) {
        this.report = report;
    }

    /** Checks the files of {@code index.json} in {@code files.zip}. */
    void check(Path folder) throws IOException {
        Path index = folder.resolve("index.json");
        Path archive = folder.resolve("files.zip");
        if (!Files.exists(index) || !Files.exists(archive)) {
            throw new WrongUseException("expected index.json and files.zip in " + folder);
        }
        Path unpacked = Files.createTempDirectory("snoozy-gguf");
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (JsonNode line : CaseFiles.json(index)) {
                String name = line.get("file").asString();
                ZipEntry entry = zip.getEntry(name);
                if (entry == null) {
                    report.fail(name, "not in files.zip");
                    continue;
                }
                Path file = unpacked.resolve("case.gguf");
                Files.write(file, zip.getInputStream(entry).readAllBytes());
                check(name, line.get("expect").asString(), file);
                Files.delete(file);
            }
        } finally {
            Files.deleteIfExists(unpacked.resolve("case.gguf"));
            Files.delete(unpacked);
        }
    }

    private void check(String name, String expected, Path file) {
        long start = System.nanoTime();
        Throwable error;
        try {
            error = attempt(() -> open(file, expected.equals("accept")));
        } catch (TimeoutException e) {
            report.fail(name, "it hangs: no answer after " + PATIENCE_SECONDS + " s");
            return;
        }
        String said = error == null ? "opened" : String.valueOf(error.getMessage());
        Map<String, Object> figures =
                Map.of("ms", (System.nanoTime() - start) / 1_000_000, "said", said);
        if (error != null && !isClear(error)) {
            report.fail(name, "it crashes: " + error, figures);
        } else if (expected.equals("accept") && error != null) {
            report.fail(name, "expected to open\nfound    " + said, figures);
        } else if (expected.equals("reject") && error == null) {
            report.fail(name, "expected an error\nfound    " + said, figures);
        } else {
            report.pass(name, figures);
        }
    }

    /** One of our own messages, in one line. */
    private static boolean isClear(Throwable error) {
        boolean ours =
                error instanceof FormatException
                        || error instanceof TextException
                        || error instanceof ModelException;
        String message = String.valueOf(error.getMessage()).strip();
        return ours && !message.isEmpty() && !message.equals("null") && !message.contains("\n");
    }

    private interface Attempt {
        void run() throws IOException;
    }

    /** What came of it: null, or the error, which may be of any kind. */
    private static @Nullable Throwable attempt(Attempt attempt) throws TimeoutException {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                attempt.run();
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        },
                        "gguf-conformance");
        thread.setDaemon(true);
        thread.start();
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    private static void open(Path file, boolean vocabularySuffices) throws IOException {
        GgufFile gguf = GgufFile.open(file);
        if (vocabularySuffices && gguf.tensors().isEmpty()) {
            try (gguf) {
                Tokenizer.of(gguf.metadata());
            }
            return;
        }
        try (LanguageModel model = LanguageModel.of(gguf, LoadOptions.defaults().withThreads(1));
                Evaluation text = model.evaluation()) {
            List<float[]> scores = text.append(new int[] {0}, false);
            if (scores.getFirst().length == 0) {
                throw new ModelException("the model has no vocabulary");
            }
        }
    }
}
