package dev.snoozy.hub;

import dev.snoozy.hub.CatalogueEntry.Network;
import dev.snoozy.hub.CatalogueEntry.Quantization;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Well-known open models that can be had, the smallest first. The list comes with Snoozy: nobody is
 * asked for it, and what it says of sizes and memory is near the truth, not the truth.
 */
public final class Catalogue {
    private static final String RESOURCE = "catalogue.json";
    private static final List<CatalogueEntry> ENTRIES = read();

    private Catalogue() {}

    /** All of it. */
    public static List<CatalogueEntry> entries() {
        return ENTRIES;
    }

    private static List<CatalogueEntry> read() {
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            JsonNode root =
                    JsonMapper.builder().build().readTree(Objects.requireNonNull(in, RESOURCE));
            List<CatalogueEntry> entries = new ArrayList<>();
            for (JsonNode node : root.path("models").values()) {
                entries.add(entry(node));
            }
            entries.sort(Comparator.comparingLong(CatalogueEntry::parameters));
            return List.copyOf(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CatalogueEntry entry(JsonNode node) {
        JsonNode network = node.required("network");
        List<Quantization> quantizations = new ArrayList<>();
        node.required("quantizations")
                .properties()
                .forEach(q ->
                        quantizations.add(new Quantization(q.getKey(), q.getValue().asLong())));
        quantizations.sort(Comparator.comparingLong(Quantization::bytes));
        List<String> purposes = new ArrayList<>();
        node.required("purposes").forEach(purpose -> purposes.add(purpose.asString()));
        return new CatalogueEntry(
                node.required("repository").asString(),
                node.required("title").asString(),
                node.required("license").asString(),
                purposes,
                node.required("parameters").asLong(),
                node.required("contextLength").asInt(),
                new Network(
                        network.required("architecture").asString(),
                        network.required("layers").asInt(),
                        network.required("embedding").asInt(),
                        network.required("heads").asInt(),
                        network.required("kvHeads").asInt(),
                        network.required("keyLength").asInt(),
                        network.required("feedForward").asInt(),
                        network.required("vocabulary").asInt(),
                        network.required("window").asInt()),
                quantizations);
    }
}
