package dev.snoozy.studio;

import dev.snoozy.server.RouteSource;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Door;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.Jobs;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.api.ApiErrors;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.chat.Answers;
import dev.snoozy.studio.chat.ChatApi;
import dev.snoozy.studio.chat.ContextMeter;
import dev.snoozy.studio.chat.MessageApi;
import dev.snoozy.studio.cook.CookApi;
import dev.snoozy.studio.data.CurateKind;
import dev.snoozy.studio.data.Curations;
import dev.snoozy.studio.data.DataApi;
import dev.snoozy.studio.documents.DocumentApi;
import dev.snoozy.studio.evaluate.EvaluateApi;
import dev.snoozy.studio.jobs.JobApi;
import dev.snoozy.studio.jobs.StudioKinds;
import dev.snoozy.studio.lab.LabApi;
import dev.snoozy.studio.lab.Laboratory;
import dev.snoozy.studio.models.HubApi;
import dev.snoozy.studio.models.MachineSettings;
import dev.snoozy.studio.models.ModelApi;
import dev.snoozy.studio.server.ServerApi;
import dev.snoozy.studio.server.StudioDoor;
import dev.snoozy.studio.settings.SettingsApi;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Database;
import dev.snoozy.studio.store.FileDigests;
import dev.snoozy.studio.store.Folders;
import dev.snoozy.studio.store.Keys;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.store.Presets;
import dev.snoozy.studio.store.PromptSets;
import dev.snoozy.studio.store.Runs;
import dev.snoozy.studio.store.Search;
import dev.snoozy.studio.store.Settings;
import dev.snoozy.studio.store.Speeds;
import dev.snoozy.studio.store.StoreException;
import dev.snoozy.studio.store.StoredJobs;
import dev.snoozy.studio.store.Votes;
import dev.snoozy.studio.store.Writings;
import dev.snoozy.studio.transfer.TransferApi;
import dev.snoozy.studio.tune.TuneApi;
import dev.snoozy.studio.web.StaticFiles;
import dev.snoozy.studio.write.AdapterFiles;
import dev.snoozy.studio.write.Author;
import dev.snoozy.studio.write.Digests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The studio as a part of one server. Whoever opens it closes it, before the server: what is in
 * progress is interrupted, and kept as far as it has come.
 */
public final class Studio implements RouteSource, AutoCloseable {
    private final StudioOptions options;
    private final Database database;
    private final StudioDoor door;
    private final MachineSettings machine;
    private final List<AutoCloseable> running = new ArrayList<>();

    private Studio(StudioOptions options, Database database) {
        this.options = options;
        this.database = database;
        door = new StudioDoor(new Settings(database), new Keys(database));
        machine = new MachineSettings(new Settings(database)::all, options.given());
    }

    /**
     * Opens the data. What an earlier process has left in progress is interrupted.
     *
     * @throws IOException if the data cannot be opened, with the cure
     */
    public static Studio open(StudioOptions options) throws IOException {
        try {
            Database database = Database.open(options.file());
            new Writings(database).interruptAll();
            return new Studio(options, database);
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What the user must know of the data, or "". */
    public String notice() {
        return database.notice();
    }

    /** What was chosen of how models run; heeded by whoever loads them, from the next one on. */
    public MachineSettings machine() {
        return machine;
    }

    /** Folders below which programs may have documents indexed, as they are chosen now. */
    public Supplier<List<Path>> documentRoots() {
        Settings settings = new Settings(database);
        return () -> SettingsApi.documentRoots(settings);
    }

    private void limit(Service service) {
        long otherwise = service.pool().options().memory();
        service.pool().limit(machine.memory().orElse(otherwise));
    }

    /** As chosen on the page at this moment, else as given or as this machine suggests. */
    private int threads(Service service) {
        return machine.threads().orElse(service.pool().options().load().threads());
    }

    @Override
    public void addTo(Routes routes, Service service) {
        ApiRoutes api = new ApiRoutes();
        Chats chats = new Chats(database);
        Messages messages = new Messages(database);
        Folders folders = new Folders(database);
        FileDigests known = new FileDigests(database);
        Digests digests = new Digests(known);
        ModelFiles files = service.pool().files();
        AdapterFiles adapters = new AdapterFiles(options.models(), options.runs());
        Author author = new Author(service, digests, adapters);
        Answers answers = new Answers(author, chats, messages, new Writings(database));
        running.add(answers);
        new SettingsApi(
                        new Settings(database),
                        new Presets(database),
                        folders,
                        machine,
                        () -> limit(service))
                .addTo(api);
        limit(service);
        new ChatApi(chats, messages, folders, new Search(database), answers).addTo(api);
        new MessageApi(chats, messages, answers).addTo(api);
        new TransferApi(chats, messages).addTo(api);
        new ContextMeter(service, chats, messages).addTo(api);
        new ModelApi(
                        service.pool(),
                        options.files(),
                        options.memory(),
                        new Speeds(database),
                        options.models())
                .addTo(api);
        new HubApi(options.hub(), options.memory(), options.files()).addTo(api);
        List<JobKind> kinds = new ArrayList<>(options.kinds());
        kinds.addAll(
                StudioKinds.of(
                        options.files(),
                        options.models(),
                        () -> threads(service),
                        service.documents()));
        Curations curations = new Curations(options.home().resolve("curations"));
        kinds.add(new CurateKind(curations, () -> threads(service)));
        Path cooked = options.runs().resolve("cook");
        TuneApi tune = new TuneApi(files, digests, options.runs(), cooked, () -> threads(service));
        kinds.add(tune.kind());
        EvaluateApi evaluate =
                new EvaluateApi(
                        files,
                        digests,
                        known,
                        options.runs().resolve("eval"),
                        () -> threads(service));
        kinds.add(evaluate.kind());
        CookApi cook =
                new CookApi(
                        files, options.home().resolve("recipes"), cooked, () -> threads(service));
        kinds.add(cook.kind());
        Jobs jobs = new Jobs(new StoredJobs(database), kinds);
        running.add(jobs);
        new JobApi(jobs).addTo(api);
        tune.addTo(api, jobs);
        evaluate.addTo(api, jobs);
        cook.addTo(api, jobs);
        new DocumentApi(service, jobs).addTo(api);
        new DataApi(curations, jobs).addTo(api);
        Runs runs = new Runs(database);
        Laboratory laboratory = new Laboratory(author, digests, files, runs);
        running.add(laboratory);
        new LabApi(laboratory, runs, new Votes(database), new PromptSets(database), files, adapters)
                .addTo(api);
        new SystemApi(options, database.notice(), service, machine).addTo(api);
        new ServerApi(service, door).addTo(api);
        api.addTo(routes);
        routes.addOpen("GET", "/", ApiErrors::of, StaticFiles::toBase);
        new StaticFiles().addTo(routes, ApiErrors::of); // last: it takes what is left
    }

    @Override
    public Door door() {
        return door;
    }

    @Override
    public void close() {
        for (AutoCloseable part : running) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the studio does not close", e);
            }
        }
        database.close();
    }
}
