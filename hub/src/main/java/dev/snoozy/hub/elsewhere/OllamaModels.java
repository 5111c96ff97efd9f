package dev.snoozy.hub.elsewhere;

import dev.snoozy.hub.Environment;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The models of Ollama: a manifest {@code manifests/HOST/NAMESPACE/MODEL/TAG} names layers by their
 * digests, and {@code blobs/sha256-DIGEST} has the bytes.
 */
final class OllamaModels {
    private static final Place PLACE = Place.OLLAMA;
    private static final int MOST_BYTES = 1 << 20;
    private static final int DEPTH = 5;

    /** Host, namespace, model and tag. */
    private static final int NAMES = 4;

    private static final Pattern DIGEST = Pattern.compile("sha256[:-][0-9a-fA-F]{64}");
    private static final Set<String> OWN_HOSTS = Set.of("registry.ollama.ai", "ollama.com");
    private static final String LAYER = "application/vnd.ollama.image.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path root;
    private final List<StoredModel> models = new ArrayList<>();
    private final List<SkippedFile> skipped = new ArrayList<>();
    private final Set<String> names;

    private OllamaModels(Path root, Set<String> names) {
        this.root = root;
        this.names = names;
    }

    /** The models of the folder that OLLAMA_MODELS names, or of the user's and the service's. */
    static Listing of(Environment environment) {
        List<Path> roots =
                environment
                        .folder("OLLAMA_MODELS")
                        .map(List::of)
                        .orElseGet(() ->
                                List.of(
                                        environment.home().resolve(".ollama").resolve("models"),
                                        environment
                                                .root()
                                                .resolve("usr/share/ollama/.ollama/models")));
        List<StoredModel> models = new ArrayList<>();
        List<SkippedFile> skipped = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path root : roots) {
            OllamaModels found = new OllamaModels(root, names);
            // The second folder is that of newer versions, whose manifests are blobs as well.
            found.look(root.resolve("manifests-v2"));
            found.look(root.resolve("manifests"));
            models.addAll(found.models);
            skipped.addAll(found.skipped);
        }
        return new Listing(models, skipped);
    }

    private void look(Path folder) {
        GgufWalk walk = GgufWalk.of(folder, PLACE, DEPTH, false, name -> true);
        skipped.addAll(walk.skipped());
        for (Path file : walk.files()) {
            Path path = folder.relativize(file);
            if (path.getNameCount() != NAMES) {
                skip(file, "expected a manifest in folders of host, namespace and model");
                continue;
            }
            String name = name(path);
            if (names.contains(name)) {
                continue; // the same in the other folder
            }
            try {
                models.add(model(name, file));
                names.add(name);
            } catch (HubException e) {
                skip(file, name + ": " + e.getMessage());
            } catch (IOException | JacksonException e) {
                skip(file, name + ": the manifest cannot be read");
            }
        }
    }

    /** As Ollama shows it: host and namespace only where they are not the usual ones. */
    private static String name(Path path) {
        String host = path.getName(0).toString();
        String space = path.getName(1).toString();
        String model = path.getName(2) + ":" + path.getName(3);
        if (!OWN_HOSTS.contains(host)) {
            return host + "/" + space + "/" + model;
        }
        return space.equals("library") ? model : space + "/" + model;
    }

    private StoredModel model(String name, Path manifest) throws IOException {
        JsonNode node = read(manifest);
        JsonNode weights = null;
        for (JsonNode layer : node.path("layers")) {
            String type = layer.path("mediaType").asString("");
            if (type.equals(LAYER + "adapter")) {
                throw new HubException("it has an adapter, which cannot be applied");
            }
            if (type.equals(LAYER + "model")) {
                if (weights != null) {
                    throw new HubException("it has several files of weights");
                }
                weights = layer;
            }
        }
        if (weights == null) {
            throw new HubException("it has no GGUF file: its weights lie elsewhere");
        }
        String digest = weights.path("digest").asString("");
        if (!DIGEST.matcher(digest).matches()) {
            throw new HubException("its manifest has a digest that is none");
        }
        String hex = digest.substring("sha256:".length()).toLowerCase(Locale.ROOT);
        Path blob = root.resolve("blobs").resolve("sha256-" + hex);
        return model(name, blob, hex, weights.path("size").asLong(-1));
    }

    private StoredModel model(String name, Path blob, String hex, long size) throws IOException {
        if (!Files.exists(blob)) {
            throw new HubException("its blob is missing");
        }
        String problem = ForeignModels.problem(blob, root);
        if (!problem.isEmpty()) {
            throw new HubException("its blob: " + problem);
        }
        StoredModel model =
                PlainModels.model(
                        name,
                        List.of(blob),
                        new Origin(PLACE.word(), name, "sha256:" + hex),
                        PLACE);
        if (model.bytes() != size) {
            throw new HubException(
                    "its blob: expected %d bytes, found %d".formatted(size, model.bytes()));
        }
        return new StoredModel(
                name,
                List.of(new StoredFile(blob, size, hex)),
                size,
                model.modified(),
                model.origin(),
                PLACE);
    }

    private static JsonNode read(Path manifest) throws IOException {
        try (InputStream in = Files.newInputStream(manifest)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new HubException("its manifest is larger than " + MOST_BYTES + " bytes");
            }
            return JSON.readTree(bytes);
        }
    }

    private void skip(Path file, String reason) {
        skipped.add(new SkippedFile(file, PLACE, reason));
    }
}
