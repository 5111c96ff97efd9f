package dev.snoozy.hub;

import dev.snoozy.hub.remote.Finding;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A model that can be pulled, as its place describes it. Immutable. */
public final class RemoteModel {
    private final Finding finding;

    RemoteModel(Finding finding) {
        this.finding = finding;
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
        return finding.name();
    }

    /** Where it comes from. */
    public Origin origin() {
        return finding.origin();
    }

    /** Its files in order, the first of which is the one to open. */
    public List<File> files() {
        return finding.files().stream()
                .map(f -> new File(f.name(), f.bytes(), f.sha256()))
                .toList();
    }

    /** Bytes of all files, or -1 if they are not known. */
    public long bytes() {
        return finding.bytes();
    }

    /** What whoever pulls it should know. */
    public List<String> notes() {
        return finding.notes();
    }

    Finding finding() {
        return finding;
    }
}
