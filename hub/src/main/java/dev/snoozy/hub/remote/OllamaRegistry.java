package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.download.RemoteFile;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.download.Web;
import dev.snoozy.hub.files.SafeName;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The open manifests of Ollama's registry (OCI distribution specification, {@code
 * /v2/NAME/manifests/TAG} and {@code /v2/NAME/blobs/DIGEST}). Thread-safe.
 */
public final class OllamaRegistry implements Source {
    private static final int MOST_BYTES = 1 << 20;
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String KIND = "application/vnd.ollama.image.";

    private final Web web;
    private final HubOptions options;
    private final Reference.Ollama reference;

    public OllamaRegistry(Web web, HubOptions options, Reference.Ollama reference) {
        this.web = web;
        this.options = options;
        this.reference = reference;
    }

    /** The model that the reference means. */
    public Finding model() throws InterruptedException {
        URI uri = at("manifests/" + reference.tag());
        JsonNode manifest;
        try {
            manifest = RemoteJson.read(web.read(uri, Map.of("Accept", MANIFEST), MOST_BYTES));
        } catch (StatusException e) {
            throw explain(e);
        }
        List<RemoteFile> files = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers").values()) {
            String kind = layer.path("mediaType").asString("").replace(KIND, "");
            switch (kind) {
                case "model" -> files.add(file(layer));
                case "adapter", "projector" ->
                        notes.add("its " + kind + " is left out: this program does not use it");
                default -> {
                    // licence, template and parameters of Ollama's own form
                }
            }
        }
        if (files.size() != 1) {
            throw new HubException(
                    "%s: expected one file of weights in its manifest, found %d"
                            .formatted(shown(), files.size()));
        }
        boolean own = reference.space().equals(Reference.LIBRARY);
        ModelName name =
                new ModelName(
                        own ? null : reference.space(),
                        reference.name(),
                        reference.tag().equals("latest") ? null : reference.tag());
        String digest = "sha256:" + files.getFirst().sha256();
        return new Finding(name, new Origin("ollama", shown(), digest), files, notes, this);
    }

    private RemoteFile file(JsonNode layer) {
        String digest = layer.path("digest").asString("");
        long bytes = layer.path("size").asLong(-1);
        if (!SafeName.isDigest(digest) || bytes < 1) {
            throw new HubException(
                    "%s: expected sha256:64 hexadecimal digits and a size, found %s of %d bytes"
                            .formatted(shown(), SafeName.shown(digest), bytes));
        }
        String file = reference.name() + "-" + reference.tag() + ".gguf";
        return new RemoteFile(
                at("blobs/" + digest), file, bytes, digest.substring("sha256:".length()), null);
    }

    private URI at(String rest) {
        return URI.create(
                "%s/v2/%s/%s/%s"
                        .formatted(options.ollama(), reference.space(), reference.name(), rest));
    }

    private String shown() {
        boolean own = reference.space().equals(Reference.LIBRARY);
        return (own ? "" : reference.space() + "/") + reference.name() + ":" + reference.tag();
    }

    @Override
    public HubException explain(StatusException refusal) {
        String message =
                switch (refusal.status()) {
                    case 404 ->
                            "%s: no such model or tag in Ollama's registry; its tags are listed at"
                                            .formatted(shown())
                                    + " https://ollama.com/"
                                    + reference.space()
                                    + "/"
                                    + reference.name()
                                    + "/tags";
                    case 401, 403 -> shown() + ": the registry does not give it to everybody";
                    default -> shown() + ": " + refusal.getMessage() + "; cure: try again later";
                };
        return new HubException(message, refusal);
    }
}
