package dev.snoozy.server;

import dev.snoozy.documents.index.DocumentLibrary;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * The user's documents, as a server has them. Thread-safe.
 *
 * @param library the collections
 * @param roots folders below which programs may have documents indexed, asked anew at each request;
 *     with none, programs can search and change nothing
 */
public record ServedDocuments(DocumentLibrary library, Supplier<List<Path>> roots) {
    /** Collections that programs can search and not change. */
    public static ServedDocuments of(DocumentLibrary library) {
        return new ServedDocuments(library, List::of);
    }
}
