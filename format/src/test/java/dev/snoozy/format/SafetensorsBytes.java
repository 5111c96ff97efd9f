package dev.snoozy.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds safetensors files from a header as text, so that a test can put anything into it. */
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A file with this header and so many bytes of data, which count up from 0. */
    static byte[] file(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return file(text.length, text, data);
    }

    /** A file that says that its header is {@code length} bytes long. */
    static byte[] file(long length, byte[] header, int data) {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + data);
        file.order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(header);
        for (int i = 0; i < data; i++) {
            file.put((byte) i);
        }
        return file.array();
    }

    /** The member of a tensor. */
    static String tensor(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }
}
