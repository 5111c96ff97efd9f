package dev.snoozy.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Another process that adds and removes models of a store until it is told to stop. */
final class StoreProcess {
    private StoreProcess() {}

    /** Arguments: the folder of models, a word for the names, and how often. */
    public static void main(String[] args) throws IOException {
        ModelStore store = ModelStore.open(Path.of(args[0]));
        for (int round = 0; round < Integer.parseInt(args[2]); round++) {
            change(store, args[1], round);
        }
        System.out.println("done");
    }

    /** Adds a model of its own and one that everybody adds, and removes its own. */
    static void change(ModelStore store, String word, int round) throws IOException {
        add(store, ModelName.parse("own/" + word + ":r" + round), word + round);
        add(store, ModelName.parse("all/common"), word + round);
        store.copy("own/" + word + ":r" + round, "copy/" + word + ":r" + round);
        store.remove("own/" + word + ":r" + round);
    }

    private static void add(ModelStore store, ModelName name, String text) throws IOException {
        Path part = store.partial().resolve(text).resolve(name.repository() + text + ".gguf");
        Files.createDirectories(part.getParent());
        Files.writeString(part, "GGUF " + text);
        StoredFile file = new StoredFile(part, Files.size(part), null);
        store.add(name, List.of(file), new Origin("test", text, null));
    }
}
