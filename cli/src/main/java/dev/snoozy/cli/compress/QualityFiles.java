package dev.snoozy.cli.compress;

import dev.snoozy.cli.Json;
import dev.snoozy.format.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The three files of a report, each of them there as a whole or not at all. */
final class QualityFiles {
    private static final String PLOT = "report.svg";

    private QualityFiles() {}

    static void write(QualityReport report, Path folder) throws IOException {
        write(folder.resolve(PLOT), QualityPlot.of(report));
        write(folder.resolve("report.json"), Json.write(report) + "\n");
        write(folder.resolve("report.md"), QualityTable.page(report, PLOT));
    }

    private static void write(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }
}
