package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.RemoteRepository;
import dev.snoozy.hub.download.Limits;
import dev.snoozy.hub.download.RemoteFile;
import dev.snoozy.hub.download.Reply;
import dev.snoozy.hub.download.Site;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.download.Web;
import dev.snoozy.hub.files.SafeName;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HTTP interface of Hugging Face, as far as models need it: {@code /api/models/ID/revision},
 * {@code /api/models/ID/tree}, {@code /ID/resolve}. Everything is pinned to a commit. Thread-safe.
 */
public final class HuggingFaceApi implements Source {
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_PAGES = 50;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern NEXT =
            Pattern.compile("<([^<>\\s]{1,4000})>\\s*;\\s*rel=\"next\"");

    /** What converting a model reads. */
    private static final Pattern FOLDER_FILE =
            Pattern.compile(
                    "(?:config|generation_config|adapter_config|modules|tokenizer|tokenizer_config|"
                            + "special_tokens_map|added_tokens|vocab|chat_template)\\.json"
                            + "|model[\\w.-]*\\.safetensors(?:\\.index\\.json)?"
                            + "|adapter_model\\.safetensors"
                            + "|tokenizer\\.model|vocab\\.txt|merges\\.txt|chat_template\\.jinja"
                            + "|1_Pooling/config\\.json");

    private final Web web;
    private final HubOptions options;
    private final Reference.HuggingFace reference;
    private final Limits patience;

    public HuggingFaceApi(Web web, HubOptions options, Reference.HuggingFace reference) {
        this(web, options, reference, web.limits());
    }

    /** For who has other patience than downloads have. */
    public HuggingFaceApi(
            Web web, HubOptions options, Reference.HuggingFace reference, Limits patience) {
        this.web = web;
        this.options = options;
        this.reference = reference;
        this.patience = patience;
    }

    /** An entry of a repository. */
    private record Entry(String path, long bytes, @Nullable String sha256, @Nullable String git) {}

    /** A repository with GGUF models; see {@link RemoteRepository}. */
    public record Repository(
            String name, String commit, String license, boolean isGated, List<Offer> offers) {
        public Repository {
            offers = List.copyOf(offers);
        }
    }

    /** One of its models; see {@link RemoteRepository.Offer}. */
    public record Offer(String quantization, String reference, Finding model) {}

    /** The GGUF model that the reference means. */
    public Finding model() throws InterruptedException {
        String commit = commit(info());
        Map<String, Entry> entries = entries(commit);
        List<GgufChoice.Candidate> all = candidates(entries);
        GgufChoice.Candidate chosen =
                GgufChoice.choose(all, Optional.ofNullable(reference.selector()), reference.path());
        return model(chosen, all, entries, commit);
    }

    /** All GGUF models of the repository, and what it says of itself. */
    public Repository repository() throws InterruptedException {
        JsonNode info = info();
        String commit = commit(info);
        Map<String, Entry> entries = entries(commit);
        List<GgufChoice.Candidate> all = candidates(entries);
        List<Offer> offers = new ArrayList<>();
        for (GgufChoice.Candidate each : all) {
            // What is not whole, or cannot be called by its name here, is no offer.
            if (each.isWhole() && (all.size() == 1 || SafeName.isPart(tagOf(each)))) {
                offers.add(
                        new Offer(
                                each.quant(),
                                reference.path() + ":" + word(each, all),
                                model(each, all, entries, commit)));
            }
        }
        offers.sort(Comparator.comparingLong(offer -> offer.model().bytes()));
        return new Repository(
                reference.path(), commit, HubSearch.license(info), HubSearch.isGated(info), offers);
    }

    /** By which a model is asked for: its number format, or its file where several have that. */
    private static String word(GgufChoice.Candidate chosen, List<GgufChoice.Candidate> all) {
        long same = all.stream().filter(each -> each.quant().equals(chosen.quant())).count();
        String file = chosen.files().getFirst();
        return same == 1 && !chosen.quant().isEmpty() ? chosen.quant() : file;
    }

