package dev.snoozy.testkit.hub;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of Hugging Face's interface, and of a registry's, that downloads use: a hub that lists
 * and redirects, and a storage host, another one, that has the contents. Thread-safe once it is set
 * up.
 */
public final class HubStub implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The commit that every branch points to. */
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /**
     * A file of a repository.
     *
     * @param listed what the list says that it holds
     * @param content what it holds
     * @param isLarge whether it is kept outside of git
     */
    private record Entry(byte[] listed, byte[] content, boolean isLarge) {}

    private final Map<String, Map<String, Entry>> repositories = new TreeMap<>();
    private final Map<String, String> manifests = new LinkedHashMap<>();
    private final Map<String, byte[]> blobs = new LinkedHashMap<>();
    private final StubServer hub;
    private final StubServer storage;
    private volatile StubFault fault = StubFault.NONE;
    private volatile String gatedFor = "";

    private HubStub() {
        hub = StubServer.start(this::hub);
        storage = StubServer.start(this::storage);
    }

    /** A stub without repositories. */
    public static HubStub start() {
        return new HubStub();
    }

    /** Puts a large file into a repository, user/name. */
    public HubStub with(String repository, String path, byte[] content) {
        return with(repository, path, new Entry(content, content, true));
    }

    /** Puts a file into a repository that has other bytes than the list says. */
    public HubStub withWrong(String repository, String path, byte[] listed, byte[] content) {
        return with(repository, path, new Entry(listed, content, true));
    }

    /** Puts a small file into a repository, which git keeps itself. */
    public HubStub withSmall(String repository, String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return with(repository, path, new Entry(bytes, bytes, false));
    }

    private HubStub with(String repository, String path, Entry entry) {
        repositories.computeIfAbsent(repository, r -> new LinkedHashMap<>()).put(path, entry);
        return this;
    }

    /** Puts a model into the registry. */
    public HubStub withModel(String name, String tag, byte[] content) {
        String digest = "sha256:" + hex("SHA-256", content);
        blobs.put(digest, content);
        return withManifest(
                name,
                tag,
                """
                {"schemaVersion": 2, "layers": [
                  {"mediaType": "application/vnd.ollama.image.model", "digest": "%s", "size": %d},
                  {"mediaType": "application/vnd.ollama.image.license", "digest": "%s", "size": 1}
                ]}\
                """
                        .formatted(digest, content.length, digest));
    }

    /** Puts a manifest into the registry as it is. */
    public HubStub withManifest(String name, String tag, String manifest) {
        manifests.put("/v2/" + name + "/manifests/" + tag, manifest);
        return this;
    }

    /** What goes wrong from now on where the contents lie. */
    public HubStub fault(StubFault wanted) {
        fault = wanted;
        return this;
    }

    /** Gives nothing without this token. */
    public HubStub gated(String token) {
        gatedFor = "Bearer " + token;
        return this;
    }

    /** The hub's address, by number. */
    public URI url() {
        return URI.create(hub.url("127.0.0.1"));
    }

    /** The server that lists and redirects. */
    public StubServer hub() {
        return hub;
    }

    /** The server that has the contents. */
    public StubServer storage() {
        return storage;
    }

    private void hub(StubExchange exchange) throws IOException {
        String target = exchange.target().replaceFirst("\\?.*", "");
        if (manifests.containsKey(target)) {
            exchange.answer(200, manifests.get(target));
        } else if (target.startsWith("/v2/") && target.contains("/blobs/")) {
            redirect(exchange, "/blob" + target.substring(target.lastIndexOf('/')));
        } else if (target.equals("/api/models")) {
            search(exchange);
        } else if (target.startsWith("/api/models/")) {
            api(exchange, target.substring("/api/models/".length()).split("/", 4));
        } else {
            resolve(exchange, target.substring(1).split("/", 5));
        }
    }

    /** Repositories whose names contain what is searched for; downloaded more, the longer. */
    private void search(StubExchange exchange) throws IOException {
        String query = exchange.target().replaceFirst(".*[?&]search=([^&]*).*", "$1");
        String text = URLDecoder.decode(query, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        StringBuilder list = new StringBuilder("[");
        for (String name : repositories.keySet()) {
            if (name.toLowerCase(Locale.ROOT).contains(text)) {
                list.append(list.length() == 1 ? "" : ",")
                        .append(
                                """
                                {"id": "%s", "downloads": %d, "likes": 7, "gated": "%s",
                                 "tags": ["gguf", "license:apache-2.0"]}\
                                """
                                        .formatted(
                                                name,
                                                1000 * name.length(),
                                                gatedFor.isEmpty() ? "false" : "auto"));
            }
        }
        exchange.answer(200, list.append("]").toString());
    }

    private void redirect(StubExchange exchange, String path, String... pairs) throws IOException {
        String[] all = java.util.Arrays.copyOf(pairs, pairs.length + 2);
        all[pairs.length] = "Location";
        all[pairs.length + 1] = storage.url("localhost") + path;
        exchange.answer(302, "", all);
    }

    private void api(StubExchange exchange, String[] parts) throws IOException {
        String repository = parts.length < 2 ? "" : parts[0] + "/" + parts[1];
        Map<String, Entry> files = repositories.get(repository);
        if (files == null || parts.length < 4) {
            exchange.answer(404, "{}", "X-Error-Code", "RepoNotFound");
        } else if (parts[2].equals("revision")) {
            boolean known = parts[3].equals("main") || parts[3].equals(COMMIT);
            if (known) {
                exchange.answer(
                        200,
                        """
                        {"id": "%s", "sha": "%s", "gated": false,
                         "cardData": {"license": "apache-2.0"}}\
                        """
                                .formatted(repository, COMMIT));
            } else {
                exchange.answer(404, "{}", "X-Error-Code", "RevisionNotFound");
            }
        } else {
            StringBuilder list = new StringBuilder("[");
            files.forEach((path, entry) -> {
                list.append(list.length() == 1 ? "" : ",").append(listed(path, entry));
            });
            exchange.answer(200, list.append("]").toString());
        }
    }

    private static String listed(String path, Entry entry) {
        String quoted = JSON.writeValueAsString(path);
        String git = "blob " + entry.listed().length + "\0";
        String lfs =
                entry.isLarge()
                        ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                                .formatted(hex("SHA-256", entry.listed()), entry.listed().length)
                        : "";
        return "{\"type\": \"file\", \"path\": %s, \"size\": %d, \"oid\": \"%s\"%s}"
                .formatted(
                        quoted,
                        entry.listed().length,
                        hex("SHA-1", git.getBytes(StandardCharsets.UTF_8), entry.listed()),
                        lfs);
    }

    private void resolve(StubExchange exchange, String[] parts) throws IOException {
        Map<String, Entry> files =
                parts.length < 5 ? null : repositories.get(parts[0] + "/" + parts[1]);
        Entry entry = files == null ? null : files.get(parts[4]);
        if (entry == null) {
            exchange.answer(404, "", "X-Error-Code", "EntryNotFound");
        } else if (!gatedFor.isEmpty() && !exchange.header("authorization").equals(gatedFor)) {
            exchange.answer(403, "", "X-Error-Code", "GatedRepo");
        } else if (entry.isLarge()) {
            redirect(
                    exchange,
                    "/file/" + String.join("/", parts),
                    "X-Linked-Etag",
                    "\"" + hex("SHA-256", entry.listed()) + "\"",
                    "X-Linked-Size",
                    Integer.toString(entry.listed().length),
                    "X-Repo-Commit",
                    COMMIT);
        } else {
            exchange.content(entry.content());
        }
    }

    private void storage(StubExchange exchange) throws IOException {
        String[] parts = exchange.target().substring(1).split("/", 6);
        byte[] content =
                parts[0].equals("blob")
                        ? blobs.get(parts[1])
                        : repositories.get(parts[1] + "/" + parts[2]).get(parts[5]).content();
        fault.answer(exchange, content);
    }

    /** A digest of some bytes, in small hexadecimal digits. */
    public static String hex(String algorithm, byte[]... pieces) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] piece : pieces) {
                digest.update(piece);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.close();
        storage.close();
    }
}
