package dev.snoozy.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds what stands before the data of a GGUF file. */
final class FieldWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer number;

    FieldWriter(ByteOrder order) {
        number = ByteBuffer.allocate(8).order(order);
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    void bytes(byte[] bytes) {
        out.writeBytes(bytes);
    }

    void int8(int value) {
        out.write(value);
    }

    void int16(int value) {
        number.putShort(0, (short) value);
        out.write(number.array(), 0, 2);
    }

    void int32(int value) {
        number.putInt(0, value);
        out.write(number.array(), 0, 4);
    }

    void int64(long value) {
        number.putLong(0, value);
        out.write(number.array(), 0, 8);
    }

    void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        bytes(bytes);
    }

    void value(MetadataValue value) {
        if (!value.isArray()) {
            int32(value.type().id());
            single(value.type(), value.value());
            return;
        }
        int32(ValueType.ARRAY.id());
        int32(value.type().id());
        int64(value.length());
        elements(value);
    }

    private void elements(MetadataValue array) {
        switch (array.value()) {
            case int[] values -> {
                for (int value : values) {
                    single(array.type(), value);
                }
            }
            case long[] values -> {
                for (long value : values) {
                    single(array.type(), value);
                }
            }
            case float[] values -> {
                for (float value : values) {
                    single(array.type(), value);
                }
            }
            case double[] values -> {
                for (double value : values) {
                    single(array.type(), value);
                }
            }
            case boolean[] values -> {
                for (boolean value : values) {
                    single(array.type(), value);
                }
            }
            case String[] values -> {
                for (String value : values) {
                    string(value);
                }
            }
            default -> throw new IllegalArgumentException("no array: " + array.value());
        }
    }

    private void single(ValueType type, Object value) {
        switch (value) {
            case String s -> string(s);
            case Boolean b -> int8(b ? 1 : 0);
            case Float f -> int32(Float.floatToRawIntBits(f));
            case Double d -> int64(Double.doubleToRawLongBits(d));
            case Number n -> integer(type, n.longValue());
            default -> throw new IllegalArgumentException("no single value: " + value);
        }
    }

    private void integer(ValueType type, long value) {
        switch (type) {
            case UINT8, INT8 -> int8((int) value);
            case UINT16, INT16 -> int16((int) value);
            case UINT32, INT32 -> int32((int) value);
            case UINT64, INT64 -> int64(value);
            default -> throw new IllegalArgumentException("an integer cannot be a " + type);
        }
    }

    void pad(int alignment) {
        long end = GgufReader.alignUp(out.size(), alignment);
        while (out.size() < end) {
            out.write(0);
        }
    }
}
