package dev.snoozy.packaging;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the image, its archive and the Debian package in {@code packaging/target}. */
public final class Packaging {
    private Packaging() {}

    /**
     * Called by the build with the root of the sources, the version, the time that all files get,
     * whether there is to be a start-up cache, and whether the image is to be packed.
     */
    public static void main(String[] args) {
        if (args.length != 5) {
            System.err.println(
                    "expected ROOT VERSION TIME CACHE ARCHIVES; cure: mvn -Ppackage package");
            System.exit(2);
        }
        try {
            make(
                    Path.of(args[0]).toRealPath(),
                    args[1],
                    FileTime.from(Instant.parse(args[2])),
                    Boolean.parseBoolean(args[3]),
                    Boolean.parseBoolean(args[4]));
        } catch (PackagingException | IOException e) {
            System.err.println("packaging: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void make(
            Path repository, String version, FileTime time, boolean cache, boolean archives)
            throws IOException {
        Path target = repository.resolve("packaging", "target");
        Platform platform = Platform.here();
        List<Path> classPath = classPath(target.resolve("class-path"));
        Path folder = target.resolve("snoozy-" + version + "-" + platform);
        AppImage image = AppImage.make(folder, repository, classPath, platform, time, cache);
        say(folder, Folders.size(folder));
        if (!archives || !platform.isLinux()) {
            return;
        }
        say(archive(target, folder));
        if (Tool.exists("dpkg-deb")) {
            say(DebianPackage.make(image, version, platform, time));
        } else {
            System.out.println("packaging: no Debian package, since there is no dpkg-deb here");
        }
    }

    /** The class path that Maven wrote down. */
    static List<Path> classPath(Path file) throws IOException {
        return Stream.of(Files.readString(file).strip().split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static Path archive(Path target, Path folder) throws IOException {
        Path file = folder.resolveSibling(folder.getFileName() + ".tar.gz");
        Tool.run(
                Map.of("GZIP", "-n"),
                List.of(
                        "tar",
                        "--sort=name",
                        "--owner=0",
                        "--group=0",
                        "--numeric-owner",
                        "--format=gnu",
                        "-czf",
                        file.toString(),
                        "-C",
                        target.toString(),
                        folder.getFileName().toString()));
        return file;
    }

    private static void say(Path file) throws IOException {
        say(file, Files.size(file));
    }

    private static void say(Path made, long bytes) {
        System.out.printf("packaging: %s, %.1f MB%n", made, bytes / 1e6);
    }
}
