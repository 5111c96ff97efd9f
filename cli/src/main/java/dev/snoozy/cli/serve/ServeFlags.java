package dev.snoozy.cli.serve;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.Metadata;
import dev.snoozy.server.http.ApiKeys;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The flags of {@code serve} beside model and address. */
final class ServeFlags {
    /** Architectures that read a text from both sides and write none. */
    private static final Set<String> ENCODERS = Set.of("bert", "nomic-bert");

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "a key that clients must show; may be repeated")
    private List<String> apiKeys = List.of();

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "a file of such keys, one on a line, as they are or as sha256:HASH")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--new-api-key",
            paramLabel = "NAME",
            description =
                    "make a key, print it once, keep its hash in the file of --api-key-file, and"
                            + " end")
    private @Nullable String newApiKey;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "a name beside localhost by which clients may ask; may be repeated")
    private List<String> hosts = List.of();

    @Option(
            names = "--allow-origin",
            paramLabel = "URL",
            description = "a site whose pages may ask, as https://name; may be repeated")
    private List<String> origins = List.of();

    @Option(
            names = "--allow-changes",
            description =
                    "let clients remove models of your own folder and give models other names, by"
                            + " Ollama's /api/delete and /api/copy (default: no)")
    private boolean allowChanges;

    @Option(
            names = "--allow-pull",
            description =
                    "let clients fetch models from Ollama's registry and Hugging Face into your own"
                            + " folder, by Ollama's /api/pull (default: no; the network is not used)")
    private boolean allowPull;

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description =
                    "how long a model stays in memory that nobody uses; -1 for ever (default:"
                            + " ${DEFAULT-VALUE})")
    private long keepAlive = 300;

    @Option(
            names = "--model-memory",
            paramLabel = "GIB",
            description =
                    "the most memory for models, weights and KV cache of a text together (default:"
                            + " what is free at the start)")
    private @Nullable Double memory;

    @Option(
            names = "--temp",
            paramLabel = "T",
            description = "temperature where a request does not say (default: 0.8)")
    private @Nullable Float temperature;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            description = "seed where a request does not say; -1 for any (default)")
    private long seed = -1;

    @Option(
            names = {"-n", "--predict", "--n-predict"},
            paramLabel = "N",
            description = "the most tokens where a request does not say (default: no limit)")
    private int predict = -1;

    @Option(
            names = "--context-policy",
            paramLabel = "POLICY",
            description =
                    "what becomes of conversations that are too long: refuse (default), drop_oldest"
                            + " or shift")
    private ContextPolicy contextPolicy = ContextPolicy.REFUSE;

    @Option(
            names = {"--embedding", "--embeddings"},
            description = "load every model as one that makes embeddings")
    private boolean embedding;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "how long answers in progress may take to end at shutdown (default:"
                            + " ${DEFAULT-VALUE})")
    private int drain = 10;

    /** Makes a key if that is all that was asked for; returns what to print. */
    Optional<String> newKey() throws IOException {
        if (newApiKey == null) {
            return Optional.empty();
        }
        if (apiKeyFile == null) {
            throw new WrongUseException("--new-api-key: expected --api-key-file beside it");
        }
        ApiKeys.Created created = ApiKeys.create(newApiKey.replaceAll("\\s+", "-"));
        Files.writeString(
                apiKeyFile,
                created.line() + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return Optional.of(created.key());
    }

    ApiKeys keys() throws IOException {
        ApiKeys keys = ApiKeys.of(apiKeys);
        return apiKeyFile == null ? keys : keys.and(ApiKeys.read(apiKeyFile));
    }

    List<String> allowedHosts() {
        return hosts;
    }

    List<String> allowedOrigins() {
        return origins;
    }

    boolean allowPull() {
        return allowPull;
    }

    boolean allowChanges() {
        return allowChanges;
    }

    Duration keepAlive() {
        return Duration.ofSeconds(keepAlive);
    }

    int drainSeconds() {
        return drain;
    }

    ContextPolicy contextPolicy() {
        return contextPolicy;
    }

    /** The flag with the most memory for models, if it was given. */
    Optional<String> givenMemory() {
        return Optional.ofNullable(memory).map(gib -> "--model-memory " + gib);
    }

    /** The most bytes for models. */
    long memory() {
        if (memory == null) {
            return AvailableMemory.here().orElse(Long.MAX_VALUE);
        }
        if (!(memory > 0)) {
            throw new WrongUseException("--model-memory: expected more than 0, found " + memory);
        }
        return (long) (memory * (1L << 30));
    }

    GenerationOptions generation() {
        SamplingOptions.Builder sampling =
                SamplingOptions.builder()
                        .seed(seed == -1 ? OptionalLong.empty() : OptionalLong.of(seed));
        if (temperature != null) {
            sampling.temperature(temperature);
        }
        return GenerationOptions.defaults()
                .withSampling(sampling.build())
                .withMaxTokens(predict < 0 ? GenerationOptions.UNLIMITED : predict);
    }

    /** Whether a model is loaded as one that makes embeddings. */
    boolean embeds(Metadata metadata) {
        return embedding || ENCODERS.contains(metadata.string("general.architecture"));
    }
}
