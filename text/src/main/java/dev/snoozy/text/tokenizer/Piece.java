package dev.snoozy.text.tokenizer;

import java.nio.charset.StandardCharsets;

/** How a vocabulary writes a token's bytes in its text. */
enum Piece {
    /** U+2581 stands for a space; a byte token is written {@code <0x0A>}. */
    SENTENCE_PIECE {
        @Override
        byte[] decode(String piece) {
            return piece.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
        }
    },
    /** Each character stands for one byte (GPT-2's alphabet). */
    BYTE_LEVEL {
        @Override
        byte[] decode(String piece) {
            return ByteAlphabet.decode(piece);
        }
    };

    /** Lower one eighth block, SentencePiece's space. */
    static final char SPACE = '\u2581';

    /** The bytes of a normal token. */
    abstract byte[] decode(String piece);

    /** The byte that a byte token names, or -1 if it is not written like one. */
    static int byteOf(String piece) {
        if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(piece.charAt(3), 16);
        int low = Character.digit(piece.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
