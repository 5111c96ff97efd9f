package dev.snoozy.hub;

import dev.snoozy.hub.files.ShortNames;
import dev.snoozy.hub.store.StoreAddition;
import dev.snoozy.hub.store.StoreLock;
import dev.snoozy.hub.store.StoreRemoval;
import dev.snoozy.hub.store.StoreScan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The user's folder of models. Files lie in it where people see them and can use them otherwise; a
 * small record beside them says what a model is called and where it came from. Files that have none
 * are models as well.
 *
 * <p>Thread-safe; several processes may use one folder at the same time. Readers take no lock: a
 * record is there as a whole or not at all, and of a model that is replaced they may see the old
 * files, the new ones or, for a moment, both.
 */
public final class ModelStore {
    private static final String OWN = Place.STORE.word() + ":";

    private final Path root;

    private ModelStore(Path root) {
        this.root = root;
    }

    /** The store of a folder, which is made when something is put into it. */
    public static ModelStore open(Path models) {
        return new ModelStore(models.toAbsolutePath().normalize());
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /** All models, by name. */
    public List<StoredModel> list() {
        return StoreScan.of(root).models();
    }

    /** All models, and what is there beside them. */
    public Listing listing() {
        return StoreScan.of(root).listing();
    }

    /**
     * The model of a name, which may be a short form if only one model has it.
     *
     * @throws HubException if several models have it; the message names them
     */
    public Optional<StoredModel> find(String name) {
        return find(name, StoreScan.of(root));
    }

    private static Optional<StoredModel> find(String name, StoreScan scan) {
        Optional<StoredModel> found = ShortNames.findName(name, scan.models());
        return found.isEmpty() && name.startsWith(OWN)
                ? ShortNames.findName(name.substring(OWN.length()), scan.models())
                : found;
    }

    /**
     * Removes a model. Files that another name uses stay, and no file outside of the folder is
     * touched.
     *
     * @param name its name, a unique short form, or that of a record whose files are missing
     * @return bytes that are free now
     * @throws HubException if there is none, or its files cannot be removed
     */
    public long remove(String name) {
        return changed(() -> {
            StoreScan scan = StoreScan.of(root);
            Optional<StoredModel> model = find(name, scan);
            Optional<StoreScan.Found> record =
                    scan.record(model.map(StoredModel::name).orElse(name));
            if (model.isEmpty() && record.isEmpty()) {
                throw new HubException(
                        "no model \"%s\" in the store; cure: snoozy list shows what is there"
                                .formatted(name));
            }
            return new StoreRemoval(root, scan).remove(model, record);
        });
    }

    /**
     * Gives a model of the store another name, without copying its bytes.
     *
     * @throws HubException if there is no such model, or the new name is taken
     * @throws IllegalArgumentException if the new name is none
     */
    public StoredModel copy(String from, String to) {
        ModelName name = ModelName.parse(to);
        return changed(() -> {
            StoreScan scan = StoreScan.of(root);
            StoredModel model =
                    find(from, scan)
                            .orElseThrow(() ->
                                    new HubException("no model \"" + from + "\" in the store"));
            return new StoreAddition(root, scan).link(model, name);
        });
    }

    /**
     * Gives a model, which may be another program's, a name in the store without copying its bytes:
     * by a hard link, so that each name lives by itself; where the file system has none, by a
     * record of the same file, or a symbolic link to the other program's.
     *
     * @throws HubException if the name is taken, or no link can be made
     */
    public StoredModel copy(StoredModel from, ModelName to) {
        return changed(() -> new StoreAddition(root, StoreScan.of(root)).link(from, to));
    }

    /**
     * Takes a model that lies elsewhere into the store, as {@link FileImport#of} has found it:
     * where it is, by links as in {@link #copy(StoredModel, ModelName)}; or as a copy of its own.
     *
     * @param progress is told the bytes that are copied; what it throws ends the import
     * @throws HubException if the name is taken, or the files cannot be read or stored
     * @throws InterruptedException if the thread was interrupted; nothing is left then
     */
    public StoredModel add(FileImport files, ModelName to, LongConsumer progress)
            throws InterruptedException {
        if (!files.copies()) {
            return copy(files.model(), to);
        }
        if (StoreScan.of(root).isTaken(to.toString())) {
            throw StoreAddition.taken(to);
        }
        return files.copyInto(this, to, progress);
    }

    /** Where the files of a model of this name lie: {@code models/publisher/repository}. */
    public Path folder(ModelName name) {
        return StoreScan.folder(root, name);
    }

    /** Where unfinished downloads lie; never listed. */
    public Path partial() {
        return root.resolve(".partial");
    }

    /**
     * Puts a model into the store: its files lie in {@link #folder} already, or in {@link #partial}
     * from where they are moved there. A model of the same name is replaced.
     *
     * @param files in order, the first of which is the one to open
     * @throws HubException if a file is missing, is not as large as said, lies elsewhere, or would
     *     replace one that another model uses
     */
    public StoredModel add(ModelName name, List<StoredFile> files, Origin origin) {
        return changed(() -> new StoreAddition(root, StoreScan.of(root)).add(name, files, origin));
    }

    private <T> T changed(StoreLock.Change<T> change) {
        try {
            return StoreLock.hold(root, change);
        } catch (IOException e) {
            throw new HubException(
                    "cannot change the models in %s: %s; cure: check its permissions and the disk"
                            .formatted(root, reason(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? kind : kind + ", " + e.getMessage();
    }
}
