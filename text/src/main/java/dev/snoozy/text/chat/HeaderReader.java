package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Opening.Header;
import dev.snoozy.text.chat.Opening.Named;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Reads the name of a tool, and perhaps an id, while the text comes. */
final class HeaderReader {
    /** Longest text with a tool's name, or an id. */
    static final int LONGEST = 300;

    private final Window window;
    private final Tools tools;
    private Named kind = new Named("", "", List.of(), Header.PLAIN);
    private boolean passOver;
    private boolean separated;
    private boolean hasName;
    private int at;
    private int searched;
    private String name = "";
    private @Nullable String id;

    HeaderReader(Window window, Tools tools) {
        this.window = window;
        this.tools = tools;
    }

    void begin(Named header, int position) {
        kind = header;
        passOver = !header.before().isEmpty();
        separated = false;
        hasName = false;
        at = position;
        searched = position;
        name = "";
        id = null;
    }

    int position() {
        return at;
    }

    String name() {
        return name;
    }

    @Nullable String id() {
        return id;
    }

    Progress read() {
        Progress progress;
        do {
            progress = separated ? behindSeparator() : header();
        } while (progress == Progress.GO_ON);
        return progress;
    }

    private Progress header() {
        List<String> ends = passOver ? List.of(kind.before()) : kind.ends();
        int found = find(window, Math.max(at, searched), at + LONGEST, ends);
        if (found < 0) {
            searched = -found - 1;
            boolean tooLong = searched >= at + LONGEST;
            return tooLong || window.closed() ? Progress.BROKEN : Progress.WAIT;
        }
        String text = window.text(at, found).strip();
        String end = endAt(found, ends);
        boolean follows = end.equals("{") || end.startsWith("`");
        at = follows ? found : found + end.length();
        searched = at;
        if (passOver) {
            passOver = false;
            return Progress.GO_ON;
        }
        switch (kind.header()) {
            case KIMI -> kimi(text);
            case GEMMA -> name = text.startsWith("call:") ? text.substring(5).strip() : text;
            case PLAIN -> name = text;
            case DEEPSEEK -> {
                name = text;
                separated = true;
                return Progress.GO_ON;
            }
            case MISTRAL -> {
                if (hasName) {
                    id = text.isEmpty() ? null : text;
                } else {
                    name = text;
                    hasName = true;
                }
                if (end.equals("[CALL_ID]")) {
                    return Progress.GO_ON;
                }
            }
        }
        return named();
    }

    /** {@code functions.name:0}. */
    private void kimi(String text) {
        id = text.isEmpty() ? null : text;
        int colon = text.lastIndexOf(':');
        String path = colon > 0 ? text.substring(0, colon) : text;
        name = path.startsWith("functions.") ? path.substring("functions.".length()) : path;
    }

    /** The arguments, if the name came before the separator, or the name. */
    private Progress behindSeparator() {
        int next = window.skipSpace(at);
        if (next >= window.visible()) {
            return window.closed() || next - at > LONGEST ? Progress.BROKEN : Progress.WAIT;
        }
        if (window.at(next) == '{' || window.at(next) == '"') {
            return named();
        }
        kind = new Named("", "", List.of("\n", "```json", "```"), Header.PLAIN);
        separated = false;
        return Progress.GO_ON;
    }

    private Progress named() {
        return tools.accepts(name) ? Progress.NAMED : Progress.BROKEN;
    }

    /**
     * The first place of one of some texts, or -(n + 1) if there is none before n.
     *
     * @param limit where to stop looking
     */
    static int find(Window window, int from, int limit, List<String> texts) {
        int end = Math.min(window.visible(), limit);
        for (int i = from; i < end; i++) {
            for (String text : texts) {
                switch (window.startsWith(i, text)) {
                    case YES -> {
                        return i;
                    }
                    case UNKNOWN -> {
                        return -i - 1;
                    }
                    case NO -> {}
                }
            }
        }
        return -Math.max(from, end) - 1;
    }

    private String endAt(int position, List<String> ends) {
        for (String text : ends) {
            if (window.startsWith(position, text) == Window.Is.YES) {
                return text;
            }
        }
        return "";
    }
}
