package dev.snoozy.cli.hub;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.Interruptible;
import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.RemoteModel;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folder of a model of Hugging Face, downloaded into the cache. */
public final class RemoteFolder {
    private static final String SCHEME = "hf://";
    private static final Pattern REPOSITORY =
            Pattern.compile("([A-Za-z0-9_][\\w.-]*)/[A-Za-z0-9_][\\w.-]*");

    private RemoteFolder() {}

    /**
     * Whether an argument means a repository: it says so, or it looks like one and neither it nor
     * its first folder is there. A slip in the path of a file must not become a request.
     */
    public static boolean isMeant(String text) {
        if (text.startsWith(SCHEME)) {
            return true;
        }
        Matcher matcher = REPOSITORY.matcher(text);
        return matcher.matches()
                && !text.endsWith(".gguf")
                && !Files.exists(Path.of(text))
                && !Files.exists(Path.of(matcher.group(1)));
    }

    /** Downloads what converting needs, or finds it in the cache. */
    public static Path fetched(String text, HubFlags flags, PrintWriter err) {
        try (Interruptible interruptible = Interruptible.begin();
                Hub hub = Hub.open(flags.options());
                PullDisplay display = new PullDisplay(err, false)) {
            if (!text.startsWith(SCHEME)) {
                display.note(
                        "no folder %s here: asking %s"
                                .formatted(text, flags.options().huggingFace().getHost()));
            }
            RemoteModel model = hub.resolveFolder(text, flags.revision());
            Path folder =
                    hub.pullFolder(model, Home.folder().resolve("cache").resolve("hf"), display);
            display.note("the model's folder is kept in " + folder);
            assert interruptible != null;
            return folder;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(
                    "interrupted; what has arrived is kept, and the same command goes on", e);
        }
    }
}
