package dev.snoozy.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code docs/models.md} is what the code of the architectures asks for. With {@code
 * -Dmodels.write=true} the page, the list of what was compared with outside figures, and what the
 * tiny models of the tests are made of, are written anew.
 */
class ModelsDocumentTest {
    private static final Path PAGE = Data.root().resolve("docs/models.md");

    /** The goldens of each architecture, in the repository since its tests run without them. */
    private static final Path PROOFS =
            Data.root().resolve("engine/src/test/resources/dev/snoozy/engine/model/proofs.txt");

    /** What the tiny models of all architectures are made of. */
    private static final Path TINY =
            Data.root().resolve("testkit/src/main/resources/dev/snoozy/testkit/architectures.txt");

    private static final boolean WRITE = Boolean.getBoolean("models.write");

    /** What files of an architecture need; several may need the same. */
    private record Needs(
            Set<String> keys,
            Set<String> furtherKeys,
            Collection<String> tensors,
            Set<String> furtherTensors) {}

    @Test
    void thePageSaysWhatTheCodeAsksFor() throws IOException {
        String page = page();
        if (WRITE) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/models.md; to write it: -Dmodels.write=true")
                .isEqualTo(page);
    }

    @Test
    void theProofsAreTheGoldensOfTheReferenceData() throws IOException {
        assumeTrue(Files.isDirectory(Goldens.FOLDER), "no reference data in " + Goldens.FOLDER);
        Stream<String> goldens =
                Goldens.ofArchitectures().stream()
                        .map(g -> g.text("architecture") + " " + g.stem());
        String found =
                Stream.of(goldens, tinyModels().stream(), siblings())
                        .flatMap(proofs -> proofs)
                        .sorted()
                        .collect(Collectors.joining("\n", "", "\n"));
        if (WRITE) {
            Files.createDirectories(PROOFS.getParent());
            Files.writeString(PROOFS, found);
        }
        assertThat(Files.readString(PROOFS))
                .as("proofs.txt; to write it: -Dmodels.write=true")
                .isEqualTo(found);
    }

