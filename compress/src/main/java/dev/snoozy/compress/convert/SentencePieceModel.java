package dev.snoozy.compress.convert;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A SentencePiece model ({@code tokenizer.model}), as far as GGUF needs it: the pieces with scores
 * and types, whether it is of the unigram kind, and how text is normalized. The file is a protocol
 * buffer (sentencepiece_model.proto); types have GGUF's numbers.
 *
 * @param unigram or byte-pair encoding
 * @param charsmap the compiled normalization, empty if there is none
 */
record SentencePieceModel(
        List<Piece> pieces,
        boolean unigram,
        boolean addsSpace,
        boolean removesSpaces,
        byte[] charsmap) {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int BYTE_PAIR = 2;

    /** One token. */
    record Piece(String text, float score, int type) {}

    /** Takes a field of a message. */
    @FunctionalInterface
    private interface Field {
        void read(int number, int wire, long value, byte[] bytes);
    }

    static SentencePieceModel read(byte[] file) {
        List<Piece> pieces = new ArrayList<>();
        int[] kind = {1};
        boolean[] spaces = {true, true};
        byte[][] charsmap = {new byte[0]};
        message(
                file,
                (number, wire, value, bytes) -> {
                    switch (number) {
                        case 1 -> pieces.add(piece(bytes));
                        case 2 ->
                                message(
                                        bytes,
                                        (n, w, v, b) -> kind[0] = n == 3 ? (int) v : kind[0]);
                        case 3 ->
                                message(
                                        bytes,
                                        (n, w, v, b) -> {
                                            switch (n) {
                                                case 2 -> charsmap[0] = b;
                                                case 3 -> spaces[0] = v != 0;
                                                case 4 -> spaces[1] = v != 0;
                                                default -> {}
                                            }
                                        });
                        default -> {}
                    }
                });
        if (pieces.isEmpty()) {
            throw new ConvertException("tokenizer.model: found no pieces; it is damaged");
        }
        return new SentencePieceModel(
                pieces, kind[0] != BYTE_PAIR, spaces[0], spaces[1], charsmap[0]);
    }

    private static Piece piece(byte[] message) {
        String[] text = {""};
        float[] score = {0};
        int[] type = {1};
        message(
                message,
                (number, wire, value, bytes) -> {
                    switch (number) {
                        case 1 -> text[0] = new String(bytes, StandardCharsets.UTF_8);
                        case 2 -> score[0] = Float.intBitsToFloat((int) value);
                        case 3 -> type[0] = (int) value;
                        default -> {}
                    }
                });
        return new Piece(text[0], score[0], type[0]);
    }

    private static void message(byte[] bytes, Field field) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] none = {};
        try {
            while (in.hasRemaining()) {
                long tag = varint(in);
                int number = (int) (tag >>> 3);
                int wire = (int) (tag & 7);
                switch (wire) {
                    case VARINT -> field.read(number, wire, varint(in), none);
                    case FIXED64 -> field.read(number, wire, in.getLong(), none);
                    case FIXED32 -> field.read(number, wire, in.getInt(), none);
                    case BYTES -> {
                        long length = varint(in);
                        if (length < 0 || length > in.remaining()) {
                            throw damaged();
                        }
                        byte[] value = new byte[(int) length];
                        in.get(value);
                        field.read(number, wire, 0, value);
                    }
                    default -> throw damaged();
                }
            }
        } catch (BufferUnderflowException e) {
            throw damaged();
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static ConvertException damaged() {
        return new ConvertException(
                "tokenizer.model: expected a SentencePiece model, found something else or a file"
                        + " that is cut off");
    }
}
