package dev.snoozy.curate.pipeline;

import java.util.List;

/**
 * What a curation came to. {@code read = kept + removed}, exactly.
 *
 * @param read rows that were recognised; a line may hold several
 * @param malformed lines and files that were set aside
 * @param kept rows in the training and the validation set, each counted once
 * @param changed rows of these in which something was replaced
 * @param train lines of the training set: repeated rows are counted as often as they are there
 * @param validation lines of the validation set
 * @param rules all that removed or changed rows, in the order in which rows meet them
 */
public record CurationReport(
        long read,
        long malformed,
        long kept,
        long removed,
        long changed,
        long train,
        long validation,
        List<RuleCount> rules,
        List<SourceCount> sources) {
    public CurationReport {
        rules = List.copyOf(rules);
        sources = List.copyOf(sources);
    }

    /**
     * What a rule did.
     *
     * @param removed rows that it removed
     * @param changed rows that are kept and in which it replaced something
     * @param examples some of those that were removed
     */
    public record RuleCount(String rule, long removed, long changed, List<Example> examples) {
        public RuleCount {
            examples = List.copyOf(examples);
        }
    }

    /**
     * A removed row.
     *
     * @param prompt its beginning
     * @param response its beginning
     */
    public record Example(String id, String reason, String prompt, String response) {}

    /** How many rows of a source were read and kept. */
    public record SourceCount(String source, long read, long kept) {}
}
