package dev.snoozy.hub;

import dev.snoozy.hub.download.Downloads;

import java.net.URI;
import java.nio.file.Path;

/** A process that pulls, and may be killed. Arguments: the hub's address, a reference, a folder. */
final class PullProcess {
    private PullProcess() {}

    public static void main(String[] args) throws InterruptedException {
        HubOptions options =
                HubOptions.defaults()
                        .withHuggingFace(URI.create(args[0]))
                        .withLimits(Downloads.impatient());
        try (Hub hub = Hub.open(options)) {
            StoredModel model =
                    hub.pull(args[1], ModelStore.open(Path.of(args[2])), PullListener.NONE);
            System.out.println(model.name());
        }
    }
}
