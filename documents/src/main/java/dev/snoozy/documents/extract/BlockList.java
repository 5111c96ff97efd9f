package dev.snoozy.documents.extract;

import java.util.ArrayList;
import java.util.List;

/** Collects blocks under the headings above them, up to a number of characters. */
final class BlockList {
    /** More blocks than these are no document that anybody wrote. */
    private static final int MOST_BLOCKS = 500_000;

    /** A heading's text in the path of what stands below it is cut here. */
    private static final int HEADING_LENGTH = 200;

    private record Heading(int level, String text) {}

    private final List<Block> blocks = new ArrayList<>();
    private final List<Heading> path = new ArrayList<>();
    private final int limit;
    private int characters;
    private boolean full;

    BlockList(int limit) {
        this.limit = limit;
    }

    /** How many characters there may be. */
    int limit() {
        return limit;
    }

    /** Has what another one has, in place of what it had. */
    void replaceBy(BlockList other) {
        blocks.clear();
        blocks.addAll(other.blocks);
        characters = other.characters;
        full = other.full;
    }

    /** Adds a heading; level 1 is the outermost. */
    void heading(int level, String text, int page, int line) {
        String clean = text.strip();
        if (clean.isEmpty()) {
            return;
        }
        while (!path.isEmpty() && path.getLast().level() >= level) {
            path.removeLast();
        }
        add(Block.Kind.HEADING, clean, page, line);
        String shown = clean.replaceAll("\\s+", " ");
        path.add(
                new Heading(
                        level,
                        shown.length() > HEADING_LENGTH
                                ? shown.substring(0, HEADING_LENGTH)
                                : shown));
    }

    /** Adds text, if there is any. */
    void add(Block.Kind kind, String text, int page, int line) {
        String clean = kind == Block.Kind.CODE ? text.stripTrailing() : text.strip();
        if (full || isBlank(clean)) {
            return;
        }
        int room = limit - characters;
        if (clean.length() > room || blocks.size() >= MOST_BLOCKS) {
            full = true;
            if (room <= 0 || blocks.size() >= MOST_BLOCKS) {
                return;
            }
            int end = Character.isHighSurrogate(clean.charAt(room - 1)) ? room - 1 : room;
            clean = clean.substring(0, end);
            if (isBlank(clean)) {
                return;
            }
        }
        characters += clean.length();
        blocks.add(new Block(kind, clean, path.stream().map(Heading::text).toList(), page, line));
    }

    /** Whether there is nothing to see; spaces that do not break are no white space to Java. */
    private static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** Whether text was left out. */
    boolean full() {
        return full;
    }

    List<Block> blocks() {
        return blocks;
    }
}
