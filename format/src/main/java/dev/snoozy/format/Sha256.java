package dev.snoozy.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256 (FIPS 180-4), in 64 hexadecimal digits. */
public final class Sha256 {
    private static final int BUFFER = 1 << 20;

    private Sha256() {}

    /** Of a text in UTF-8. */
    public static String of(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    /** Of a file. */
    public static String of(Path file) throws IOException {
        return of(file, read -> {});
    }

    /**
     * Of a file.
     *
     * @param progress is told how many bytes have been read in all, after each step
     * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted
     */
    public static String of(Path file, LongConsumer progress) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long done = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                done += buffer.remaining();
                digest.update(buffer);
                buffer.clear();
                progress.accept(done);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The 32 bytes of a text's digest, the text in UTF-8. */
    public static byte[] bytes(String text) {
        return digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A digest for whoever has bytes of another kind. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
