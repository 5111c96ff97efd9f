package dev.snoozy.documents.index;

import dev.snoozy.documents.extract.Block;
import dev.snoozy.documents.extract.ExtractedDocument;

import java.text.BreakIterator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Cuts documents into chunks of whole sentences, rows and lines. A chunk does not reach over a
 * heading unless what stands before it is short, and repeats the last sentences of the chunk before
 * it in the same section.
 */
final class Chunker {
    /** A chunk shorter than this part of the limit takes what follows the next heading too. */
    private static final int SHORT = 4;

    /** What is repeated is at most this part of the limit. */
    private static final int OVERLAP = 6;

    /** A sentence, a row or a line, or a part of one that is too long. */
    private record Unit(String text, int tokens, Block block, int line, boolean first) {}

    private final TokenCounter counter;
    private final int limit;

    /**
     * @param limit of the tokens of a chunk
     */
    Chunker(TokenCounter counter, int limit) {
        this.counter = counter;
        this.limit = limit;
    }

    /** The chunks of a document, in its order. Each sentence is in at least one. */
    List<Chunk> chunks(ExtractedDocument document) {
        List<Chunk> chunks = new ArrayList<>();
        Deque<Unit> open = new ArrayDeque<>();
        int tokens = 0;
        int repeated = 0;
        for (Block block : document.blocks()) {
            if (block.kind() == Block.Kind.HEADING && tokens - repeated >= limit / SHORT) {
                emit(open, chunks);
                open.clear();
                tokens = 0;
                repeated = 0;
            }
            for (Unit unit : units(block)) {
                if (tokens + unit.tokens() > limit && tokens > repeated) {
                    emit(open, chunks);
                    repeated = keepEnd(open, limit - unit.tokens());
                    tokens = repeated;
                }
                open.add(unit);
                tokens += unit.tokens();
            }
        }
        if (tokens > repeated) {
            emit(open, chunks);
        }
        return chunks;
    }

    /** Leaves the last units that fit into the overlap, and gives their tokens. */
    private int keepEnd(Deque<Unit> open, int room) {
        int most = Math.min(limit / OVERLAP, room);
        int kept = 0;
        List<Unit> end = new ArrayList<>();
        while (!open.isEmpty() && kept + open.getLast().tokens() <= most) {
            Unit unit = open.removeLast();
            kept += unit.tokens();
            end.addFirst(unit);
        }
        open.clear();
        open.addAll(end);
        return kept;
    }

    private static void emit(Deque<Unit> units, List<Chunk> chunks) {
        StringBuilder text = new StringBuilder();
        for (Unit unit : units) {
            if (!text.isEmpty()) {
                boolean flows = unit.block().kind() == Block.Kind.TEXT && !unit.first();
                text.append(flows ? ' ' : '\n');
            }
            text.append(unit.text());
        }
        Unit first = units.getFirst();
        Unit last = units.getLast();
        int end = last.line() == 0 ? 0 : last.line() + newlines(last.text());
        chunks.add(
                new Chunk(
                        chunks.size(),
                        text.toString(),
                        first.block().headings(),
                        first.block().page(),
                        first.line(),
                        end));
    }

    private List<Unit> units(Block block) {
        List<Unit> units = new ArrayList<>();
        switch (block.kind()) {
            case TEXT -> sentences(block, units);
            case CODE -> {
                int line = block.line();
                for (String text : block.text().split("\n", -1)) {
                    if (!text.isBlank()) {
                        add(text, block, line, units);
                    }
                    line += line == 0 ? 0 : 1;
                }
            }
            case HEADING, ROW -> add(block.text(), block, block.line(), units);
        }
        return units;
    }

    private void sentences(Block block, List<Unit> units) {
        String text = block.text();
        if (counter.count(text) <= limit / SHORT) {
            add(text, block, block.line(), units); // short paragraphs stay whole
            return;
        }
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        int start = breaks.first();
        int line = block.line();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            String sentence = text.substring(start, end);
            if (!sentence.isBlank()) {
                add(sentence.strip(), block, line, units);
            }
            line += line == 0 ? 0 : newlines(sentence);
            start = end;
        }
    }

    /**
     * Adds a unit; one over half of the limit is cut at white space, or anywhere if there is none.
     */
    private void add(String text, Block block, int line, List<Unit> units) {
        int tokens = counter.count(text);
        if (tokens <= limit / 2 || text.length() < 2) {
            units.add(new Unit(text, tokens, block, line, units.isEmpty()));
            return;
        }
        int middle = text.length() / 2;
        int cut = lastSpace(text, middle);
        if (cut <= text.length() / 4) {
            cut = Character.isLowSurrogate(text.charAt(middle)) ? middle - 1 : middle;
            cut = Math.max(1, cut);
        }
        String head = text.substring(0, cut);
        String tail = text.substring(cut);
        if (head.isBlank() || tail.isBlank() || tokens <= 1) {
            units.add(new Unit(text.strip(), tokens, block, line, units.isEmpty()));
            return;
        }
        add(head.strip(), block, line, units);
        add(tail.strip(), block, line == 0 ? 0 : line + newlines(head), units);
    }

    private static int lastSpace(String text, int before) {
        int at = before;
        while (at > 0 && !Character.isWhitespace(text.charAt(at))) {
            at--;
        }
        return at;
    }

    private static int newlines(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            count += text.charAt(i) == '\n' ? 1 : 0;
        }
        return count;
    }
}
