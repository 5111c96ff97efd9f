package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.Quantizer;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/** From a model to a smaller one. */
final class QuantizeStage implements Stage {
    static final String FOLDER = "quantize/";

    private final Variant variant;
    private final Path source;
    private final Mixture mixture;
    private final int threads;
    private final String key;
    private volatile boolean stopped;

    /**
     * @param variant what it makes
     * @param source from what, whose digest is the next
     */
    QuantizeStage(Variant variant, Path source, String digest, Mixture mixture, int threads) {
        this.variant = variant;
        this.source = source;
        this.mixture = mixture;
        this.threads = threads;
        key = Sha256.of(String.join("\n", "quantize 1", digest, mixture.name()));
    }

    /** The name of the file that it makes. */
    static String file(Variant variant) {
        return variant.name() + ".gguf";
    }

    @Override
    public String name() {
        return FOLDER + variant.name();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public List<String> run(Path folder, boolean goesOn, CookListener listener)
            throws IOException, InterruptedException {
        QuantizeOptions options = new QuantizeOptions(mixture, List.of(), null, "", true, threads);
        Pace pace = new Pace();
        try (GgufFile file = GgufFile.open(source)) {
            Quantizer quantizer = new Quantizer(file, options);
            long all =
                    quantizer.plan().choices().stream()
                            .mapToLong(choice -> choice.target().elements())
                            .sum();
            quantizer.write(
                    folder.resolve(file(variant)),
                    done -> {
                        if (stopped) {
                            throw new CancellationException("stopped");
                        }
                        listener.progress("quantizing" + pace.text(done, all));
                    });
        } catch (CancellationException e) {
            throw (InterruptedException) new InterruptedException("stopped").initCause(e);
        }
        return List.of(file(variant));
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
