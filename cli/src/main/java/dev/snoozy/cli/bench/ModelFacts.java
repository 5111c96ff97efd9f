package dev.snoozy.cli.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a model file is.
 *
 * @param type as the file says, or the type of most weights
 * @param bitsPerWeight bits of all tensors for each of their elements
 */
public record ModelFacts(String type, double bitsPerWeight) {
    /** Reads them from a file. */
    public static ModelFacts of(Path file) throws IOException {
        BenchReport.Model model = BenchReport.Model.of(file);
        return new ModelFacts(model.type(), 8.0 * model.bytes() / Math.max(1, model.parameters()));
    }
}
