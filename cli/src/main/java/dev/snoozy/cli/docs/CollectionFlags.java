package dev.snoozy.cli.docs;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.documents.index.DocumentLibrary;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** Which collection is meant. */
final class CollectionFlags {
    /** What the first collection is called if nothing else is said. */
    static final String USUAL = "documents";

    @Option(
            names = {"-c", "--collection"},
            paramLabel = "NAME",
            description = "the collection (default: the only one, or " + USUAL + ")")
    private @Nullable String name;

    static DocumentLibrary library() {
        return Home.documents();
    }

    /** The name given or meant, which need not exist. */
    String name() {
        return name == null ? library().only().orElse(USUAL) : name;
    }

    /** The name of a collection that exists. */
    String existing() {
        String wanted = name();
        if (!library().has(wanted)) {
            throw new WrongUseException(
                    library().names().isEmpty()
                            ? "there are no documents yet; cure: snoozy docs add FOLDER"
                            : "no collection "
                                    + wanted
                                    + "; cure: --collection with one of "
                                    + library().names());
        }
        return wanted;
    }
}
