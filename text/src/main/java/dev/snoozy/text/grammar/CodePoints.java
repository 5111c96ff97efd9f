package dev.snoozy.text.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A set of characters, as ranges in ascending order that do not touch. Immutable. */
record CodePoints(List<Range> ranges) {
    private static final Range[] ALL = {
        new Range(0, Character.MIN_SURROGATE - 1),
        new Range(Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT)
    };

    /** Every character that UTF-8 has a form for. */
    static final CodePoints ANY = new CodePoints(List.of(ALL));

    /** From a first to a last character, both included. */
    record Range(int first, int last) {}

    CodePoints {
        ranges = List.copyOf(ranges);
    }

    /** The characters of some ranges, which may overlap; halves of surrogate pairs are left out. */
    static CodePoints of(List<Range> listed) {
        Range[] sorted = listed.toArray(Range[]::new);
        Arrays.sort(sorted, Comparator.comparingInt(Range::first));
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            Range before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && range.first() <= before.last() + 1) {
                merged.removeLast();
                merged.add(new Range(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return new CodePoints(overlap(merged, ANY.ranges));
    }

    static CodePoints range(int first, int last) {
        return of(List.of(new Range(first, last)));
    }

    /** The characters of a text. */
    static CodePoints of(String characters) {
        return of(characters.codePoints().mapToObj(c -> new Range(c, c)).toList());
    }

    CodePoints and(CodePoints other) {
        return new CodePoints(overlap(ranges, other.ranges));
    }

    CodePoints or(CodePoints other) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return of(all);
    }

    CodePoints without(CodePoints other) {
        return and(other.complement());
    }

    /** All characters that are not in this set. */
    CodePoints complement() {
        List<Range> gaps = new ArrayList<>();
        int next = 0;
        for (Range range : ranges) {
            if (range.first() > next) {
                gaps.add(new Range(next, range.first() - 1));
            }
            next = range.last() + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps.add(new Range(next, Character.MAX_CODE_POINT));
        }
        return of(gaps);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    private static List<Range> overlap(List<Range> one, List<Range> other) {
        List<Range> common = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < one.size() && j < other.size()) {
            Range a = one.get(i);
            Range b = other.get(j);
            int first = Math.max(a.first(), b.first());
            int last = Math.min(a.last(), b.last());
            if (first <= last) {
                common.add(new Range(first, last));
            }
            if (a.last() < b.last()) {
                i++;
            } else {
                j++;
            }
        }
        return common;
    }
}
