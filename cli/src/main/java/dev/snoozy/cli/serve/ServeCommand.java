package dev.snoozy.cli.serve;

import dev.snoozy.cli.AdapterFlags;
import dev.snoozy.cli.CacheFlags;
import dev.snoozy.cli.Home;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.PrecisionFlags;
import dev.snoozy.cli.SpeculationFlags;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.cli.hub.HubFlags;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.server.ServedDocuments;
import dev.snoozy.server.ServerOptions;
import dev.snoozy.server.SnoozyServer;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.PoolOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code snoozy serve}: models behind HTTP. */
@Command(
        name = "serve",
        description =
                "Serve models over HTTP, to clients of OpenAI, Anthropic, Ollama and llama.cpp.",
        footer = {
            "",
            "Example:",
            "  snoozy serve --model tinystories --port 4891",
            "  curl http://127.0.0.1:4891/v1/completions -H 'Content-Type: application/json' \\",
            "      -d '{\"prompt\": \"Once upon a time\", \"max_tokens\": 32}'"
        },
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    private static final int PORT = 4891;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description =
                    "serve this model only, a GGUF file or a name; it answers to every name"
                            + " (default: all known models, each loaded when it is asked for)")
    private @Nullable String model;

    @Option(
            names = {"-a", "--alias"},
            paramLabel = "NAME",
            description = "what the model of --model is called")
    private @Nullable String alias;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "the address to listen on; one that is not loopback demands an API key"
                            + " (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + PORT,
            description = "the port to listen on; 0 for any (default: ${DEFAULT-VALUE})")
    private int port = PORT;

    @Option(
            names = {"-c", "--ctx", "--ctx-size"},
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "context length in tokens, divided among the --parallel requests (default: the"
                            + " model's own for each)")
    private int context;

    @Option(
            names = {"-np", "--parallel"},
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "requests that a model works at, at a time; more wait (default: 32, and no"
                            + " division of --ctx)")
    private int parallel;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "512",
            description =
                    "requests that may wait for a model; more get status 429 (default:"
                            + " ${DEFAULT-VALUE})")
    private int queue;

    @Option(
            names = "--documents-root",
            paramLabel = "FOLDER",
            description =
                    "programs may have documents below this folder indexed; may be repeated"
                            + " (default: programs only search)")
    private List<Path> documentsRoots = List.of();

    @Mixin private ServeFlags flags = new ServeFlags();
    @Mixin private LlamaCppFlags llamaCpp = new LlamaCppFlags();
    @Mixin private CacheFlags cache = new CacheFlags();
    @Mixin private AdapterFlags adapters = new AdapterFlags();

    @Option(
            names = "--lora-init-without-apply",
            description =
                    "load the adapters with a scale of 0: requests name them, or POST"
                            + " /lora-adapters sets what is usual")
    private boolean adaptersUnused;

    @Mixin private SpeculationFlags speculation = new SpeculationFlags();

    @Mixin private PrecisionFlags precision = new PrecisionFlags();
    @Mixin private RefusedFlags refused = new RefusedFlags();

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Override
    public Integer call() throws IOException {
        refused.check();
        llamaCpp.check();
        adapters.check();
        Optional<String> key = flags.newKey();
        if (key.isPresent()) {
            spec().commandLine().getOut().println(key.get());
            return 0;
        }
        PrintWriter err = spec().commandLine().getErr();
        ModelFiles files = files();
        List<Path> roots = roots();
        PoolLoader loader = new PoolLoader(() -> pool().load(), entry -> load(entry, err));
        try (SnoozyServer server =
                SnoozyServer.start(
                        files,
                        loader,
                        options(),
                        List.of(),
                        Optional.of(new ServedDocuments(Home.documents(), () -> roots)))) {
            CountDownLatch stopped = new CountDownLatch(1);
            Thread closing = new Thread(() -> drain(server, stopped, err), "snoozy-shutdown");
            Runtime.getRuntime().addShutdownHook(closing);
            if (model != null) {
                server.models().use("").close(); // ready before anybody is told so
            }
            PrintWriter out = spec().commandLine().getOut();
            out.println("listening on " + server.url());
            out.flush();
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private List<Path> roots() {
        for (Path root : documentsRoots) {
            if (!Files.isDirectory(root)) {
                throw new WrongUseException(
                        "--documents-root: expected a folder, found none: " + root);
            }
        }
        return documentsRoots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
    }

    private static void drain(SnoozyServer server, CountDownLatch stopped, PrintWriter err) {
        err.println("snoozy: shutting down; answers in progress may end");
        err.flush();
        server.close();
        stopped.countDown();
    }

    private ModelFiles files() {
        if (model == null && adapters.given()) {
            throw new WrongUseException("--lora: expected --model beside it, found none");
        }
        if (adaptersUnused && !adapters.given()) {
            throw new WrongUseException(
                    "--lora-init-without-apply: expected --lora beside it, found none");
        }
        if (model == null && speculation.hasModel()) {
            throw new WrongUseException("--model-draft: expected --model beside it, found none");
        }
        if (model == null && alias != null) {
            throw new WrongUseException("--alias: expected --model beside it, found none");
        }
        if (model == null) {
            return flags.allowPull()
                    ? ServedModels.fetching(flags.allowChanges(), new HubFlags().options())
                    : ServedModels.known(flags.allowChanges());
        }
        if (flags.allowChanges() || flags.allowPull()) {
            throw new WrongUseException(
                    "--allow-changes and --allow-pull: expected no --model beside them");
        }
        return OneModel.of(model, alias);
    }

    private ServerOptions options() throws IOException {
        ApiKeys keys = flags.keys();
        return new ServerOptions(
                host,
                port,
                flags.allowedHosts(),
                flags.allowedOrigins(),
                keys,
                HttpLimits.defaults(),
                pool(),
                flags.generation(),
                flags.contextPolicy(),
                llamaCpp.options(model != null),
                Duration.ofSeconds(flags.drainSeconds()));
    }

    private PoolOptions pool() {
        if (parallel < 0 || queue < 0 || context < 0) {
            throw new WrongUseException("--parallel, --queue and --ctx: expected 0 or more");
        }
        int each = parallel > 0 ? context / parallel : context;
        LoadOptions load = precision.of(cache.of(LoadOptions.defaults().withContextLength(each)));
        load = threads == null ? load : load.withThreads(threads);
        load = load.withChatTemplate(llamaCpp.chatTemplate());
        load = speculation.of(adaptersUnused ? adapters.unused(load) : adapters.of(load));
        return new PoolOptions(
                load,
                flags.memory(),
                model == null ? flags.keepAlive() : Duration.ofSeconds(-1),
                parallel > 0 ? parallel : 32,
                queue);
    }

    private LoadedEntry load(ModelFiles.Entry entry, PrintWriter err) throws IOException {
        LoadOptions load = pool().load();
        return Loading.of(
                entry.file(),
                load,
                err,
                (file, options) ->
                        (flags.embeds(file.metadata()) || llamaCpp.embeds())
                                ? new LoadedEntry.Embedder(
                                        EmbeddingModel.of(file, options, llamaCpp.pooling()))
                                : new LoadedEntry.Writer(LanguageModel.of(file, options)));
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
