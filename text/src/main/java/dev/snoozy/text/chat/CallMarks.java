package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The marks that mean something in and around the calls of a family. Immutable. */
final class CallMarks {
    /** What may stand before JSON. */
    private static final List<String> LEADS = List.of("```json", "```", "<arguments>");

    private static final String FENCE = "```";

    private final Map<String, Opening> openings = new HashMap<>();
    private final MarkSet before;
    private final MarkSet behind;

    CallMarks(Family family) {
        List<String> marks = new ArrayList<>();
        for (Opening opening : family.openings()) {
            openings.put(opening.mark(), opening);
            marks.add(opening.mark());
        }
        List<String> leading = new ArrayList<>(marks);
        leading.addAll(LEADS);
        before = new MarkSet(leading);
        marks.addAll(family.closers());
        marks.add(FENCE);
        behind = new MarkSet(marks);
    }

    /** The opening that a mark is, if it is one. */
    @Nullable Opening opening(@Nullable String mark) {
        return mark == null ? null : openings.get(mark);
    }

    boolean isLead(@Nullable String mark) {
        return mark != null && LEADS.contains(mark);
    }

    boolean isCloser(@Nullable String mark) {
        return mark != null && !openings.containsKey(mark);
    }

    boolean isFence(String mark) {
        return mark.equals(FENCE);
    }

    /** An opening or what may stand before JSON. */
    MarkSet.Found before(Window window, int position) {
        return before.at(window, position, window.visible(), window.closed());
    }

    /** An opening or what may stand behind a call. */
    MarkSet.Found behind(Window window, int position) {
        return behind.at(window, position, window.visible(), window.closed());
    }
}
