package dev.snoozy.hub.elsewhere;

import dev.snoozy.hub.Environment;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.GgufMagic;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Models in the folders of other programs. They are read where they lie; nothing of another program
 * is ever changed, moved or removed.
 */
public final class ForeignModels {
    private static final int DEPTH = 5;

    private ForeignModels() {}

    /** The models of a program. */
    public static Listing of(Place place, Environment environment) {
        return switch (place) {
            case OLLAMA -> OllamaModels.of(environment);
            case HUGGING_FACE -> HuggingFaceCache.of(environment);
            case LM_STUDIO -> folders(place, lmStudio(environment), DEPTH);
            case GPT4ALL -> folders(place, gpt4all(environment), 1);
            case LLAMA_CPP -> folders(place, llamaCpp(environment), 1);
            case JAN -> folders(place, jan(environment), DEPTH);
            case INSTALLATION, STORE, ELSEWHERE -> Listing.EMPTY;
        };
    }

    private static List<Path> lmStudio(Environment environment) {
        return List.of(
                environment.home().resolve(".lmstudio").resolve("models"),
                environment.cache().resolve("lm-studio").resolve("models"));
    }

    /** The application's folder, and that of its Python library. */
    private static List<Path> gpt4all(Environment environment) {
        return List.of(
                environment.data().resolve("nomic.ai").resolve("GPT4All"),
                environment.home().resolve(".cache").resolve("gpt4all"));
    }

    private static List<Path> llamaCpp(Environment environment) {
        Path usual;
        if (environment.isWindows()) {
            usual = environment.data();
        } else if (environment.isMac()) {
            usual = environment.home().resolve("Library").resolve("Caches");
        } else {
            usual = environment.cache();
        }
        return List.of(environment.folder("LLAMA_CACHE").orElse(usual.resolve("llama.cpp")));
    }

    /** Newer versions keep a folder for each engine; older ones lay in the user's folder. */
    private static List<Path> jan(Environment environment) {
        Path data =
                environment.isWindows()
                        ? environment
                                .folder("APPDATA")
                                .orElse(environment.home().resolve("AppData").resolve("Roaming"))
                        : environment.data();
        Path jan = data.resolve("Jan").resolve("data");
        return List.of(
                jan.resolve("llamacpp").resolve("models"),
                jan.resolve("models"),
                environment.home().resolve("jan").resolve("models"));
    }

    /** Folders of files, whose names are those of the models. */
    private static Listing folders(Place place, List<Path> roots, int depth) {
        List<SkippedFile> skipped = new ArrayList<>();
        PlainModels models = new PlainModels(place, List.of());
        for (Path root : roots) {
            GgufWalk walk = GgufWalk.of(root, place, depth, false, FileNames::isModel);
            skipped.addAll(walk.skipped());
            models.addBelow(root, usable(walk.files(), root, place, skipped));
        }
        skipped.addAll(models.skipped());
        return new Listing(models.models(), skipped);
    }

    /** The files that are models and lie below the folder; the others are told with reasons. */
    static List<Path> usable(List<Path> files, Path root, Place place, List<SkippedFile> skipped) {
        List<Path> usable = new ArrayList<>();
        for (Path file : files) {
            String problem = problem(file, root);
            if (problem.isEmpty()) {
                usable.add(file);
            } else {
                skipped.add(new SkippedFile(file, place, problem));
            }
        }
        return usable;
    }

    /** Why a file is no model that may be used; "" if it is one. */
    static String problem(Path file, Path root) {
        if (FileNames.of(file).startsWith("incomplete-")) {
            return "a download that is not finished";
        }
        try {
            if (!Files.exists(file)) {
                return "the link leads nowhere";
            }
            if (!file.toRealPath().startsWith(root.toRealPath())) {
                return "the link leads out of the folder";
            }
            return GgufMagic.isGguf(file) ? "" : "not a GGUF file";
        } catch (IOException e) {
            return "it cannot be read";
        }
    }
}
