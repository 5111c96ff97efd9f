package dev.snoozy.hub.download;

import dev.snoozy.format.Sha256;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * What the content of a file is, by its digests.
 *
 * @param git the SHA-1 by which git names it, if that was wanted
 */
record Digests(String sha256, @Nullable String git) {
    private static final int BUFFER = 1 << 20;

    /** Reads a file. Ends early if the thread is interrupted. */
    static Digests of(Path file, boolean withGit, LongConsumer progress)
            throws IOException, InterruptedException {
        MessageDigest sha256 = Sha256.digest();
        MessageDigest git = sha1();
        git.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[BUFFER];
        long done = 0;
        try (InputStream in = new java.io.FileInputStream(file.toFile())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while a file was verified");
                }
                sha256.update(buffer, 0, read);
                if (withGit) {
                    git.update(buffer, 0, read);
                }
                done += read;
                progress.accept(done);
            }
        }
        return new Digests(hex(sha256), withGit ? hex(git) : null);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
