package dev.snoozy.engine;

/**
 * What a model is at, as of its last batch or the last end of a text.
 *
 * @param active texts in progress
 * @param waiting texts that wait to begin, or to go on when there is memory again
 * @param cacheBytes bytes of keys and values in use, remembered beginnings included
 * @param prefixBytes bytes of remembered beginnings, also those that texts in progress share
 * @param prefixHits texts since the model was loaded that began with a remembered beginning
 * @param prefixTokens tokens that they did not have to evaluate
 * @param preemptions how often a text in progress was sent back to wait, for want of memory
 * @param totals what it has done since it was loaded
 */
public record SchedulerStatistics(
        int active,
        int waiting,
        long cacheBytes,
        long prefixBytes,
        long prefixHits,
        long prefixTokens,
        long preemptions,
        WorkTotals totals) {}
