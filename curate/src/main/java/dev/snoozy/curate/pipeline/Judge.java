package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.decontaminate.Leak;
import dev.snoozy.curate.decontaminate.TestItems;
import dev.snoozy.curate.dedup.Hash128;
import dev.snoozy.curate.filter.RowFilter;
import dev.snoozy.curate.filter.Verdict;
import dev.snoozy.curate.read.RawRow;
import dev.snoozy.curate.records.DataRecord;
import dev.snoozy.curate.records.Layout;
import dev.snoozy.curate.records.Message;
import dev.snoozy.curate.records.UnknownLayoutException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;

import java.util.ArrayList;
import java.util.List;

/** Makes records of what was read and judges each by itself. Immutable, for any thread. */
final class Judge {
    /** The rule that removes rows with a test item in them. */
    static final String LEAK = "leak";

    private static final ObjectReader JSON = new ObjectMapper().reader();

    private final List<RowFilter> filters;
    private final TestItems tests;

    Judge(List<RowFilter> filters, TestItems tests) {
        this.filters = List.copyOf(filters);
        this.tests = tests;
    }

    List<Entry> entries(RawRow raw, SourceFile input) {
        if (raw.fault() != null) {
            return List.of(malformed(raw, input, raw.text(), raw.fault()));
        }
        JsonNode node = raw.node();
        try {
            node = node == null ? JSON.readTree(raw.text()) : node;
            List<Entry> entries = new ArrayList<>();
            for (DataRecord row : Layout.of(node).read(node)) {
                DataRecord named = row.orElse(input.source(), input.licence());
                entries.add(judge(named, raw, input));
            }
            return entries;
        } catch (JacksonException e) {
            return List.of(malformed(raw, input, raw.text(), "no JSON: " + reason(e)));
        } catch (UnknownLayoutException e) {
            String text = node == null ? raw.text() : node.toString();
            return List.of(malformed(raw, input, text, String.valueOf(e.getMessage())));
        }
    }

    private static String reason(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).replaceFirst("(?s) \\(start marker.*", "");
    }

    private static Entry malformed(RawRow raw, SourceFile input, String text, String fault) {
        Hash128 hash = Hash128.of(fault + "\n" + text);
        return new Entry(hash, raw.file(), raw.line(), input.weight(), true, "", fault, "", text);
    }

    private Entry judge(DataRecord row, RawRow raw, SourceFile input) {
        DataRecord now = row;
        String changed = "";
        for (RowFilter filter : filters) {
            switch (filter.judge(now)) {
                case Verdict.Keep keep -> {}
                case Verdict.Remove remove -> {
                    return entry(row, raw, input, filter.name(), remove.reason(), "");
                }
                case Verdict.Change change -> {
                    now = change.row();
                    changed = filter.name();
                }
            }
        }
        List<String> texts = now.messages().stream().map(Message::content).toList();
        List<Leak> leaks = tests.size() == 0 ? List.of() : tests.find(texts);
        if (!leaks.isEmpty()) {
            Leak leak = leaks.getFirst();
            String reason = leak.task() + " item " + leak.index() + " (" + how(leak.kind()) + ")";
            return entry(row, raw, input, LEAK, reason, "");
        }
        return entry(now, raw, input, "", "", changed);
    }

    private static String how(Leak.Kind kind) {
        return switch (kind) {
            case FRAGMENT -> TestItems.FRAGMENT + " words in a row";
            case QUESTION -> "its whole question";
            case ITEM -> "all its texts";
        };
    }

    private static Entry entry(
            DataRecord row,
            RawRow raw,
            SourceFile input,
            String rule,
            String reason,
            String changed) {
        String content = row.toJson().toString();
        return new Entry(
                Hash128.of(content),
                raw.file(),
                raw.line(),
                input.weight(),
                false,
                rule,
                reason,
                changed,
                content);
    }

    /** The record of an entry that is no malformed one. */
    static DataRecord record(Entry entry) {
        return DataRecord.fromJson(JSON.readTree(entry.content()));
    }
}
