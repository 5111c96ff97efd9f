package dev.snoozy.packaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * An image as a Debian package: the image in {@code /usr/lib/snoozy}, the command in {@code
 * /usr/bin}, its page, its icon and its entry in the menu where desktops look for them. Nothing is
 * run at installation.
 */
final class DebianPackage {
    private static final String LIB = "usr/lib/snoozy";

    private DebianPackage() {}

    /** Makes the package beside the image, and returns its file. */
    static Path make(AppImage image, String version, Platform platform, FileTime time)
            throws IOException {
        Path target = image.folder().resolveSibling("deb");
        Folders.delete(target);
        Folders.link(image.folder(), target.resolve(LIB));
        // Where the system looks for them, instead of in the image.
        Files.createDirectories(target.resolve("usr", "share"));
        Files.createDirectories(target.resolve("usr", "bin"));
        Folders.link(image.folder().resolve("share"), target.resolve("usr", "share"));
        Folders.delete(target.resolve(LIB, "share"));
        Files.createSymbolicLink(
                target.resolve("usr", "bin", "snoozy"), Path.of("../lib/snoozy/bin/snoozy"));
        packPage(target.resolve("usr", "share", "man", "man1", "snoozy.1"));
        Path documents = Files.createDirectories(target.resolve("usr/share/doc/snoozy"));
        Files.writeString(documents.resolve("copyright"), copyright());
        long kibibytes = (Folders.size(target) + 1023) / 1024;
        Path control = Files.createDirectories(target.resolve("DEBIAN")).resolve("control");
        Files.writeString(control, control(version, platform, kibibytes));
        Folders.normalise(target, time);

        Path file =
                image.folder()
                        .resolveSibling(
                                "snoozy_" + debian(version) + "_" + platform.processor() + ".deb");
        Tool.run(
                Map.of("SOURCE_DATE_EPOCH", Long.toString(time.to(TimeUnit.SECONDS))),
                List.of(
                        "dpkg-deb",
                        "--root-owner-group",
                        "-Zxz",
                        "--build",
                        target.toString(),
                        file.toString()));
        Folders.delete(target);
        return file;
    }

    /** A tilde comes before all else in Debian's order, as a snapshot before its release. */
    static String debian(String version) {
        return version.replace('-', '~');
    }

    static String control(String version, Platform platform, long kibibytes) {
        return """
        Package: snoozy
        Version: %s
        Architecture: %s
        Maintainer: Snoozy maintainers
        Installed-Size: %d
        Depends: libc6
        Section: science
        Priority: optional
        Description: local language models on the JVM
         Runs language models in the GGUF format, serves them to the clients of
         OpenAI, Anthropic, Ollama and llama.cpp, converts and compresses them.
         It has a Java of its own. Nothing leaves the machine unless you ask for it.
        """
                .formatted(debian(version), platform.processor(), kibibytes);
    }

    private static String copyright() {
        return """
        Snoozy is licensed under the Apache License, Version 2.0: /usr/lib/snoozy/LICENSE.
        The licences of the libraries in it are in /usr/lib/snoozy/licences, those of Java in
        /usr/lib/snoozy/lib/runtime/legal, that of a model beside it in /usr/lib/snoozy/models.
        """;
    }

    /** The time in the header is 0, so that the same page gives the same bytes. */
    private static void packPage(Path page) throws IOException {
        Path packed = page.resolveSibling(page.getFileName() + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(page, out);
        }
        Files.delete(page);
    }
}
