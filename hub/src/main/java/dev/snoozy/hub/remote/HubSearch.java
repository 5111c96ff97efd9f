package dev.snoozy.hub.remote;

import dev.snoozy.hub.FoundRepository;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.download.Reply;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.download.Web;
import dev.snoozy.hub.files.SafeName;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Searches Hugging Face for repositories: {@code /api/models}. Thread-safe. */
public final class HubSearch {
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_FOUND = 100;
    private static final int LONGEST_TEXT = 200;
    private static final String LICENSE = "license:";

    private final Web web;
    private final HubOptions options;

    public HubSearch(Web web, HubOptions options) {
        this.web = web;
        this.options = options;
    }

    /** Repositories with GGUF files whose names have these words. */
    public List<FoundRepository> find(String text, int most) throws InterruptedException {
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            throw new HubException(
                    "expected 1 to %d characters to search for, found %d"
                            .formatted(LONGEST_TEXT, text.strip().length()));
        }
        if (most < 1 || most > MOST_FOUND) {
            throw new IllegalArgumentException(
                    "expected 1 to " + MOST_FOUND + " repositories, found " + most);
        }
        URI uri =
                URI.create(
                        "%s/api/models?search=%s&filter=gguf&sort=downloads&direction=-1&limit=%d"
                                .formatted(
                                        options.huggingFace(),
                                        URLEncoder.encode(text.strip(), StandardCharsets.UTF_8),
                                        most));
        JsonNode found = RemoteJson.read(read(uri));
        if (!found.isArray()) {
            throw new HubException(
                    uri.getHost() + " answered a search with something else than a list");
        }
        List<FoundRepository> repositories = new ArrayList<>();
        for (JsonNode node : found.values()) {
            String name = node.path("id").asString(node.path("modelId").asString(""));
            if (repositories.size() < most && isRepository(name)) {
                repositories.add(
                        new FoundRepository(
                                name,
                                node.path("downloads").asLong(0),
                                node.path("likes").asLong(0),
                                license(node),
                                isGated(node)));
            }
        }
        return repositories;
    }

    private Reply<byte[]> read(URI uri) throws InterruptedException {
        try {
            return web.read(
                    uri, Map.of("Accept", "application/json"), MOST_BYTES, web.limits().hasty());
        } catch (StatusException e) {
            String cure =
                    e.status() == 429
                            ? " asks for fewer requests (429): try again later, or with a token"
                                    + " of yours"
                            : " cannot search: it answered " + e.status() + "; try again later";
            throw new HubException(uri.getHost() + cure, e);
        }
    }

    /** What cannot be a name here cannot be had here either. */
    private static boolean isRepository(String name) {
        String[] parts = name.split("/", -1);
        return parts.length == 2 && SafeName.isPart(parts[0]) && SafeName.isPart(parts[1]);
    }

    /** Whether its terms must be accepted: false, or by what rule. */
    static boolean isGated(JsonNode info) {
        return !info.path("gated").asString("false").equals("false");
    }

    /** The license that a repository names, by its card or its tags; "" if it names none. */
    static String license(JsonNode info) {
        String license = info.path("cardData").path("license").asString("");
        for (JsonNode tag : info.path("tags").values()) {
            String text = tag.asString("");
            if (license.isEmpty() && text.startsWith(LICENSE)) {
                license = text.substring(LICENSE.length());
            }
        }
        return license.matches("[\\w.+-]{1,60}") ? license : "";
    }
}
