package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Family.Channels;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the text of one answer apart as it comes: content, reasoning and calls. However the text is
 * cut, the parts joined are the same. Content and reasoning are given as soon as they are certain,
 * a call when it is complete.
 *
 * <p>It never throws for what a model writes. What looks like a call and is none, or calls a tool
 * that was not offered, is content; so is a call of more than a mebibyte. Reasoning that never ends
 * is reasoning. Used by one thread at a time.
 */
public final class AnswerParser {
    /** Longest header of a message. */
    private static final int LONGEST_HEADER = 512;

    /**
     * What answers begin with if the template knows no reasoning, or messages have a header that
     * says so and something goes wrong.
     */
    private static final ReasoningMarks USUAL = new ReasoningMarks("<think>", "</think>");

    private enum State {
        START,
        HEADER,
        CONTENT,
        REASONING,
        CALL,
        FINISHED
    }

    private enum Kind {
        /** Says nothing. */
        DROPPED,
        OPENING,
        REASONING_START,
        REASONING_END,
        MESSAGE_START,
        MESSAGE_END
    }

    private final Window window = new Window();
    private final Tools tools;
    private final PartSink sink;
    private final CallReader reader;
    private final ReasoningMarks marks;
    private final @Nullable Channels channels;
    private final boolean split;
    private final Set<String> controlNames;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final MarkSet contentMarks;
    private final MarkSet reasoningMarks;
    private State state = State.START;
    private String headerStart = "";

    /** Whether a call may still begin without a mark. */
    private boolean bareMayBegin;

    private boolean reasoned;
    private boolean called;

    AnswerParser(Family family, Optional<ReasoningMarks> reasoning, ParserOptions options) {
        tools = new Tools(options);
        sink = new PartSink(options.ids());
        reader = new CallReader(window, family, tools);
        channels = family.channels();
        marks = channels == null ? reasoning.orElse(USUAL) : USUAL;
        split = options.splitReasoning();
        controlNames = options.controlNames();
        bareMayBegin = tools.offered() && channels == null;
        controlNames.forEach(name -> kinds.put(name, Kind.DROPPED));
        family.dropped().forEach(mark -> kinds.put(mark, Kind.DROPPED));
        kinds.put(marks.start(), Kind.REASONING_START);
        kinds.put(marks.end(), Kind.REASONING_END);
        if (tools.offered()) {
            family.openings().forEach(opening -> kinds.put(opening.mark(), Kind.OPENING));
        }
        Set<String> inReasoning = new HashSet<>(controlNames);
        inReasoning.add(marks.start());
        inReasoning.add(marks.end());
        if (channels != null) {
            channels.ends().forEach(end -> kinds.put(end, Kind.MESSAGE_END));
            kinds.put(channels.start(), Kind.MESSAGE_START);
            kinds.put(channels.channel(), Kind.MESSAGE_START);
            kinds.remove("");
            inReasoning.addAll(channels.ends());
            inReasoning.add(channels.start());
        }
        contentMarks = new MarkSet(kinds.keySet());
        reasoningMarks = new MarkSet(inReasoning);
        begin(family, options.promptEnd());
    }

    /** The parts that this text makes certain. */
    public List<AnswerPart> next(String text) {
        if (state == State.FINISHED) {
            throw new IllegalStateException("the answer was finished; cure: one parser per answer");
        }
        window.add(text);
        advance();
        return sink.take();
    }

    /** The parts that are left when nothing follows. */
    public List<AnswerPart> finish() {
        if (state == State.FINISHED) {
            return List.of();
        }
        window.end();
        advance();
        sink.finish(state == State.REASONING);
        state = State.FINISHED;
        return sink.take();
    }

    /** What the end of the prompt has begun. */
    private void begin(Family family, String promptEnd) {
        String prompt = promptEnd.stripTrailing();
        if (channels != null) {
            beginMessage(channels, promptEnd);
            return;
        }
        if (prompt.endsWith(marks.start())) {
            state = State.REASONING;
            reasoned = true;
            return;
        }
        state = State.CONTENT;
        if (prompt.endsWith(marks.end())) {
            reasoned = true;
            trim();
        }
        for (Opening opening : family.openings()) {
            if (prompt.endsWith(opening.mark()) && tools.offered()) {
                window.add(opening.mark());
                break;
            }
        }
    }