    private List<GgufChoice.Candidate> candidates(Map<String, Entry> entries) {
        List<GgufChoice.Candidate> all = GgufChoice.candidates(List.copyOf(entries.keySet()));
        String where = reference.path();
        if (all.isEmpty() && entries.keySet().stream().anyMatch(f -> f.endsWith(".safetensors"))) {
            throw new HubException(
                    where
                            + " has no GGUF file, but safetensors; cure: snoozy convert "
                            + where
                            + " OUT.gguf, or a repository whose name ends in -GGUF");
        }
        return all;
    }

    private Finding model(
            GgufChoice.Candidate chosen,
            List<GgufChoice.Candidate> all,
            Map<String, Entry> entries,
            String commit) {
        List<RemoteFile> files = new ArrayList<>();
        for (String file : chosen.files()) {
            String name = file.substring(file.lastIndexOf('/') + 1);
            files.add(remote(entry(entries, file), name, commit));
        }
        String tag = all.size() == 1 ? null : tag(chosen);
        ModelName name = new ModelName(reference.user(), reference.repository(), tag);
        String asked = reference.path() + (tag == null ? "" : ":" + tag);
        return new Finding(name, new Origin("hf", asked, commit), files, notes(files), this);
    }

    private static String tagOf(GgufChoice.Candidate chosen) {
        return chosen.quant().isEmpty() ? chosen.lastName() : chosen.quant();
    }

    private static String tag(GgufChoice.Candidate chosen) {
        String word = tagOf(chosen);
        if (!SafeName.isPart(word)) {
            throw new HubException(
                    SafeName.shown(word) + ": the name of this file cannot be a tag here");
        }
        return word;
    }

    private static List<String> notes(List<RemoteFile> files) {
        return files.stream().anyMatch(f -> f.sha256() == null && f.gitId() == null)
                ? List.of("the repository tells no digest of this model: it cannot be proven")
                : List.of();
    }

    /** All files that converting the model needs. */
    public Finding folder() throws InterruptedException {
        String commit = commit(info());
        Map<String, Entry> entries = entries(commit);
        Predicate<String> wanted = path -> FOLDER_FILE.matcher(path).matches();
        List<RemoteFile> files = new ArrayList<>();
        for (String path : entries.keySet().stream().filter(wanted).sorted().toList()) {
            files.add(remote(entry(entries, path), path, commit));
        }
        if (files.stream().noneMatch(f -> f.name().endsWith(".safetensors"))) {
            throw new HubException(
                    "%s: found no model*.safetensors, expected a model to convert; it has %s"
                            .formatted(
                                    reference.path(),
                                    GgufChoice.candidates(List.copyOf(entries.keySet())).isEmpty()
                                            ? "no GGUF file either"
                                            : "GGUF files: snoozy pull " + reference.path()));
        }
        ModelName name = new ModelName(reference.user(), reference.repository(), null);
        return new Finding(
                name, new Origin("hf", reference.path(), commit), files, List.of(), this);
    }

    private static Entry entry(Map<String, Entry> entries, String path) {
        Entry entry = entries.get(path);
        if (entry == null) {
            throw new HubException(SafeName.shown(path) + ": no such file in the repository");
        }
        return entry;
    }

    private RemoteFile remote(Entry entry, String name, String commit) {
        URI uri =
                URI.create(
                        "%s/%s/%s/resolve/%s/%s"
                                .formatted(
                                        options.huggingFace(),
                                        reference.user(),
                                        reference.repository(),
                                        commit,
                                        encoded(entry.path())));
        return new RemoteFile(uri, name, entry.bytes(), entry.sha256(), entry.git());
    }

    /** Names that get here are plain, so that little needs another form in an address. */
    private static String encoded(String path) {
        return path.replace("+", "%2B").replace("@", "%40").replace("=", "%3D").replace(",", "%2C");
    }

    /** What the repository says of itself. */
    private JsonNode info() throws InterruptedException {
        String revision = reference.revision().replace("/", "%2F").replace("+", "%2B");
        return json(read(api("revision/" + revision)));
    }

