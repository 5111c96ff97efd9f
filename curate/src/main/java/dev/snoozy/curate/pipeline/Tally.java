package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.records.DataRecord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what becomes of rows. One thread. */
final class Tally {
    private static final int EXAMPLES = 5;
    private static final int LONGEST = 300;
    private static final int SOURCES = 1000;

    private static final class Rule {
        long removed;
        long changed;
        final List<CurationReport.Example> examples = new ArrayList<>();
    }

    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, long[]> sources = new TreeMap<>();
    private long malformed;
    private long kept;
    private long removed;
    private long changed;
    private long train;
    private long validation;

    /**
     * @param names of all rules that are used, in the order in which they are told
     */
    Tally(List<String> names) {
        names.forEach(name -> rules.put(name, new Rule()));
    }

    void malformed() {
        malformed++;
    }

    void kept(DataRecord record, String changedBy, boolean held, int lines) {
        kept++;
        train += held ? 0 : lines;
        validation += held ? lines : 0;
        source(record)[1]++;
        if (!changedBy.isEmpty()) {
            changed++;
            rule(changedBy).changed++;
        }
    }

    void removed(String id, DataRecord record, String name, String reason) {
        removed++;
        source(record);
        Rule rule = rule(name);
        rule.removed++;
        if (rule.examples.size() < EXAMPLES) {
            rule.examples.add(
                    new CurationReport.Example(
                            id, reason, cut(record.prompt()), cut(record.response())));
        }
    }

    private Rule rule(String name) {
        return rules.computeIfAbsent(name, n -> new Rule());
    }

    /** Counts a row that was read. Of data with a source for each row only some are told apart. */
    private long[] source(DataRecord record) {
        String name =
                sources.size() >= SOURCES && !sources.containsKey(record.source())
                        ? "(others)"
                        : record.source();
        long[] counts = sources.computeIfAbsent(name, s -> new long[2]);
        counts[0]++;
        return counts;
    }

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        boolean within = Character.isHighSurrogate(text.charAt(LONGEST - 1));
        return text.substring(0, within ? LONGEST - 1 : LONGEST) + " …";
    }

    CurationReport report() {
        List<CurationReport.RuleCount> counts = new ArrayList<>();
        rules.forEach((name, rule) ->
                counts.add(
                        new CurationReport.RuleCount(
                                name, rule.removed, rule.changed, rule.examples)));
        List<CurationReport.SourceCount> from = new ArrayList<>();
        sources.forEach((name, c) -> from.add(new CurationReport.SourceCount(name, c[0], c[1])));
        return new CurationReport(
                kept + removed, malformed, kept, removed, changed, train, validation, counts, from);
    }
}