    private void beginMessage(Channels kind, String promptEnd) {
        int start = promptEnd.lastIndexOf(kind.start());
        if (start < 0) {
            return;
        }
        String header = promptEnd.substring(start);
        int message = header.indexOf(kind.message());
        if (message < 0) {
            headerStart = header;
            state = State.HEADER;
        } else if (header.substring(message + kind.message().length()).isBlank()) {
            route(kind, header.substring(0, message));
        }
    }

    private void advance() {
        boolean more = true;
        while (more) {
            more =
                    switch (state) {
                        case START -> start();
                        case HEADER -> channels != null && header(channels);
                        case CONTENT -> content();
                        case REASONING -> reasoning();
                        case CALL -> call();
                        case FINISHED -> false;
                    };
        }
        window.compact();
    }

    /** Whether an answer in messages begins with a header. */
    private boolean start() {
        if (channels == null) {
            state = State.CONTENT;
            return true;
        }
        int at = window.skipSpace(0);
        if (at > LONGEST_HEADER) {
            state = State.CONTENT;
            return true;
        }
        if (at >= window.visible()) {
            return false;
        }
        for (String mark : List.of(channels.start(), channels.channel(), "to=")) {
            switch (mark.isEmpty() ? Window.Is.NO : window.startsWith(at, mark)) {
                case YES -> {
                    state = State.HEADER;
                    return true;
                }
                case UNKNOWN -> {
                    return false;
                }
                case NO -> {}
            }
        }
        state = State.CONTENT;
        return true;
    }

    private boolean header(Channels kind) {
        int found = HeaderReader.find(window, 0, LONGEST_HEADER, List.of(kind.message()));
        if (found >= 0) {
            String header = headerStart + window.text(0, found);
            if (!split) {
                sink.content(window.text(0, found + kind.message().length()));
            }
            window.drop(found + kind.message().length());
            route(kind, header);
            return true;
        }
        if (window.length() < LONGEST_HEADER + kind.message().length() && !window.ended()) {
            return false;
        }
        // No header after all. What is left of one at the end of an answer is not worth showing.
        int length = Math.min(window.length(), LONGEST_HEADER);
        if (!window.ended() || headerStart.isEmpty() && !isHeader(kind)) {
            sink.content(window.text(0, length));
        }
        window.drop(length);
        state = State.CONTENT;
        return true;
    }

    private boolean isHeader(Channels kind) {
        return window.startsWith(0, kind.start()) == Window.Is.YES
                || window.startsWith(0, kind.channel()) == Window.Is.YES;
    }

    /** Where the text of a message belongs. */
    private void route(Channels kind, String header) {
        headerStart = "";
        String recipient = word(header, "to=");
        String channel = kind.channel().isEmpty() ? "" : word(header, kind.channel());
        String tool =
                recipient.startsWith("functions.")
                        ? recipient.substring("functions.".length())
                        : recipient;
        if (!kind.channel().isEmpty() && tools.offered() && tools.accepts(tool)) {
            reader.beginArguments(tool);
            state = State.CALL;
        } else if (channel.equals("analysis") || recipient.equals("self")) {
            reasoned = true;
            border();
            state = State.REASONING;
        } else {
            state = State.CONTENT;
        }
    }

    /** The word behind a text in a header. */
    private static String word(String header, String before) {
        int start = header.indexOf(before);
        if (start < 0) {
            return "";
        }
        int from = start + before.length();
        int to = from;
        while (to < header.length()
                && !Window.isSpace(header.charAt(to))
                && header.charAt(to) != '<') {
            to++;
        }
        return header.substring(from, to);
    }

