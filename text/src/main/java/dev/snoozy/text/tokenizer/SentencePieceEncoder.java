package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.BYTE;
import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNKNOWN;

import java.nio.charset.StandardCharsets;

/**
 * SentencePiece BPE. Starts from characters, merges the pair whose token has the best score until
 * no pair is a token, and writes characters that are no token as bytes.
 */
final class SentencePieceEncoder implements Encoder {
    private final boolean addsSpace;
    private final TokenTable table;
    private final int[] priority;
    private final int[] byteTokens;
    private final Neighbours neighbours;
    private final WordCache cache = new WordCache();

    /**
     * @param addsSpace whether a space goes before the text at the start and behind special tokens
     */
    SentencePieceEncoder(ModelVocabulary vocabulary, boolean addsSpace) {
        this.addsSpace = addsSpace;
        int size = vocabulary.size();
        table = new TokenTable(size);
        priority = new int[size];
        neighbours = new Neighbours(size);
        for (int id = 0; id < size; id++) {
            priority[id] = priority(vocabulary.score(id));
            if (vocabulary.is(id, CONTROL | UNKNOWN | BYTE)) {
                // Only special tokens and bytes lead to these, never the text.
                table.addHidden();
            } else {
                String piece = vocabulary.piece(id);
                byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                table.add(bytes, 0, bytes.length);
                neighbours.add(piece);
            }
        }
        byteTokens = byteTokens(vocabulary);
    }

    /** The higher the score, the smaller the number. */
    private static int priority(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return ~(bits ^ bits >> 31 & Integer.MAX_VALUE);
    }

    private int[] byteTokens(ModelVocabulary vocabulary) {
        int[] tokens = new int[256];
        byte[] single = new byte[1];
        for (int b = 0; b < 256; b++) {
            single[0] = (byte) b;
            int token = table.find(single, 0, 1);
            tokens[b] = token >= 0 ? token : vocabulary.special(SpecialToken.UNKNOWN);
        }
        for (int id = vocabulary.size() - 1; id >= 0; id--) {
            int b = Piece.byteOf(vocabulary.piece(id));
            if (b >= 0) {
                tokens[b] = id;
            }
        }
        return tokens;
    }

    @Override
    public void encode(String text, boolean start, Ids ids) {
        String escaped = text.replace(' ', Piece.SPACE);
        byte[] bytes =
                (addsSpace && start ? Piece.SPACE + escaped : escaped)
                        .getBytes(StandardCharsets.UTF_8);
        Merger merger = new Merger((left, right, from, to) -> rate(bytes, from, to));
        int pieceStart = 0;
        int left = Utf8.codePoint(bytes, 0);
        for (int at = Utf8.length(bytes[0]); at < bytes.length; at += Utf8.length(bytes[at])) {
            int right = Utf8.codePoint(bytes, at);
            if (!neighbours.meet(left, right)) {
                piece(bytes, pieceStart, at, merger, ids);
                pieceStart = at;
            }
            left = right;
        }
        piece(bytes, pieceStart, bytes.length, merger, ids);
    }

    private long rate(byte[] bytes, int from, int to) {
        int token = table.find(bytes, from, to);
        return token < 0 ? Merger.NONE : Merger.pair(priority[token], token);
    }

    /** Appends the tokens of a piece that no merge leaves. */
    private void piece(byte[] bytes, int from, int to, Merger merger, Ids ids) {
        if (to - from > WordCache.LONGEST_WORD) {
            merge(bytes, from, to, merger, ids);
            return;
        }
        int hash = TokenTable.hash(bytes, from, to);
        int[] known = cache.get(hash, bytes, from, to);
        if (known != null) {
            ids.addAll(known);
            return;
        }
        int before = ids.size();
        merge(bytes, from, to, merger, ids);
        cache.put(hash, bytes, from, to, ids.copy(before));
    }

    private void merge(byte[] bytes, int from, int to, Merger merger, Ids ids) {
        merger.clear();
        for (int at = from; at < to; ) {
            int end = at + Utf8.length(bytes[at]);
            merger.add(table.find(bytes, at, end), at, end);
            at = end;
        }
        merger.merge();
        for (int i = merger.first(); i < merger.end(); i = merger.next(i)) {
            if (merger.symbol(i) >= 0) {
                ids.add(merger.symbol(i));
                continue;
            }
            for (int at = merger.start(i); at < merger.start(merger.next(i)); at++) {
                int token = byteTokens[bytes[at] & 0xFF];
                if (token >= 0) {
                    ids.add(token);
                }
            }
        }
    }
}
