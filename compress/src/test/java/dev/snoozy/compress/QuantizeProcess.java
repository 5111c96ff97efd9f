package dev.snoozy.compress;

import dev.snoozy.format.GgufFile;

import java.io.IOException;
import java.nio.file.Path;

/** Quantizes in a process of its own and tells every step, for a test that ends it. */
final class QuantizeProcess {
    private QuantizeProcess() {}

    /** Takes a source, a target and a type. */
    public static void main(String[] args) throws IOException {
        QuantizeOptions options = new QuantizeOptions(Mixture.of(args[2]).orElseThrow());
        try (GgufFile source = GgufFile.open(Path.of(args[0]))) {
            new Quantizer(source, options).write(Path.of(args[1]), System.out::println);
        }
        System.out.println("done");
    }
}
