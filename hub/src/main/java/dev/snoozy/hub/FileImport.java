package dev.snoozy.hub;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.Sha256;
import dev.snoozy.hub.download.DiskSpace;
import dev.snoozy.hub.download.DownloadException;
import dev.snoozy.hub.download.FolderLock;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;
import dev.snoozy.hub.files.SafeName;
import dev.snoozy.hub.remote.Pull;
import dev.snoozy.hub.store.StoreAddition;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A model that lies anywhere on this machine, to be taken into a store. Immutable.
 *
 * @param model its files, all parts of a split one; its name is that of the file
 * @param copies whether the store gets a copy; else it uses the files where they are
 */
public record FileImport(StoredModel model, boolean copies) {
    private static final int BUFFER = 1 << 20;

    /**
     * Looks at a path: a GGUF file, any part of a split one, or a folder that has a single model.
     * The file is opened and checked.
     *
     * @param copies whether the store is to get a copy
     * @throws HubException if there is no sound model, with the cure
     */
    public static FileImport of(Path path, boolean copies) {
        Path place = path.toAbsolutePath().normalize();
        try {
            StoredModel model = Files.isDirectory(place) ? inFolder(place) : ofFile(place);
            Hub.checkGguf(model.file());
            return new FileImport(model, copies);
        } catch (FormatException e) {
            throw new HubException("this is no model that can be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HubException("the file cannot be read: " + e.getMessage(), e);
        }
    }

    private static StoredModel ofFile(Path file) {
        String name = FileNames.of(file);
        if (!Files.exists(file)) {
            throw new HubException("there is no file of this name; cure: its whole path");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new HubException("expected a file that can be read, found something else");
        }
        if (!FileNames.isModel(name)) {
            throw new HubException(
                    "expected a GGUF model (.gguf), found "
                            + SafeName.shown(name)
                            + "; cure: snoozy convert makes one of a folder of safetensors");
        }
        Path folder = Objects.requireNonNullElse(file.getParent(), file);
        Optional<FileNames.Part> part = FileNames.part(name);
        List<Path> files =
                part.isEmpty()
                        ? List.of(file)
                        : GgufWalk.of(folder, Place.ELSEWHERE, 1, false, n -> isOf(n, part.get()))
                                .files();
        return only(folder, files);
    }

    private static boolean isOf(String name, FileNames.Part part) {
        return FileNames.part(name)
                .filter(other -> other.stem().equals(part.stem()))
                .filter(other -> other.count() == part.count())
                .isPresent();
    }

    private static StoredModel inFolder(Path folder) {
        return only(
                folder, GgufWalk.of(folder, Place.ELSEWHERE, 1, false, FileNames::isModel).files());
    }

    private static StoredModel only(Path folder, List<Path> files) {
        PlainModels plain = new PlainModels(Place.ELSEWHERE, List.of());
        plain.addBelow(folder, files);
        List<StoredModel> models = plain.models();
        if (models.size() == 1) {
            StoredModel model = models.getFirst();
            return new StoredModel(
                    model.name(),
                    model.files(),
                    model.bytes(),
                    model.modified(),
                    new Origin("file", model.file().toString(), null),
                    Place.ELSEWHERE);
        }
        if (models.isEmpty()) {
            throw new HubException(
                    plain.skipped().isEmpty()
                            ? "this folder has no GGUF model"
                            : plain.skipped().getFirst().reason());
        }
        throw new HubException(
                "this folder has several models; cure: the path of one, such as "
                        + models.getFirst().file().getFileName());
    }

    /**
     * A name for it in a store, after its file.
     *
     * @throws HubException if the file's name cannot be one
     */
    public ModelName name() {
        String name = model.name().replaceAll("[^A-Za-z0-9._+-]+", "-").replaceFirst("^[.+-]+", "");
        if (!SafeName.isPart(name)) {
            throw new HubException(
                    "the name of the file cannot be that of a model; cure: give one");
        }
        return new ModelName(null, name, null);
    }

    /** Copies the files, checks that they arrived, and puts them into the store. */
    StoredModel copyInto(ModelStore store, ModelName to, LongConsumer progress)
            throws InterruptedException {
        Path folder = store.partial().resolve("import-" + Pull.key(origin()));
        try (FolderLock lock = FolderLock.take(folder, () -> {})) {
            try {
                DiskSpace.ofSystem().check(folder, model.bytes());
                List<StoredFile> copies = new ArrayList<>();
                long before = 0;
                for (StoredFile file : model.files()) {
                    long done = before;
                    Path copy = folder.resolve(StoreAddition.linkName(model, file, to));
                    copies.add(copy(file, copy, bytes -> progress.accept(done + bytes)));
                    before += file.bytes();
                }
                return store.add(to, copies, origin());
            } finally {
                lock.removeFolder();
            }
        } catch (DownloadException e) {
            throw new HubException(String.valueOf(e.getMessage()), e);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted");
        } catch (IOException e) {
            throw new HubException("the model cannot be copied: " + e.getMessage(), e);
        }
    }

    private Origin origin() {
        return new Origin("file", model.file().toString(), null);
    }

    private static StoredFile copy(StoredFile from, Path to, LongConsumer progress)
            throws IOException, InterruptedException {
        MessageDigest digest = Sha256.digest();
        long done = 0;
        try (InputStream in = Files.newInputStream(from.file());
                FileChannel channel = FileChannel.open(to, CREATE, TRUNCATE_EXISTING, WRITE)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while a file was copied");
                }
                out.write(buffer, 0, read);
                done += read;
                progress.accept(done);
            }
            channel.force(true);
        }
        if (done != from.bytes()) {
            throw new HubException(
                    "the file changed while it was copied: expected %d bytes, found %d"
                            .formatted(from.bytes(), done));
        }
        return new StoredFile(to, done, HexFormat.of().formatHex(digest.digest()));
    }
}
