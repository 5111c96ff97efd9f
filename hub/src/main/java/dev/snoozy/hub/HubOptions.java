package dev.snoozy.hub;

import dev.snoozy.hub.download.DownloadException;
import dev.snoozy.hub.download.Limits;
import dev.snoozy.hub.download.Site;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where models come from and by what way. Immutable; {@code toString} tells no token.
 *
 * <p>A token belongs to one site. That of {@code HF_TOKEN}, or of the file that Hugging Face's own
 * tools keep it in, belongs to {@code https://huggingface.co}, also where {@code HF_ENDPOINT} names
 * a mirror: a mirror is shown a token only by {@link #withToken}.
 */
public final class HubOptions {
    /** Hugging Face. */
    public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

    /** Ollama's registry. */
    public static final URI OLLAMA = URI.create("https://registry.ollama.ai");

    private static final int MOST_TOKEN_BYTES = 4096;

    private final URI huggingFace;
    private final URI ollama;
    private final Map<Site, String> tokens;
    private final @Nullable URI proxy;
    private final List<String> noProxy;
    private final Limits limits;

    private HubOptions(
            URI huggingFace,
            URI ollama,
            Map<Site, String> tokens,
            @Nullable URI proxy,
            List<String> noProxy,
            Limits limits) {
        this.huggingFace = huggingFace;
        this.ollama = ollama;
        this.tokens = Map.copyOf(tokens);
        this.proxy = proxy;
        this.noProxy = List.copyOf(noProxy);
        this.limits = limits;
    }

    /** The public places, without a token or a proxy. */
    public static HubOptions defaults() {
        return new HubOptions(HUGGING_FACE, OLLAMA, Map.of(), null, List.of(), Limits.defaults());
    }

    /**
     * What the environment says: {@code HF_ENDPOINT}, {@code HF_TOKEN} or its file, {@code
     * HTTPS_PROXY} and {@code NO_PROXY}.
     *
     * @param variables of the environment
     * @param home the user's folder
     * @throws HubException if one of them cannot be understood
     */
    public static HubOptions of(Map<String, String> variables, Path home) {
        HubOptions options = defaults();
        String endpoint = first(variables, "HF_ENDPOINT");
        if (endpoint != null) {
            options = options.withHuggingFace(uri("HF_ENDPOINT", endpoint));
        }
        String proxy = first(variables, "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy");
        if (proxy != null) {
            String full = proxy.contains("://") ? proxy : "http://" + proxy;
            String except = first(variables, "NO_PROXY", "no_proxy");
            options =
                    options.withProxy(
                            uri("HTTPS_PROXY", full),
                            except == null ? List.of() : List.of(except.split("[,\\s]+")));
        }
        String token = token(variables, home).orElse(null);
        return token == null ? options : options.withToken(HUGGING_FACE, token);
    }

    private static @Nullable String first(Map<String, String> variables, String... names) {
        for (String name : names) {
            String value = variables.get(name);
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }

    private static URI uri(String what, String text) {
        try {
            return URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new HubException(what + ": expected an address, found something else", e);
        }
    }

    private static Optional<String> token(Map<String, String> variables, Path home) {
        String given = first(variables, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        if (given != null) {
            return Optional.of(checked("HF_TOKEN", given));
        }
        String implicit = first(variables, "HF_HUB_DISABLE_IMPLICIT_TOKEN");
        if (implicit != null && !implicit.equals("0")) {
            return Optional.empty();
        }
        Path file = tokenFile(variables, home);
        return Files.isRegularFile(file) ? Optional.of(readToken(file)) : Optional.empty();
    }

    private static Path tokenFile(Map<String, String> variables, Path home) {
        String file = first(variables, "HF_TOKEN_PATH");
        if (file != null) {
            return Path.of(file);
        }
        String folder = first(variables, "HF_HOME");
        if (folder != null) {
            return Path.of(folder, "token");
        }
        String cache = first(variables, "XDG_CACHE_HOME");
        Path caches = cache == null ? home.resolve(".cache") : Path.of(cache);
        return caches.resolve("huggingface").resolve("token");
    }

    /**
     * The token of a file: its only line.
     *
     * @throws HubException if the file cannot be read or holds something else
     */
    public static String readToken(Path file) {
        try {
            if (Files.size(file) > MOST_TOKEN_BYTES) {
                throw new HubException(file + ": expected a token, found a large file");
            }
            return checked(file.toString(), Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new HubException(file + ": the token cannot be read: " + e.getMessage(), e);
        }
    }

    /** A token that can stand in a header; a message about another one does not show it. */
    private static String checked(String where, String token) {
        if (!token.matches("[!-~]{1,2048}")) {
            throw new HubException(where + ": expected a token on one line, found something else");
        }
        return token;
    }

    /** Another server with the interface of Hugging Face, such as a mirror. */
    public HubOptions withHuggingFace(URI wanted) {
        return new HubOptions(checked(wanted), ollama, tokens, proxy, noProxy, limits);
    }

    /** Another registry with the interface of Ollama's. */
    public HubOptions withOllama(URI wanted) {
        return new HubOptions(huggingFace, checked(wanted), tokens, proxy, noProxy, limits);
    }

    private static URI checked(URI endpoint) {
        try {
            Site.of(endpoint);
        } catch (DownloadException e) {
            throw new HubException("the endpoint: " + e.getMessage(), e);
        }
        return URI.create(endpoint.toString().replaceFirst("/+$", ""));
    }

    /**
     * A token for a site; it is shown to no other.
     *
     * @throws HubException if it is no token
     */
    public HubOptions withToken(URI site, String token) {
        Map<Site, String> all = new HashMap<>(tokens);
        all.put(Site.of(site), checked("the token", token));
        return new HubOptions(huggingFace, ollama, all, proxy, noProxy, limits);
    }

    /**
     * A proxy, {@code http://[user:password@]host:port}.
     *
     * @param except hosts and domains that are asked directly; this machine always is
     */
    public HubOptions withProxy(URI wanted, List<String> except) {
        return new HubOptions(huggingFace, ollama, tokens, wanted, except, limits);
    }

    /** No proxy, whatever the environment says. */
    public HubOptions withoutProxy() {
        return new HubOptions(huggingFace, ollama, tokens, null, List.of(), limits);
    }

    /** Another number of connections for one file, 1 to 16. */
    public HubOptions withConnections(int wanted) {
        return withLimits(limits.withConnections(wanted));
    }

    HubOptions withLimits(Limits wanted) {
        return new HubOptions(huggingFace, ollama, tokens, proxy, noProxy, wanted);
    }

    /** The server with the interface of Hugging Face. */
    public URI huggingFace() {
        return huggingFace;
    }

    /** The registry with the interface of Ollama's. */
    public URI ollama() {
        return ollama;
    }

    /** Whether a token would be sent to a site. */
    public boolean hasToken(URI site) {
        return tokens.containsKey(Site.of(site));
    }

    Map<Site, String> tokens() {
        return tokens;
    }

    @Nullable URI proxy() {
        return proxy;
    }

    List<String> noProxy() {
        return noProxy;
    }

    Limits limits() {
        return limits;
    }
}
