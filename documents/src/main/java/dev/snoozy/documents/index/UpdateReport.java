package dev.snoozy.documents.index;

import java.nio.file.Path;
import java.util.List;

/**
 * What an update has done. Immutable.
 *
 * @param files that the collection has now
 * @param read files that were read, as they were new or had changed
 * @param embedded files that got vectors without being read again
 * @param removed files that are gone
 * @param failed files that cannot be read, all of the collection
 * @param missing places that are not there now; their documents are kept
 */
public record UpdateReport(
        int files, int read, int embedded, int removed, int failed, List<Path> missing) {
    public UpdateReport {
        missing = List.copyOf(missing);
    }
}