    private String commit(JsonNode info) {
        String commit = info.path("sha").asString("");
        if (!COMMIT.matcher(commit).matches()) {
            throw new HubException(
                    options.huggingFace().getHost()
                            + " does not tell the commit of "
                            + reference.path()
                            + ": expected 40 hexadecimal digits in \"sha\"");
        }
        return commit;
    }

    private URI api(String rest) {
        return URI.create(
                "%s/api/models/%s/%s".formatted(options.huggingFace(), reference.path(), rest));
    }

    private Map<String, Entry> entries(String commit) throws InterruptedException {
        Map<String, Entry> entries = new HashMap<>();
        URI page = api("tree/" + commit + "?recursive=true");
        for (int i = 0; page != null; i++) {
            if (i == MOST_PAGES) {
                throw new HubException(reference.path() + ": the list of its files does not end");
            }
            Reply<byte[]> reply = read(page);
            for (JsonNode node : json(reply).values()) {
                add(node, entries);
            }
            page = next(page, reply);
        }
        return entries;
    }

    /** The next page of a list, on the same site only (RFC 8288). */
    private static @Nullable URI next(URI page, Reply<byte[]> reply) {
        Matcher next = NEXT.matcher(reply.header("Link").orElse(""));
        if (!next.find()) {
            return null;
        }
        try {
            URI uri = page.resolve(next.group(1));
            return Site.of(uri).equals(Site.of(page)) ? uri : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void add(JsonNode node, Map<String, Entry> entries) {
        String path = node.path("path").asString("");
        if (!node.path("type").asString("").equals("file") || !SafeName.isPath(path)) {
            return;
        }
        JsonNode lfs = node.path("lfs");
        boolean large = lfs.isObject();
        long bytes = (large ? lfs : node).path("size").asLong(-1);
        String sha256 = lfs.path("oid").asString(lfs.path("sha256").asString(""));
        String git = node.path("oid").asString("");
        if (bytes < 0) {
            return;
        }
        entries.put(
                path,
                new Entry(
                        path,
                        bytes,
                        large && SHA256.matcher(sha256).matches() ? sha256 : null,
                        !large && SHA1.matcher(git).matches() ? git : null));
    }

    private Reply<byte[]> read(URI uri) throws InterruptedException {
        try {
            return web.read(uri, Map.of("Accept", "application/json"), MOST_BYTES, patience);
        } catch (StatusException e) {
            throw explain(e);
        }
    }

    private JsonNode json(Reply<byte[]> reply) {
        return RemoteJson.read(reply);
    }

    @Override
    public HubException explain(StatusException refusal) {
        String where = reference.path();
        URI endpoint = options.huggingFace();
        boolean has = options.hasToken(endpoint);
        String message =
                switch (refusal.status()) {
                    case 401, 403 -> {
                        boolean gated =
                                refusal.code().equals("GatedRepo") || refusal.status() == 403;
                        if (gated) {
                            yield "%s is gated: accept its terms at %s/%s, then give a token for it"
                                            .formatted(where, endpoint, where)
                                    + (has ? "; the token in use may not" : how(endpoint));
                        }
                        yield "%s: no such repository, or a private one: check the name"
                                        .formatted(where)
                                + (has ? "; the token in use may not read it" : how(endpoint));
                    }
                    case 404 -> notFound(refusal.code(), where, endpoint);
                    case 429 ->
                            "%s asks for fewer requests (429): try again later, or with a token of yours"
                                    .formatted(refusal.host());
                    default -> where + ": " + refusal.getMessage() + "; cure: try again later";
                };
        return new HubException(message, refusal);
    }

    private String how(URI endpoint) {
        return endpoint.equals(HubOptions.HUGGING_FACE)
                ? ": HF_TOKEN or --token-file"
                : ": --token-file; HF_TOKEN is for huggingface.co only and was not sent";
    }

    private String notFound(String code, String where, URI endpoint) {
        return switch (code) {
            case "RevisionNotFound" ->
                    "%s has no revision %s".formatted(where, reference.revision());
            case "EntryNotFound" -> where + " has no such file";
            default ->
                    "%s: no such repository at %s, or no revision %s of it"
                            .formatted(where, endpoint.getHost(), reference.revision());
        };
    }
}
