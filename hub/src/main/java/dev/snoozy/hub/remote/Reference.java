package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.files.SafeName;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a user calls a model elsewhere. */
public sealed interface Reference {
    /**
     * A repository of Hugging Face.
     *
     * @param revision a branch, tag or commit
     * @param selector a number format or the name of a file; null for the usual choice
     */
    record HuggingFace(String user, String repository, String revision, @Nullable String selector)
            implements Reference {
        String path() {
            return user + "/" + repository;
        }
    }

    /** A model of Ollama's registry. */
    record Ollama(String space, String name, String tag) implements Reference {}

    /** A file somewhere. */
    record Url(URI uri, String file) implements Reference {}

    String MAIN = "main";
    String LIBRARY = "library";
    Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/+-]{0,99}");
    Set<String> HUGGING_FACE_HOSTS = Set.of("huggingface.co", "www.huggingface.co", "hf.co");
    Set<String> OLLAMA_HOSTS = Set.of("ollama.com", "www.ollama.com", "registry.ollama.ai");

    /**
     * Reads a reference.
     *
     * @throws HubException if it is none
     */
    static Reference parse(String text, HubOptions options) {
        String given = text.strip();
        String lower = given.toLowerCase(Locale.ROOT);
        if (lower.startsWith("hf://")) {
            return huggingFace(given.substring(5), given);
        }
        if (lower.startsWith("ollama://")) {
            return ollama(given.substring(9), given);
        }
        if (lower.startsWith("https://") || lower.startsWith("http://")) {
            return url(given, options);
        }
        if (lower.contains("://")) {
            throw wrong(given);
        }
        int slash = given.indexOf('/');
        String host = slash < 0 ? "" : lower.substring(0, slash);
        if (HUGGING_FACE_HOSTS.contains(host)) {
            return huggingFace(given.substring(slash + 1), given);
        }
        if (OLLAMA_HOSTS.contains(host)) {
            return ollama(given.substring(slash + 1), given);
        }
        return huggingFace(given, given);
    }

    private static HubException wrong(String given) {
        return new HubException(
                SafeName.shown(given)
                        + ": expected user/repository[:QUANT] of Hugging Face, ollama://name[:tag],"
                        + " or https://host/file.gguf");
    }

    /** {@code user/repository[:selector]} or {@code user/repository/file}. */
    private static Reference huggingFace(String path, String given) {
        String bare = path.replaceFirst("/+$", "");
        String[] parts = bare.split("/", 3);
        if (parts.length < 2) {
            throw wrong(given);
        }
        String selector = parts.length == 3 ? parts[2] : null;
        String repository = parts[1];
        int colon = repository.indexOf(':');
        if (colon >= 0 && selector == null) {
            selector = repository.substring(colon + 1);
            repository = repository.substring(0, colon);
        }
        return huggingFace(parts[0], repository, MAIN, selector, given);
    }

    private static Reference huggingFace(
            String user,
            String repository,
            String revision,
            @Nullable String selector,
            String given) {
        boolean sound =
                SafeName.isPart(user)
                        && SafeName.isPart(repository)
                        && isRevision(revision)
                        && (selector == null || SafeName.isPath(selector));
        if (!sound) {
            throw wrong(given);
        }
        boolean usual = selector == null || selector.equalsIgnoreCase("latest");
        return new HuggingFace(user, repository, revision, usual ? null : selector);
    }

    /** Whether a text can be the name of a branch, a tag or a commit. */
    static boolean isRevision(String text) {
        return REVISION.matcher(text).matches() && !text.contains("..") && !text.contains("//");
    }

    /** {@code [space/]name[:tag]}. */
    private static Reference ollama(String path, String given) {
        int colon = path.lastIndexOf(':');
        String tag = colon < 0 ? "latest" : path.substring(colon + 1);
        String name = colon < 0 ? path : path.substring(0, colon);
        int slash = name.indexOf('/');
        String space = slash < 0 ? LIBRARY : name.substring(0, slash);
        Ollama ollama = new Ollama(space, name.substring(slash + 1), tag);
        if (!SafeName.isPart(space) || !SafeName.isPart(ollama.name()) || !SafeName.isPart(tag)) {
            throw wrong(given);
        }
        return ollama;
    }

    private static Reference url(String given, HubOptions options) {
        URI uri;
        try {
            uri = new URI(given);
        } catch (URISyntaxException e) {
            throw new HubException(SafeName.shown(given) + ": not a sound address", e);
        }
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        boolean isEndpoint = sameSite(uri, options.huggingFace());
        List<String> path =
                Arrays.stream(String.valueOf(uri.getPath()).split("/"))
                        .filter(part -> !part.isEmpty())
                        .toList();
        if ((HUGGING_FACE_HOSTS.contains(host) || isEndpoint) && path.size() >= 2) {
            if (path.size() == 2) {
                return huggingFace(path.get(0) + "/" + path.get(1), given);
            }
            boolean named = Set.of("resolve", "blob", "raw", "tree").contains(path.get(2));
            if (named && path.size() >= 4) {
                String file = String.join("/", path.subList(4, path.size()));
                return huggingFace(
                        path.get(0), path.get(1), path.get(3), file.isEmpty() ? null : file, given);
            }
        }
        if (OLLAMA_HOSTS.contains(host) && !path.isEmpty()) {
            return ollama(String.join("/", path), given);
        }
        String file = path.isEmpty() ? "" : path.getLast();
        if (!SafeName.isFile(file) || !file.toLowerCase(Locale.ROOT).endsWith(".gguf")) {
            throw new HubException(
                    SafeName.shown(given)
                            + ": expected the address of a file .gguf with a plain name");
        }
        return new Url(uri, file);
    }

    private static boolean sameSite(URI one, URI other) {
        return String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }
}