    private boolean content() {
        int length = window.length();
        boolean blank = bareMayBegin && !sink.contentBegun();
        for (int i = 0; i < length; i++) {
            char c = window.at(i);
            if (contentMarks.mayStart(c)) {
                MarkSet.Found found = contentMarks.at(window, i, length, window.ended());
                if (found.undecided()) {
                    give(i);
                    return false;
                }
                if (found.mark() != null) {
                    give(i);
                    meet(found.mark());
                    return true;
                }
            }
            if (blank && !Window.isSpace(c)) {
                blank = false;
                bareMayBegin = false;
                if (c == '{' || c == '[' || c == '`') {
                    give(i);
                    reader.beginBare();
                    state = State.CALL;
                    return true;
                }
            }
        }
        give(length);
        return false;
    }

    /** The first characters are content. */
    private void give(int count) {
        if (count > 0) {
            sink.content(window.text(0, count));
            window.drop(count);
        }
    }

    /** A mark in the content. */
    private void meet(String mark) {
        switch (kinds.getOrDefault(mark, Kind.DROPPED)) {
            case DROPPED -> {
                sink.mark();
                window.drop(mark.length());
            }
            case OPENING -> {
                reader.begin(mark);
                state = State.CALL;
            }
            case REASONING_START -> {
                if (!sink.contentBegun() || called || controlNames.contains(mark)) {
                    markOfReasoning(mark);
                    reasoned = true;
                    border();
                    state = State.REASONING;
                } else {
                    give(mark.length());
                }
            }
            case REASONING_END -> {
                if (sink.contentBegun() || reasoned && split) {
                    give(mark.length());
                } else {
                    reasoned = true;
                    markOfReasoning(mark);
                    trim();
                }
            }
            case MESSAGE_START -> {
                headerStart = "";
                messageBorder();
                state = State.HEADER;
            }
            case MESSAGE_END -> {
                markOfReasoning(split ? mark : "");
                if (!split) {
                    window.drop(mark.length());
                }
                messageBorder();
            }
        }
    }

    /** A mark that says what follows: dropped, or left in the content. */
    private void markOfReasoning(String mark) {
        if (split) {
            window.drop(mark.length());
        } else {
            give(mark.length());
        }
    }

    private void border() {
        if (split) {
            sink.reasoningBorder();
        }
    }

    private void messageBorder() {
        if (split) {
            sink.messageBorder();
        }
    }

    private void trim() {
        if (split) {
            sink.trimContent();
        }
    }

    private boolean reasoning() {
        int length = window.length();
        for (int i = 0; i < length; i++) {
            if (!reasoningMarks.mayStart(window.at(i))) {
                continue;
            }
            MarkSet.Found found = reasoningMarks.at(window, i, length, window.ended());
            if (found.undecided()) {
                giveReasoning(i);
                return false;
            }
            String mark = found.mark();
            if (mark != null) {
                giveReasoning(i);
                meetInReasoning(mark);
                return true;
            }
        }
        giveReasoning(length);
        return false;
    }

    private void giveReasoning(int count) {
        if (split && count > 0) {
            sink.reasoning(window.text(0, count));
            window.drop(count);
        } else {
            give(count);
        }
    }

    private void meetInReasoning(String mark) {
        if (mark.equals(marks.start())) { // a second time, or in the text
            if (!split || !sink.isReasoning()) {
                markOfReasoning(mark);
            } else {
                giveReasoning(mark.length());
            }
            return;
        }
        boolean message = channels != null && channels.start().equals(mark);
        boolean ends = mark.equals(marks.end()) || kinds.get(mark) == Kind.MESSAGE_END;
        if (!message && !ends) {
            window.drop(mark.length());
            return;
        }
        if (ends) {
            markOfReasoning(mark);
        }
        border();
        state = State.CONTENT;
    }

    private boolean call() {
        switch (reader.read()) {
            case WAIT -> {
                return false;
            }
            case CALLS -> {
                called = true;
                for (RawCall call = reader.calls().poll(); call != null; ) {
                    sink.call(call);
                    call = reader.calls().poll();
                }
                return true;
            }
            case BROKEN -> {
                give(reader.position());
                state = State.CONTENT;
                return true;
            }
            case END -> {
                state = State.CONTENT;
                return true;
            }
        }
        return false;
    }

    /** Takes a whole answer apart. */
    ParsedAnswer parse(String text) {
        List<AnswerPart> parts = new ArrayList<>(next(text));
        parts.addAll(finish());
        return ParsedAnswer.of(parts);
    }
}
