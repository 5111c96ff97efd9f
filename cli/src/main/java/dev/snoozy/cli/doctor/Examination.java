package dev.snoozy.cli.doctor;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Printable;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.MachineLimits;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at what Snoozy needs, one thing after the other. */
final class Examination {
    private static final int JAVA = 25;
    private static final long LITTLE_MEMORY = 4L << 30;
    private static final long LITTLE_DISK = 5L << 30;

    /** The kernels name it where it is all that is missing. */
    private static final String VECTOR_MODULE = "--add-modules jdk.incubator.vector";

    /** What the shipped model says first, whatever the machine: 32 tokens, always the likeliest. */
    private static final String PROMPT = "Once upon a time";

    private static final String STORY =
            ", there was a little girl named Lily. She loved to play outside";

    private Examination() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(processor());
        findings.add(memory());
        limits().ifPresent(findings::add);
        findings.add(folder());
        findings.add(models());
        findings.addAll(speed(Cliffs.ofMachine()));
        findings.addAll(engine());
        return findings;
    }

    private static Finding java() {
        String found =
                Runtime.version()
                        + " of "
                        + System.getProperty("java.vendor")
                        + " in "
                        + System.getProperty("java.home");
        return Runtime.version().feature() == JAVA
                ? Finding.ok("java", found)
                : Finding.problem("java", found, "install JDK 25, or point SNOOZY_JAVA_HOME to it");
    }

    private static Finding processor() {
        return Finding.ok(
                "processor",
                Runtime.getRuntime().availableProcessors()
                        + " processors, "
                        + System.getProperty("os.arch")
                        + ", "
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version"));
    }

    private static Finding memory() {
        long heap = Runtime.getRuntime().maxMemory();
        long all = physicalMemory();
        OptionalLong free = AvailableMemory.here();
        String found =
                (all > 0 ? Printable.bytes(all) + ", " : "")
                        + (free.isPresent()
                                ? Printable.bytes(free.getAsLong()) + " free for models, "
                                : "")
                        + Printable.bytes(heap)
                        + " for the program";
        return all > 0 && all < LITTLE_MEMORY
                ? Finding.note("memory", found, "models of 1 B parameters in 4 bits will fit")
                : Finding.ok("memory", found);
    }

    /** What benchmarks are held against; nothing where it cannot be measured. */
    private static Optional<Finding> limits() {
        return MachineLimits.measure(Runtime.getRuntime().availableProcessors())
                .map(most ->
                        Finding.ok(
                                "limits",
                                String.format(
                                        Locale.ROOT,
                                        "reading %.1f GB/s, %.0f GOP/s with 8-bit numbers, %.0f"
                                                + " GOP/s in F32, with %d threads",
                                        most.readPerSecond() / 1e9,
                                        most.bytesPerSecond() / 1e9,
                                        most.floatsPerSecond() / 1e9,
                                        most.threads())));
    }

    private static long physicalMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** Whether the user's folder can be written to, or made. */
    private static Finding folder() {
        Path folder = Home.folder();
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "doctor", null);
            Files.delete(probe);
            long free = Files.getFileStore(folder).getUsableSpace();
            String found = folder + ", " + Printable.bytes(free) + " free";
            return free < LITTLE_DISK
                    ? Finding.note("folder", found, "models are large; set SNOOZY_HOME elsewhere")
                    : Finding.ok("folder", found);
        } catch (IOException e) {
            return Finding.problem(
                    "folder",
                    folder + " cannot be written to: " + e.getMessage(),
                    "point SNOOZY_HOME to a folder of yours");
        }
    }

    private static Finding models() {
        List<String> names = Models.names();
        return names.isEmpty()
                ? Finding.note("models", "none found by name", "give the path of a GGUF file")
                : Finding.ok("models", String.join(", ", names));
    }

    /** What computes; scalar kernels do their work, several times slower than they need to. */
    static Finding kernels(String description) {
        return description.contains(VECTOR_MODULE)
                ? Finding.note(
                        "kernels",
                        description,
                        "set SNOOZY_VECTOR=1 to compute with the Vector API, several times faster;"
                                + " Java then prints one line about it at each start")
                : Finding.ok("kernels", description);
    }

    private static List<Finding> speed(List<Cliffs.Report> cliffs) {
        List<Finding> findings = new ArrayList<>();
        for (Cliffs.Report slow : cliffs) {
            String found = slow.cliff().description() + " (" + slow.found() + ")";
            findings.add(Finding.note("speed", found, slow.cliff().remedy()));
        }
        return findings;
    }

    /** Runs the shipped model, whose first words are known. */
    private static List<Finding> engine() {
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(32)
                        .withSampling(SamplingOptions.greedy());
        try (LanguageModel model =
                LanguageModel.of(Models.open("tinystories"), LoadOptions.defaults())) {
            Generation story = model.generate(PROMPT, options);
            List<Finding> findings = new ArrayList<>();
            findings.add(kernels(model.kernels()));
            findings.addAll(speed(model.cliffs()));
            if (!story.text().startsWith(STORY)) {
                findings.add(
                        Finding.problem(
                                "engine",
                                "tinystories should say \"" + STORY + "\", said " + story.text(),
                                "the build or the file is damaged: build again from a fresh clone"));
                return findings;
            }
            String speed =
                    String.format(
                            Locale.ROOT,
                            "tinystories speaks as it should, %.0f t/s",
                            story.timings().generatedPerSecond());
            findings.add(Finding.ok("engine", speed));
            return findings;
        } catch (IOException | RuntimeException e) {
            return List.of(
                    Finding.problem(
                            "engine",
                            "tinystories does not run: " + e.getMessage(),
                            "the build or the file is damaged: build again from a fresh clone"));
        }
    }
}
