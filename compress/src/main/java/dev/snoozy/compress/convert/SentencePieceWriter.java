package dev.snoozy.compress.convert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes what {@link SentencePieceModel} reads, for byte-pair models. */
final class SentencePieceWriter {
    private static final int BYTE_PAIR = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private SentencePieceWriter() {}

    static byte[] write(String[] texts, float[] scores, int[] types, boolean addsSpace) {
        SentencePieceWriter model = new SentencePieceWriter();
        for (int id = 0; id < texts.length; id++) {
            SentencePieceWriter piece = new SentencePieceWriter();
            piece.bytes(1, texts[id].getBytes(StandardCharsets.UTF_8));
            piece.number(2, scores[id]);
            piece.varint(3, types[id]);
            model.bytes(1, piece.out.toByteArray());
        }
        SentencePieceWriter trainer = new SentencePieceWriter();
        trainer.varint(3, BYTE_PAIR);
        trainer.varint(35, 1); // bytes stand in for what has no piece
        model.bytes(2, trainer.out.toByteArray());
        SentencePieceWriter normalizer = new SentencePieceWriter();
        normalizer.bytes(1, "identity".getBytes(StandardCharsets.UTF_8));
        normalizer.varint(3, addsSpace ? 1 : 0);
        normalizer.varint(4, 0);
        model.bytes(3, normalizer.out.toByteArray());
        return model.out.toByteArray();
    }

    private void bytes(int field, byte[] value) {
        raw(field << 3 | 2);
        raw(value.length);
        out.writeBytes(value);
    }

    private void varint(int field, int value) {
        raw(field << 3);
        raw(value);
    }

    private void number(int field, float value) {
        raw(field << 3 | 5);
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        out.writeBytes(bytes.putFloat(value).array());
    }

    private void raw(int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
