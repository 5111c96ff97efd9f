package dev.snoozy.text.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Collects the parts of an answer. White space at the end of a text is held back until it is known
 * what follows: before a call, and around reasoning, it is dropped.
 */
final class PartSink {
    /** So much white space is held back; what came before it is certain. */
    private static final int HELD = 1024;

    private final IntFunction<String> ids;
    private final StringBuilder space = new StringBuilder();
    private final Set<String> given = new HashSet<>();
    private List<AnswerPart> parts = new ArrayList<>();
    private int calls;

    /** Whether blank lines before the content are dropped. */
    private boolean trim;

    private boolean contentBegun;
    private boolean reasoningBegun;
    private boolean behindMark;

    /** Whether this text goes on in a new message or block, after some of its kind. */
    private boolean newBlock;

    PartSink(IntFunction<String> ids) {
        this.ids = ids;
    }

    /** The parts since the last time. */
    List<AnswerPart> take() {
        List<AnswerPart> taken = parts;
        parts = new ArrayList<>();
        return taken;
    }

    /** Whether there was content that is not blank. */
    boolean contentBegun() {
        return contentBegun;
    }

    /** Whether this block of reasoning has text that is not blank. */
    boolean isReasoning() {
        return reasoningBegun && !newBlock;
    }

    /** The reasoning was in the prompt, or an end mark stood without a beginning. */
    void trimContent() {
        trim = true;
        space.setLength(0);
    }

    void content(String text) {
        int end = endOfText(text);
        if (end == 0) {
            hold(text, true);
            return;
        }
        String before = space.toString();
        String certain = text.substring(0, end);
        space.setLength(0);
        if (!contentBegun && trim) {
            String lead = before + certain;
            certain = lead.substring(lineStart(lead));
        } else {
            certain = (contentBegun && newBlock ? "\n" : "") + before + certain;
        }
        contentBegun = true;
        newBlock = false;
        behindMark = false;
        parts.add(new AnswerPart.Content(certain));
        hold(text.substring(end), true);
    }

    void reasoning(String text) {
        int end = endOfText(text);
        if (end == 0) {
            hold(text, false);
            return;
        }
        String certain = space + text.substring(0, end);
        space.setLength(0);
        if (!reasoningBegun || newBlock) {
            certain = (reasoningBegun ? "\n" : "") + certain.stripLeading();
        }
        reasoningBegun = true;
        newBlock = false;
        parts.add(new AnswerPart.Reasoning(certain));
        hold(text.substring(end), false);
    }

    /** White space that may be dropped. */
    private void hold(String text, boolean content) {
        space.append(text);
        int surplus = space.length() - HELD;
        if (surplus <= 0) {
            return;
        }
        boolean dropped = content ? !contentBegun && trim : !reasoningBegun || newBlock;
        String certain = space.substring(0, surplus);
        space.delete(0, surplus);
        if (!dropped) {
            contentBegun |= content;
            parts.add(
                    content ? new AnswerPart.Content(certain) : new AnswerPart.Reasoning(certain));
        }
    }

    /** The text that follows is reasoning, or content behind reasoning. */
    void reasoningBorder() {
        space.setLength(0);
        trim = true;
        newBlock = true;
    }

    /** A mark that says nothing: white space before it is dropped if nothing follows. */
    void mark() {
        behindMark = true;
    }

    /** Another message of the same answer follows. */
    void messageBorder() {
        space.setLength(0);
        newBlock = true;
    }

    void call(RawCall call) {
        space.setLength(0);
        trim |= !contentBegun;
        behindMark = true;
        String own = call.id();
        String id = own != null && given.add(own) ? own : ids.apply(calls);
        given.add(id);
        parts.add(new AnswerPart.ToolCallStart(calls, id, call.name()));
        parts.add(new AnswerPart.ToolCallArguments(calls, call.arguments()));
        parts.add(new AnswerPart.ToolCallEnd(calls));
        calls++;
    }

    /** Nothing follows. */
    void finish(boolean inReasoning) {
        boolean dropped = inReasoning || behindMark || !contentBegun && trim;
        if (!dropped && !space.isEmpty()) {
            parts.add(new AnswerPart.Content(space.toString()));
        }
        space.setLength(0);
    }

    /** Behind the last character that is no white space. */
    private static int endOfText(String text) {
        int end = text.length();
        while (end > 0 && Window.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** The start of the line on which the text begins. */
    private static int lineStart(String text) {
        int start = 0;
        for (int i = 0; i < text.length() && Window.isSpace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                start = i + 1;
            }
        }
        return start;
    }
}
