package dev.snoozy.cli.eval;

import dev.snoozy.cli.Progress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a file, with progress for large ones. */
final class FileDigest {
    private static final int BUFFER = 1 << 20;

    private FileDigest() {}

    /** In hexadecimal. */
    static String of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(file);
                Progress progress =
                        Progress.of("digest of " + file.getFileName(), channel.size())) {
            long done = 0;
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                done += buffer.remaining();
                digest.update(buffer);
                buffer.clear();
                progress.done(done);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
