package dev.snoozy.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * The program as a folder that runs where it stands: launcher, jars, a Java of its own, the models
 * that come with Snoozy, licences.
 *
 * <pre>
 * bin/snoozy          the launcher (snoozy.cmd on Windows)
 * lib/app/snoozy.jar  the command; its manifest names the jars of lib/app/lib
 * lib/app/start.aot   loaded classes, which shorten the start
 * lib/runtime         Java
 * models, licences, share
 * </pre>
 */
final class AppImage {
    private static final String MAIN = "snoozy-cli-";

    private final Path folder;
    private final Path app;
    private final Path runtime;

    private AppImage(Path folder) {
        this.folder = folder;
        this.app = folder.resolve("lib", "app");
        this.runtime = folder.resolve("lib", "runtime");
    }

    /**
     * Makes an image, in place of one that is there.
     *
     * @param repository the root of the sources
     * @param classPath the jars of the program
     * @param time what all files get; the start-up cache is bound to it
     */
    static AppImage make(
            Path folder,
            Path repository,
            List<Path> classPath,
            Platform platform,
            FileTime time,
            boolean cache)
            throws IOException {
        Folders.delete(folder);
        Files.createDirectories(folder);
        AppImage image = new AppImage(folder);
        image.copyJars(classPath);
        image.linkRuntime();
        image.copyFiles(repository, classPath, platform);
        Folders.normalise(folder, time);
        if (cache) {
            image.makeCache(platform);
            Folders.normalise(folder, time);
        }
        return image;
    }

    Path folder() {
        return folder;
    }

    private void copyJars(List<Path> classPath) throws IOException {
        Files.createDirectories(app.resolve("lib"));
        SortedSet<String> copied = new TreeSet<>();
        for (Path jar : classPath) {
            String name = jar.getFileName().toString();
            if (Files.isDirectory(jar)) {
                throw new PackagingException(
                        jar + " is a folder, expected a jar; cure: mvn -Ppackage package");
            }
            if (name.startsWith(MAIN)) {
                Files.copy(jar, main());
            } else {
                Files.copy(jar, app.resolve("lib", name));
                copied.add("lib/" + name);
            }
        }
        SortedSet<String> expected = new TreeSet<>(classPathOf(main()));
        if (!copied.equals(expected)) {
            throw new PackagingException(
                    "the manifest of the command names " + expected + ", found " + copied);
        }
    }

    private Path main() {
        return app.resolve("snoozy.jar");
    }

    private static List<String> classPathOf(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String names =
                    file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return List.of(names.split(" "));
        }
    }

    private void linkRuntime() {
        Tool.jdk(
                "jlink",
                "--add-modules",
                String.join(",", RuntimeModules.listed().given()),
                "--no-header-files",
                "--no-man-pages",
                "--generate-cds-archive",
                "--output",
                runtime.toString());
    }

    private void copyFiles(Path repository, List<Path> classPath, Platform platform)
            throws IOException {
        Path sources = repository.resolve("packaging", "src", "main");
        Folders.copy(sources.resolve("image"), folder);
        Files.delete(folder.resolve("bin", platform.isWindows() ? "snoozy" : "snoozy.cmd"));
        if (!platform.isWindows()) {
            folder.resolve("bin", "snoozy").toFile().setExecutable(true);
        }
        Folders.copy(repository.resolve("models"), folder.resolve("models"));
        Files.copy(repository.resolve("LICENSE"), folder.resolve("LICENSE"));
        Libraries.writeLicences(
                Libraries.of(classPath), sources.resolve("licences"), folder.resolve("licences"));
    }

    /** Does what users do most, and keeps the classes that it needed. */
    private void makeCache(Platform platform) throws IOException {
        Path home = Files.createTempDirectory("snoozy");
        String java = platform.isWindows() ? "java.exe" : "java";
        List<String> command = new ArrayList<>();
        command.add(runtime.resolve("bin", java).toString());
        command.add("-XX:AOTCacheOutput=" + app.resolve("start.aot"));
        command.add("-Dsnoozy.home=" + folder);
        command.addAll(List.of("-jar", main().toString(), "warm-up"));
        try {
            Tool.run(Map.of("SNOOZY_HOME", home.toString()), command);
        } finally {
            Folders.delete(home);
        }
    }
}
