package dev.snoozy.cli.serve;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Version;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.cli.bench.BenchJob;
import dev.snoozy.cli.hub.HubFlags;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.hub.Hub;
import dev.snoozy.server.ServedDocuments;
import dev.snoozy.server.ServerOptions;
import dev.snoozy.server.SnoozyServer;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.PoolOptions;
import dev.snoozy.studio.Studio;
import dev.snoozy.studio.StudioOptions;
import dev.snoozy.studio.models.MachineSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code snoozy studio}: the laboratory in the browser, and the server with it. */
@Command(
        name = "studio",
        description = "Open the studio in the browser: chats, experiments, models. No code.",
        footer = {"", "Example:", "  snoozy studio", "  snoozy studio --no-browser --port 8080"},
        mixinStandardHelpOptions = true)
public final class StudioCommand implements Callable<Integer> {
    private static final int PORT = 4891;
    private static final int LARGEST_PORT = 65_535;
    private static final int PARALLEL = 32;
    private static final int WAITING = 512;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + PORT,
            description = "the port to listen on; 0 for any (default: ${DEFAULT-VALUE})")
    private int port = PORT;

    @Option(names = "--no-browser", description = "tell the address, and open nothing")
    private boolean noBrowser;

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            defaultValue = "0",
            description = "context length in tokens (default: the model's own)")
    private int context;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Mixin private ServeFlags flags = new ServeFlags();

    private volatile @Nullable MachineSettings machine;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec().commandLine().getOut();
        PrintWriter err = spec().commandLine().getErr();
        if (port < 0 || port > LARGEST_PORT) {
            throw new WrongUseException(
                    "--port: expected 0 to " + LARGEST_PORT + ", found " + port);
        }
        String address = "http://127.0.0.1:" + port;
        if (port != 0 && RunningStudio.isAt(address)) {
            show(address + "/studio/", "the studio runs already: ", out);
            return 0;
        }
        try (Hub hub = Hub.open(new HubFlags().options());
                Studio studio = open(hub);
                SnoozyServer server =
                        SnoozyServer.start(
                                ServedModels.known(false),
                                new PoolLoader(this::load, entry -> load(entry, err)),
                                options(),
                                List.of(studio),
                                Optional.of(
                                        new ServedDocuments(
                                                Home.documents(), studio.documentRoots())))) {
            if (!studio.notice().isEmpty()) {
                err.println("snoozy: " + studio.notice());
                err.flush();
            }
            CountDownLatch stopped = new CountDownLatch(1);
            Thread closing = new Thread(() -> close(studio, server, stopped), "snoozy-shutdown");
            Runtime.getRuntime().addShutdownHook(closing);
            Thread.ofVirtual().start(() -> warmUp(server));
            show(server.url() + "/studio/", "studio: ", out);
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** The studio first: who watches an answer would keep the server waiting. */
    private static void close(Studio studio, SnoozyServer server, CountDownLatch stopped) {
        studio.close();
        server.close();
        stopped.countDown();
    }

    private Studio open(Hub hub) throws IOException {
        ModelFiles files = ServedModels.fetching(true, hub);
        Studio studio =
                Studio.open(
                        new StudioOptions(
                                Home.folder(),
                                Version.number(),
                                files,
                                new StudioMemory(this::load),
                                List.of(new BenchJob(files, () -> load().threads())),
                                hub,
                                given()));
        machine = studio.machine(); // before the server begins, which loads as soon as it is asked
        return studio;
    }

    /** Settings of the page that were given on the command line instead. */
    private Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        if (threads != null) {
            given.put(MachineSettings.THREADS, "--threads " + threads);
        }
        flags.givenMemory().ifPresent(flag -> given.put(MachineSettings.MEMORY, flag));
        return given;
    }

    /** So that the first answer begins at once. */
    private static void warmUp(SnoozyServer server) {
        try {
            server.models().use("").close();
        } catch (HttpProblem e) {
            // There is no model yet, which the page says.
        }
    }

    private void show(String url, String what, PrintWriter out) {
        out.println(what + url);
        out.flush();
        if (!noBrowser && !Browser.open(url)) {
            out.println("open this address in a browser");
            out.flush();
        }
    }

    private ServerOptions options() throws IOException {
        ApiKeys keys = flags.keys();
        LlamaCppOptions usual = LlamaCppOptions.defaults();
        return new ServerOptions(
                "127.0.0.1",
                port,
                flags.allowedHosts(),
                flags.allowedOrigins(),
                keys,
                HttpLimits.defaults(),
                pool(),
                flags.generation(),
                flags.contextPolicy(),
                new LlamaCppOptions(
                        usual.metrics(),
                        usual.slots(),
                        false,
                        usual.contextShift(),
                        usual.splitReasoning(),
                        usual.waitForModel()),
                Duration.ofSeconds(flags.drainSeconds()));
    }

    /** As given, or else as this machine suggests. */
    private LoadOptions usual() {
        if (context < 0) {
            throw new WrongUseException("--ctx: expected 0 or more, found " + context);
        }
        LoadOptions load = LoadOptions.defaults().withContextLength(context);
        return threads == null ? load : load.withThreads(threads);
    }

    /** As given, or else as chosen on the page, at this moment. */
    private LoadOptions load() {
        LoadOptions usual = usual();
        MachineSettings chosen = machine;
        return chosen == null ? usual : usual.withThreads(chosen.threads().orElse(usual.threads()));
    }

    private PoolOptions pool() {
        return new PoolOptions(usual(), flags.memory(), flags.keepAlive(), PARALLEL, WAITING);
    }

    private LoadedEntry load(ModelFiles.Entry entry, PrintWriter err) throws IOException {
        return Loading.of(
                entry.file(),
                load(),
                err,
                (file, options) ->
                        flags.embeds(file.metadata())
                                ? new LoadedEntry.Embedder(EmbeddingModel.of(file, options))
                                : new LoadedEntry.Writer(LanguageModel.of(file, options)));
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
