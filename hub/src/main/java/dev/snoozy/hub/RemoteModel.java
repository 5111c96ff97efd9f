package dev.snoozy.hub;

import dev.snoozy.hub.download.RemoteFile;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A model that can be pulled, as its place describes it. Immutable. */
public final class RemoteModel {
    private final ModelName name;
    private final Origin origin;
    private final List<RemoteFile> files;
    private final List<String> notes;
    private final Source source;

    RemoteModel(
            ModelName name,
            Origin origin,
            List<RemoteFile> files,
            List<String> notes,
            Source source) {
        this.name = name;
        this.origin = origin;
        this.files = List.copyOf(files);
        this.notes = List.copyOf(notes);
        this.source = source;
    }

    /**
     * A file of a model.
     *
     * @param name that it will have here
     * @param bytes its size, or -1 if only its server knows
     * @param sha256 its digest, if its place tells it
     */
    public record File(String name, long bytes, @Nullable String sha256) {}

    /** What it will be called here. */
    public ModelName name() {
        return name;
    }

    /** Where it comes from. */
    public Origin origin() {
        return origin;
    }

    /** Its files in order, the first of which is the one to open. */
    public List<File> files() {
        return files.stream().map(f -> new File(f.name(), f.bytes(), f.sha256())).toList();
    }

    /** Bytes of all files, or -1 if they are not known. */
    public long bytes() {
        return files.stream().anyMatch(f -> f.bytes() < 0)
                ? -1
                : files.stream().mapToLong(RemoteFile::bytes).sum();
    }

    /** What whoever pulls it should know. */
    public List<String> notes() {
        return notes;
    }

    List<RemoteFile> remoteFiles() {
        return files;
    }

    Source source() {
        return source;
    }
}
