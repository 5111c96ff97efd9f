package dev.snoozy.hub.remote;

import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.download.RemoteFile;

import java.util.List;

/**
 * A model as its place describes it. Immutable.
 *
 * @param name what it will be called here
 * @param files in order, the first of which is the one to open
 * @param notes what whoever pulls it should know
 * @param source which knows what a refusal of its files means
 */
public record Finding(
        ModelName name, Origin origin, List<RemoteFile> files, List<String> notes, Source source) {
    public Finding {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /** Bytes of all files, or -1 if they are not known. */
    public long bytes() {
        return files.stream().anyMatch(f -> f.bytes() < 0)
                ? -1
                : files.stream().mapToLong(RemoteFile::bytes).sum();
    }
}