    @Test
    void theTinyModelsAreOfWhatTheCodeAsksFor() throws IOException {
        StringBuilder found = new StringBuilder();
        for (String name : Families.ALL.keySet()) {
            found.append("architecture ").append(name).append('\n');
            Map<String, Object> keys = RandomModels.keys(name);
            keys.forEach((key, value) ->
                    found.append("key ").append(key).append(' ').append(text(value)).append('\n'));
            Metadata metadata = RandomModels.metadata(name, keys);
            Weights asked = RandomModels.asked(metadata, ModelConfig.of(metadata, 0));
            Map<String, Set<Integer>> layers = new LinkedHashMap<>();
            asked.needed()
                    .forEach((tensor, shape) -> {
                        StringBuilder line = new StringBuilder(kind(tensor));
                        for (int i = shape.length - 1; i >= 0; i--) {
                            line.append(' ').append(shape[i]);
                        }
                        layers.computeIfAbsent(line.toString(), l -> new TreeSet<>())
                                .add(layer(tensor));
                    });
            layers.forEach((line, of) ->
                    found.append("tensor ")
                            .append(
                                    of.stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(",")))
                            .append(' ')
                            .append(line)
                            .append('\n'));
        }
        if (WRITE) {
            Files.createDirectories(TINY.getParent());
            Files.writeString(TINY, found);
        }
        assertThat(Files.readString(TINY))
                .as("architectures.txt; to write it: -Dmodels.write=true")
                .isEqualTo(found.toString());
    }

    private static String kind(String tensor) {
        return tensor.replaceFirst("^blk\\.\\d+", "blk.N");
    }

    /** The layer of a tensor, 0 for those of none. */
    private static int layer(String tensor) {
        return tensor.startsWith("blk.") ? Integer.parseInt(tensor.split("\\.", 3)[1]) : 0;
    }

    /** Those of {@code SiblingsTest}, whose names begin with their architecture. */
    private static Stream<String> siblings() throws IOException {
        Path facts = PROOFS.resolveSibling("../siblings.json");
        return JsonMapper.shared().readTree(Files.readString(facts)).propertyNames().stream()
                .map(name ->
                        Families.ALL.keySet().stream()
                                        .filter(name::startsWith)
                                        .max(Comparator.comparingInt(String::length))
                                        .orElseThrow()
                                + " "
                                + name);
    }

    /** The models with greedy texts, or embeddings, of the reference. */
    private static List<String> tinyModels() throws IOException {
        Path folder = Data.shared().resolve("models").resolve("arch");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".gguf.gz")).toList()) {
                try (GgufFile model = GgufFile.of(Data.read(file))) {
                    String name = String.valueOf(file.getFileName()).replace(".gguf.gz", "");
                    found.add(model.metadata().string("general.architecture") + " " + name);
                }
            }
        }
        return found;
    }

    private static String page() {
        Map<String, List<String>> proofs = proofs();
        StringBuilder page =
                new StringBuilder(
                        """
                        # Models

                        What runs, what a file needs for it, and how it was proven. This page is written by
                        `ModelsDocumentTest` from what the code asks for:

                        ```sh
                        mvn -q test -pl engine -am -Dtest=ModelsDocumentTest -Dmodels.write=true \\
                            -Dtests.required=false -Dsurefire.failIfNoSpecifiedTests=false
                        ```

                        A file names its architecture in `general.architecture` (`snoozy show FILE` prints it). One of
                        another architecture is refused with the nearest names and with what it lacks of the nearest
                        one; so is one that lacks a tensor or has another, or that has an option which its architecture
                        does not heed. None is half run.

                        *Proven* names the tiny random models whose logits, texts or embeddings agree with those that
                        llama.cpp computed for them (`snoozy conformance logits`; bounds in [numerics.md](numerics.md)), or,
                        where the name does not end in `-A` or `-s1`, the likeliest tokens (`SiblingsTest`).
                        Where there is none, no outside figures were at hand: the code is that of the architectures of
                        the same file. Of every architecture a random model gives the same bits in batches of any size
                        and on any number of threads.

                        | architecture | models | code | proven |
                        |---|---|---|---|
                        """);
        Families.ALL.forEach((name, family) -> {
            List<String> proof = proofs.getOrDefault(name, List.of());
            page.append(
                    "| `%s` | %s | `%s` | %s |\n"
                            .formatted(
                                    name,
                                    family.models(),
                                    code(name),
                                    proof.isEmpty()
                                            ? "no outside figures"
                                            : String.join(", ", proof)));
        });
        page.append("\n## What a file needs\n\n");
        page.append(
                """
                Keys begin with the name of the architecture; `N` is the number of a layer. All files need
                `context_length`, `embedding_length`, `block_count`, `feed_forward_length` and
                `attention.head_count`, and may have `attention.head_count_kv`, `attention.key_length` and
                `attention.value_length`.
                """);
        Map<Needs, List<String>> groups = new LinkedHashMap<>();
        Families.ALL
                .keySet()
                .forEach(name ->
                        groups.computeIfAbsent(needs(name), n -> new ArrayList<>()).add(name));
        groups.forEach((needs, names) -> {
            page.append("\n### ").append(String.join(", ", names)).append("\n\n");
            line(page, "keys", needs.keys());
            line(page, "keys it heeds", needs.furtherKeys());
            line(page, "tensors", needs.tensors());
            line(page, "tensors it may have", needs.furtherTensors());
        });
        return page.toString();
    }

    private static void line(StringBuilder page, String what, Collection<String> names) {
        if (!names.isEmpty()) {
            String list = names.stream().map(n -> "`" + n + "`").collect(Collectors.joining(", "));
            page.append("- ").append(what).append(": ").append(list).append('\n');
        }
    }

    private static Map<String, List<String>> proofs() {
        Map<String, List<String>> proofs = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(PROOFS)) {
                String[] parts = line.split(" ");
                proofs.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return proofs;
    }

    /** The class that the network is made by. */
    private static String code(String name) {
        Metadata metadata = RandomModels.metadata(name, RandomModels.keys(name));
        Weights weights = new Weights(RandomModels.empty(metadata), null);
        ModelConfig config = ModelConfig.of(metadata, 0);
        return RandomModels.family(name)
                .network()
                .apply(config, weights)
                .getClass()
                .getSimpleName();
    }

    private static Needs needs(String name) {
        Metadata metadata = RandomModels.metadata(name, RandomModels.keys(name));
        ModelConfig config = ModelConfig.of(metadata, 0);
        Weights weights = RandomModels.asked(metadata, config);
        Set<String> keys = new TreeSet<>(config.asked());
        Set<String> needed = new TreeSet<>();
        for (String key : List.of("attention.sliding_window")) {
            if (isNeeded(name, key)) {
                needed.add(key);
            }
        }
        keys.removeAll(needed);
        keys.remove("feed_forward_length");
        keys.remove("attention.head_count_kv");
        Set<String> further = kinds(weights.optional());
        Collection<String> tensors = kinds(weights.needed().keySet());
        further.removeAll(tensors);
        return new Needs(needed, keys, tensors, further);
    }

    private static boolean isNeeded(String name, String key) {
        Map<String, Object> keys = RandomModels.keys(name);
        keys.remove(key);
        Metadata metadata = RandomModels.metadata(name, keys);
        try {
            RandomModels.asked(metadata, ModelConfig.of(metadata, 0));
            return false;
        } catch (ModelException | FormatException e) {
            return true;
        }
    }

    private static String text(Object value) {
        return value instanceof int[] each
                ? Arrays.stream(each).mapToObj(String::valueOf).collect(Collectors.joining(","))
                : value.toString();
    }

    /** The names, once for all layers. */
    private static Set<String> kinds(Collection<String> names) {
        return names.stream()
                .map(ModelsDocumentTest::kind)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
