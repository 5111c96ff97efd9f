package dev.snoozy.format;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds GGUF files field by field, so that a test can put a wrong value in any place. */
final class GgufBytes {
    private final FieldWriter out;

    private GgufBytes(ByteOrder order) {
        out = new FieldWriter(order);
    }

    static GgufBytes header(long tensors, long pairs) {
        return header(ByteOrder.LITTLE_ENDIAN, 3, tensors, pairs);
    }

    static GgufBytes header(ByteOrder order, int version, long tensors, long pairs) {
        GgufBytes bytes = new GgufBytes(order);
        bytes.out.bytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        return bytes.int32(version).int64(tensors).int64(pairs);
    }

    GgufBytes int8(int value) {
        out.int8(value);
        return this;
    }

    GgufBytes int32(int value) {
        out.int32(value);
        return this;
    }

    GgufBytes int64(long value) {
        out.int64(value);
        return this;
    }

    GgufBytes string(String value) {
        out.string(value);
        return this;
    }

    /** A pair of key and 32-bit unsigned value. */
    GgufBytes pair(String key, int value) {
        return string(key).int32(ValueType.UINT32.id()).int32(value);
    }

    GgufBytes tensor(String name, int type, long offset, long... shape) {
        string(name).int32(shape.length);
        for (long dimension : shape) {
            int64(dimension);
        }
        return int32(type).int64(offset);
    }

    /** Zeros up to the alignment, then so many zeros of data. */
    GgufBytes data(int bytes) {
        out.pad(32);
        for (int i = 0; i < bytes; i++) {
            out.int8(0);
        }
        return this;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
