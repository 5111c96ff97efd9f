package dev.snoozy.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The user's folder of models. Thread-safe; several processes may use one folder at the same time.
 */
public final class ModelStore {
    private final Path root;

    private ModelStore(Path root) {
        this.root = root;
    }

    /** The store of a folder, which is made when something is put into it. */
    public static ModelStore open(Path models) {
        return new ModelStore(models.toAbsolutePath().normalize());
    }

    /** All models, by name. */
    public List<StoredModel> list() {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * The model of a name, which may be a short form if only one model has it.
     *
     * @throws HubException if several models have it; the message names them
     */
    public Optional<StoredModel> find(String name) {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Removes a model. Files that another name uses stay.
     *
     * @return bytes that are free now
     * @throws HubException if there is none, or its files cannot be removed
     */
    public long remove(String name) {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Gives a model another name, without copying its bytes.
     *
     * @throws HubException if there is no such model, or the new name is taken
     */
    public StoredModel copy(String from, String to) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Where the files of a model of this name lie: {@code models/publisher/repository}. */
    public Path folder(ModelName name) {
        Path folder = name.publisher() == null ? root : root.resolve(name.publisher());
        return folder.resolve(name.repository());
    }

    /** Where unfinished downloads lie; never listed. */
    public Path partial() {
        return root.resolve(".partial");
    }

    /**
     * Puts a model into the store: its files lie in {@link #folder} already, or in {@link #partial}
     * from where they are moved there. A model of the same name is replaced.
     *
     * @throws HubException if a file is missing, lies elsewhere, or cannot be moved
     */
    public StoredModel add(ModelName name, List<StoredFile> files, Origin origin) {
        throw new UnsupportedOperationException("not there yet");
    }
}
