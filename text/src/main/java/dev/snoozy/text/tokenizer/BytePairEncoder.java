package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNKNOWN;

import java.nio.charset.StandardCharsets;

/**
 * Byte-level BPE. Cuts the text into words, starts from their bytes, and merges pairs in the order
 * of the vocabulary's list of merges.
 *
 * <p>Symbols below the size of the vocabulary are tokens. A merge may also name strings that are no
 * token; those get symbols behind, and come out as their bytes if nothing merges them further.
 */
final class BytePairEncoder implements Encoder {
    private final ModelVocabulary vocabulary;
    private final PreTokenizer preTokenizer;
    private final TokenTable table;
    private final PairTable pairs;

    /** The symbol of each byte; on raw text, of each byte's own token. */
    private final int[] byteSymbols = new int[256];

    private final WordCache cache = new WordCache();

    BytePairEncoder(ModelVocabulary vocabulary, PreTokenizer preTokenizer, String[] merges) {
        this.vocabulary = vocabulary;
        this.preTokenizer = preTokenizer;
        int size = vocabulary.size();
        table = new TokenTable(size);
        byte[] buffer = new byte[64];
        for (int id = 0; id < size; id++) {
            String piece = vocabulary.piece(id);
            buffer = room(buffer, piece);
            int length = bytes(piece, 0, piece.length(), buffer, 0);
            if (length < 0) {
                table.addHidden();
            } else {
                table.add(buffer, 0, length);
            }
        }
        findBytes();
        pairs = new PairTable(merges.length);
        for (int rank = 0; rank < merges.length; rank++) {
            buffer = room(buffer, merges[rank]);
            addMerge(merges[rank], rank, buffer);
        }
    }

    private static byte[] room(byte[] buffer, String text) {
        int needed = Math.multiplyExact(3, text.length());
        return needed <= buffer.length ? buffer : new byte[needed];
    }

    /** Writes the bytes that a part of a token stands for; returns their number or -1. */
    private int bytes(String piece, int from, int to, byte[] buffer, int at) {
        if (!preTokenizer.rawText()) {
            return ByteAlphabet.encode(piece, from, to, buffer, at);
        }
        byte[] bytes = piece.substring(from, to).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, buffer, at, bytes.length);
        return bytes.length;
    }

    private void findBytes() {
        byte[] single = new byte[1];
        for (int b = 0; b < 256; b++) {
            single[0] = (byte) b;
            byteSymbols[b] = preTokenizer.rawText() ? -1 : table.findOrAdd(single, 0, 1);
        }
        for (int id = 0; preTokenizer.rawText() && id < vocabulary.size(); id++) {
            int b = Piece.byteOf(vocabulary.piece(id));
            if (b >= 0) {
                byteSymbols[b] = id;
            }
        }
    }

    private void addMerge(String merge, int rank, byte[] buffer) {
        int space = merge.indexOf(' ', 1);
        if (space < 0) {
            return;
        }
        int left = bytes(merge, 0, space, buffer, 0);
        int right = left < 0 ? -1 : bytes(merge, space + 1, merge.length(), buffer, left);
        if (left <= 0 || right <= 0) {
            return;
        }
        int merged = table.findOrAdd(buffer, 0, left + right);
        if (merged < vocabulary.size() && vocabulary.is(merged, CONTROL | UNKNOWN)) {
            // A user's words must not add up to a control token.
            return;
        }
        pairs.putIfAbsent(
                table.findOrAdd(buffer, 0, left),
                table.findOrAdd(buffer, left, left + right),
                Merger.pair(rank, merged));
    }

    @Override
    public void encode(String text, boolean start, Ids ids) {
        String escaped = preTokenizer.rawText() ? text.replace(' ', Piece.SPACE) : text;
        Text points = new Text(escaped.getBytes(StandardCharsets.UTF_8));
        preTokenizer.split(points, new Session(points, ids));
    }

    /** Encodes the words of one text as they come. */
    private final class Session implements Stage.Pieces {
        private final Text text;
        private final byte[] bytes;
        private final Ids ids;
        private final Merger merger =
                new Merger((left, right, from, to) ->
                        left < 0 || right < 0 ? Merger.NONE : pairs.get(left, right));
        private int at;

        Session(Text text, Ids ids) {
            this.text = text;
            this.bytes = text.utf8();
            this.ids = ids;
        }

        @Override
        public void piece(int from, int to) {
            int start = at;
            at += text.bytes(from, to);
            if (at - start > WordCache.LONGEST_WORD) {
                word(start, at);
                return;
            }
            int hash = TokenTable.hash(bytes, start, at);
            int[] known = cache.get(hash, bytes, start, at);
            if (known != null) {
                ids.addAll(known);
                return;
            }
            int before = ids.size();
            word(start, at);
            cache.put(hash, bytes, start, at, ids.copy(before));
        }

        private void word(int from, int to) {
            if (preTokenizer.wholeWords() || preTokenizer.rawText() && bytes[from] == '\n') {
                // On raw text, line feeds come in pieces of their own and are never merged.
                int token = table.find(bytes, from, to);
                if (isToken(token)) {
                    ids.add(token);
                    return;
                }
            }
            merger.clear();
            for (int i = from; i < to; ) {
                int end = preTokenizer.rawText() ? i + Utf8.length(bytes[i]) : i + 1;
                merger.add(symbol(i, end), i, end);
                i = end;
            }
            merger.merge();
            for (int i = merger.first(); i < merger.end(); i = merger.next(i)) {
                emit(merger.symbol(i), merger.start(i), merger.start(merger.next(i)));
            }
        }

        private int symbol(int from, int to) {
            return preTokenizer.rawText()
                    ? table.find(bytes, from, to)
                    : byteSymbols[bytes[from] & 0xFF];
        }

        private void emit(int symbol, int from, int to) {
            if (isToken(symbol)) {
                ids.add(symbol);
                return;
            }
            // As in the reference, a byte that has no token leaves no trace.
            for (int i = from; i < to; i++) {
                int token = byteSymbols[bytes[i] & 0xFF];
                if (isToken(token)) {
                    ids.add(token);
                }
            }
        }

        private boolean isToken(int symbol) {
            return symbol >= 0
                    && symbol < vocabulary.size()
                    && !vocabulary.is(symbol, CONTROL | UNKNOWN);
        }
    }
}
