package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.download.RemoteFile;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.files.SafeName;

import java.util.List;

/** A file at an address, of which nobody tells the digest. Immutable. */
public record PlainUrl(Reference.Url reference) implements Source {
    private static final String GGUF = ".gguf";

    public Finding model() {
        String stem = reference.file().substring(0, reference.file().length() - GGUF.length());
        if (!SafeName.isPart(stem)) {
            throw new HubException(
                    SafeName.shown(stem) + ": the name of this file cannot be that of a model");
        }
        // Queries are left out: they may hold what opens the file to others.
        String shown = reference.uri().toString().replaceFirst("[?#].*", "");
        return new Finding(
                new ModelName(null, stem, null),
                new Origin("url", shown, null),
                List.of(new RemoteFile(reference.uri(), reference.file(), -1, null, null)),
                List.of(
                        "nobody tells the digest of this file: it is checked to be a sound GGUF"
                                + " file, not to be the one that was meant"),
                this);
    }

    @Override
    public HubException explain(StatusException refusal) {
        return new HubException(
                "%s: %s".formatted(reference.file(), refusal.getMessage()), refusal);
    }
}
