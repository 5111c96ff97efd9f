package dev.snoozy.cli.hub;

import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user whose folders are empty, for as long as it is open. */
public final class HubHome implements AutoCloseable {
    private static final String DATA = "snoozy.data";
    private static final String HOME = "user.home";

    private final Path folder;
    private final String data = System.getProperty(DATA);
    private final String home = System.getProperty(HOME);

    /** Begins to use a folder in the place of the user's own. */
    public HubHome(Path folder) {
        this.folder = folder;
        System.setProperty(DATA, folder.resolve("data").toString());
        System.setProperty(HOME, folder.resolve("home").toString());
    }

    /** The folder of models. */
    public Path models() {
        return folder.resolve("data").resolve("models");
    }

    /** Writes a model into the folder of models. */
    public Path model(String path) throws IOException {
        return write(models().resolve(path));
    }

    /** Writes a model into the folder of LM Studio. */
    public Path lmStudio(String path) throws IOException {
        return write(folder.resolve("home/.lmstudio/models").resolve(path));
    }

    private static Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return TinyModel.llama().writeTo(file);
    }

    @Override
    public void close() {
        restore(DATA, data);
        restore(HOME, home);
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }
}
