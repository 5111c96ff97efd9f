package dev.snoozy.studio.settings;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.models.MachineSettings;
import dev.snoozy.studio.store.Folders;
import dev.snoozy.studio.store.Ids;
import dev.snoozy.studio.store.Presets;
import dev.snoozy.studio.store.Settings;
import dev.snoozy.studio.write.OptionFields;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the page asks about its settings, about presets and folders. */
public final class SettingsApi {
    private static final int LONGEST_NAME = 200;
    private static final String ROOTS = "documentRoots";
    private static final int MOST_ROOTS = 16;

    /** The settings there are, and what each may be. */
    private static final Map<String, Predicate<JsonNode>> KNOWN =
            Map.ofEntries(
                    Map.entry("theme", SettingsApi::isWord),
                    Map.entry("fontSize", node -> isNumber(node, 8, 40)),
                    Map.entry("language", SettingsApi::isWord),
                    Map.entry("started", JsonNode::isBoolean),
                    Map.entry("defaultPreset", SettingsApi::isWord),
                    Map.entry("defaultModel", SettingsApi::isModelName),
                    Map.entry("sendKey", SettingsApi::isWord),
                    Map.entry("keepTokens", JsonNode::isBoolean),
                    Map.entry("view", SettingsApi::isView),
                    Map.entry(ROOTS, SettingsApi::areFolders),
                    Map.entry(MachineSettings.THREADS, MachineSettings::isThreads),
                    Map.entry(MachineSettings.MEMORY, MachineSettings::isMemory));

    private final Settings settings;
    private final Presets presets;
    private final Folders folders;
    private final MachineSettings machine;
    private final Runnable changed;

    /**
     * What may be asked.
     *
     * @param machine refuses what was given at the start
     * @param changed told when a setting of the machine was changed
     */
    public SettingsApi(
            Settings settings,
            Presets presets,
            Folders folders,
            MachineSettings machine,
            Runnable changed) {
        this.settings = settings;
        this.machine = machine;
        this.changed = changed;
        this.presets = presets;
        this.folders = folders;
    }

    private static boolean isWord(JsonNode node) {
        return node.isString() && node.asString().matches("[A-Za-z0-9_-]{0,40}");
    }

    private static boolean isModelName(JsonNode node) {
        return node.isString() && node.asString().length() <= 500;
    }

    private static boolean isView(JsonNode node) {
        return node.isObject() && Json.text(node).length() <= 20_000;
    }

    private static boolean areFolders(JsonNode node) {
        return node.isArray()
                && node.size() <= MOST_ROOTS
                && node.valueStream().allMatch(SettingsApi::isFolder);
    }

    private static boolean isFolder(JsonNode node) {
        try {
            Path path = Path.of(node.asString(""));
            return node.isString() && path.isAbsolute() && Files.isDirectory(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Folders below which programs may have documents indexed; none until some are chosen. */
    public static List<Path> documentRoots(Settings settings) {
        return settings.all()
                .path(ROOTS)
                .valueStream()
                .map(node -> Path.of(node.asString()))
                .toList();
    }

    private static boolean isNumber(JsonNode node, double least, double most) {
        return node.isNumber() && node.asDouble() >= least && node.asDouble() <= most;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/settings", call -> call.json(settings.all()));
        routes.on("PATCH", "/settings", this::change);
        routes.on("GET", "/presets", this::listPresets);
        routes.on("POST", "/presets", this::addPreset);
        routes.on("PATCH", "/presets/{preset}", this::changePreset);
        routes.on(
                "DELETE",
                "/presets/{preset}",
                call -> call.done(presets.remove(call.part("preset")), "preset"));
        routes.on("GET", "/folders", this::listFolders);
        routes.on("POST", "/folders", this::addFolder);
        routes.on("PATCH", "/folders/{folder}", this::renameFolder);
        routes.on(
                "DELETE",
                "/folders/{folder}",
                call -> call.done(folders.remove(call.part("folder")), "folder"));
    }

    private void change(Call call) {
        ObjectNode changes = call.fields().node();
        for (var change : changes.properties()) {
            Predicate<JsonNode> known = KNOWN.get(change.getKey());
            if (known == null) {
                throw HttpProblem.invalid(
                        change.getKey(),
                        "expected one of "
                                + new TreeSet<>(KNOWN.keySet())
                                + ", found another name");
            }
            if (!change.getValue().isNull() && !known.test(change.getValue())) {
                throw HttpProblem.invalid(change.getKey(), impossible(change));
            }
            machine.given(change.getKey())
                    .ifPresent(flag -> {
                        throw HttpProblem.invalid(
                                change.getKey(),
                                "it was given when the studio was started: "
                                        + flag
                                        + "; cure: start it without");
                    });
        }
        settings.put(changes);
        if (changes.has(MachineSettings.THREADS) || changes.has(MachineSettings.MEMORY)) {
            changed.run();
        }
        call.json(settings.all());
    }

    private static String impossible(Map.Entry<String, JsonNode> change) {
        if (change.getKey().equals(ROOTS)) {
            return "expected the whole paths of folders on this machine";
        }
        String expected = MachineSettings.expected(change.getKey());
        JsonNode found = change.getValue();
        if (expected.isEmpty()) {
            return "this value is not possible";
        }
        return expected + ", found " + (found.isNumber() ? Json.text(found) : "no number");
    }

    private static String name(Fields fields, String otherwise) {
        String name = fields.string("name").orElse(otherwise).strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw HttpProblem.invalid(
                    "name",
                    "expected 1 to " + LONGEST_NAME + " characters, found " + name.length());
        }
        return name;
    }

    private void listPresets(Call call) {
        ArrayNode list = Json.array();
        presets.all().forEach(preset -> list.add(preset.json()));
        call.json(Json.object().set("presets", list));
    }

    private void addPreset(Call call) {
        Fields fields = call.fields();
        put(
                call,
                new Presets.Preset(
                        Ids.next(),
                        name(fields, ""),
                        fields.string("system").orElse(""),
                        OptionFields.read(fields, "options")));
    }

    private void changePreset(Call call) {
        Presets.Preset old =
                presets.find(call.part("preset")).orElseThrow(() -> Call.missing("preset"));
        Fields fields = call.fields();
        put(
                call,
                new Presets.Preset(
                        old.id(),
                        name(fields, old.name()),
                        fields.string("system").orElse(old.system()),
                        fields.has("options")
                                ? OptionFields.read(fields, "options")
                                : old.options()));
    }

    private void put(Call call, Presets.Preset preset) {
        presets.put(preset);
        call.json(preset.json());
    }

    private void listFolders(Call call) {
        ArrayNode list = Json.array();
        folders.all().forEach(folder -> list.add(json(folder)));
        call.json(Json.object().set("folders", list));
    }

    private static ObjectNode json(Folders.Folder folder) {
        return Json.object().put("id", folder.id()).put("name", folder.name());
    }

    private void addFolder(Call call) {
        call.created(json(folders.add(name(call.fields(), ""))));
    }

    private void renameFolder(Call call) {
        Folders.Folder folder = new Folders.Folder(call.part("folder"), name(call.fields(), ""));
        if (!folders.rename(folder.id(), folder.name())) {
            throw Call.missing("folder");
        }
        call.json(json(folder));
    }
}
