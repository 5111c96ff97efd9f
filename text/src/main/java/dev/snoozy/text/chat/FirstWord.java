package dev.snoozy.text.chat;

/** Tells early whether text without a mark begins like a call, so that other text can be shown. */
final class FirstWord {
    private final Window window;
    private final Tools tools;
    private int start;
    private int at;

    FirstWord(Window window, Tools tools) {
        this.window = window;
        this.tools = tools;
    }

    /** Begins behind a bracket. */
    void begin(int position) {
        start = position;
        at = position;
    }

    /** How far it has looked. */
    int position() {
        return at;
    }

    /** Whether the first member of an object is one of a call. */
    Progress member() {
        if (start == at) {
            start = window.skipSpace(at);
            at = start;
        }
        for (; at < window.visible(); at++) {
            char c = window.at(at);
            if (at == start ? c != '"' : at - start > HeaderReader.LONGEST) {
                return Progress.BROKEN;
            }
            if (at > start && c == '"') {
                String member = window.text(start + 1, at);
                boolean call = JsonCalls.FIRST.contains(member) || tools.has(member);
                return call ? Progress.NAMED : Progress.BROKEN;
            }
        }
        return window.closed() ? Progress.BROKEN : Progress.WAIT;
    }

    /** Whether the first word of a list is a tool, or may be one. */
    Progress function() {
        for (; at < window.visible() && window.at(at) != '('; at++) {
            char c = window.at(at);
            boolean inName = Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0;
            boolean first = at > start || Character.isLetter(c) || c == '_';
            if (!inName || !first || at - start > HeaderReader.LONGEST) {
                return Progress.BROKEN;
            }
        }
        if (at < window.visible()) {
            return Progress.NAMED;
        }
        return window.closed() ? Progress.BROKEN : Progress.WAIT;
    }
}
