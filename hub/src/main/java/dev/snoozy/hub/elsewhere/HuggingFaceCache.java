package dev.snoozy.hub.elsewhere;

import dev.snoozy.hub.Environment;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The GGUF files in the cache of Hugging Face's library: {@code
 * models--ORG--REPOSITORY/snapshots/COMMIT/FILE}, each a link to {@code blobs}. A file that lies in
 * several snapshots counts once, as it is in that of {@code refs/main}.
 */
final class HuggingFaceCache {
    private static final Place PLACE = Place.HUGGING_FACE;
    private static final String PREFIX = "models--";
    private static final int DEPTH = 3;
    private static final int COMMIT = 40;
    private static final int MOST_REPOSITORIES = 2_000;

    private final List<SkippedFile> skipped = new ArrayList<>();
    private final PlainModels models = new PlainModels(PLACE, List.of());

    private HuggingFaceCache() {}

    /** The models of the cache. */
    static Listing of(Environment environment) {
        Path root = root(environment);
        HuggingFaceCache cache = new HuggingFaceCache();
        if (Files.isDirectory(root)) {
            for (Path repository : cache.folders(root)) {
                if (FileNames.of(repository).startsWith(PREFIX)) {
                    cache.add(repository);
                }
            }
        }
        cache.skipped.addAll(cache.models.skipped());
        return new Listing(cache.models.models(), cache.skipped);
    }

    /** The first place that is set; {@code HUGGINGFACE_HUB_CACHE} is the older name. */
    private static Path root(Environment environment) {
        return environment
                .folder("HF_HUB_CACHE")
                .or(() -> environment.folder("HUGGINGFACE_HUB_CACHE"))
                .or(() -> environment.folder("HF_HOME").map(home -> home.resolve("hub")))
                .orElseGet(() -> environment.cache().resolve("huggingface").resolve("hub"));
    }

    private List<Path> folders(Path folder) {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : stream) {
                if (folders.size() == MOST_REPOSITORIES) {
                    skip(
                            folder,
                            "more than " + MOST_REPOSITORIES + " folders: not all are looked at");
                    break;
                }
                folders.add(entry);
            }
        } catch (IOException | DirectoryIteratorException e) {
            skip(folder, "this folder cannot be read");
        }
        folders.sort(null);
        return folders;
    }

    private void add(Path repository) {
        Path snapshots = repository.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return; // nothing was fetched yet
        }
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path snapshot : inOrder(folders(snapshots), commit(repository))) {
            GgufWalk walk = GgufWalk.of(snapshot, PLACE, DEPTH, false, FileNames::isModel);
            skipped.addAll(walk.skipped());
            List<Path> usable = ForeignModels.usable(walk.files(), repository, PLACE, skipped);
            for (Path file : usable) {
                files.putIfAbsent(snapshot.relativize(file).toString(), file);
            }
        }
        if (!files.isEmpty()) {
            List<Path> list = new ArrayList<>(files.values());
            list.sort(Comparator.comparing(FileNames::of));
            models.add(name(repository), list);
        }
    }

    /** That of main first, then the newest. */
    private static List<Path> inOrder(List<Path> snapshots, String main) {
        List<Path> ordered = new ArrayList<>(snapshots);
        ordered.sort(
                Comparator.comparing((Path path) -> !FileNames.of(path).equals(main))
                        .thenComparing(
                                path -> path.toFile().lastModified(), Comparator.reverseOrder()));
        return ordered;
    }

    private static String commit(Path repository) {
        Path main = repository.resolve("refs").resolve("main");
        try {
            return Files.isRegularFile(main) && Files.size(main) <= 2 * COMMIT
                    ? Files.readString(main).strip()
                    : "";
        } catch (IOException e) {
            return ""; // then the newest snapshot is the first
        }
    }

    /** {@code models--ORG--REPOSITORY} is ORG/REPOSITORY; old models have no organisation. */
    private static String name(Path repository) {
        return FileNames.of(repository).substring(PREFIX.length()).replaceFirst("--", "/");
    }

    private void skip(Path file, String reason) {
        skipped.add(new SkippedFile(file, PLACE, reason));
    }
}
