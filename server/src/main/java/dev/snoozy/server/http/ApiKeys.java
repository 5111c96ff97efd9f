package dev.snoozy.server.http;

import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys that clients must show. Only their SHA-256 is kept, in memory and on disk: keys are long
 * and random, so that a salt or a slow hash would add nothing. Immutable and thread-safe.
 */
public final class ApiKeys {
    private static final String HASHED = "sha256:";
    private static final int RANDOM_BYTES = 32;
    private static final int HASH_LENGTH = 64;

    private final List<byte[]> hashes;

    private ApiKeys(List<byte[]> hashes) {
        this.hashes = List.copyOf(hashes);
    }

    /** No key: everybody is let in. */
    public static ApiKeys none() {
        return new ApiKeys(List.of());
    }

    /** These keys. */
    public static ApiKeys of(List<String> keys) {
        return new ApiKeys(keys.stream().map(Sha256::bytes).toList());
    }

    /**
     * The keys of a file, one on a line: a key, or {@code sha256:} and the hash of one, which is
     * how {@link #create} writes them. Lines with {@code #} are comments.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is neither, or there is no key
     */
    public static ApiKeys read(Path file) throws IOException {
        List<byte[]> hashes = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String key = line.strip();
            if (key.startsWith(HASHED)) {
                String hex = key.substring(HASHED.length()).split("\\s", 2)[0];
                if (!hex.matches("[0-9a-fA-F]{" + HASH_LENGTH + "}")) {
                    throw new IllegalArgumentException(
                            "line " + number + ": expected 64 hexadecimal digits after " + HASHED);
                }
                hashes.add(HexFormat.of().parseHex(hex));
            } else if (!key.isEmpty() && !key.startsWith("#")) {
                hashes.add(Sha256.bytes(key));
            }
        }
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("expected at least one key, found none");
        }
        return new ApiKeys(hashes);
    }

    /** A new random key, and the line that a file of keys keeps of it. */
    public record Created(String key, String line) {}

    /** Makes a key. */
    public static Created create(String name) {
        String key = random();
        return new Created(key, HASHED + hashOf(key) + " " + name);
    }

    /** A random key. */
    public static String random() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The SHA-256 of a key, in hexadecimal. */
    public static String hashOf(String key) {
        return Sha256.of(key);
    }

    /** Whether two such hashes are the same; takes as long for every wrong one. */
    public static boolean isSame(String hash, String other) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** These keys and others. */
    public ApiKeys and(ApiKeys more) {
        List<byte[]> all = new ArrayList<>(hashes);
        all.addAll(more.hashes);
        return new ApiKeys(all);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** Whether a key is one of these; takes as long for every wrong one. */
    boolean knows(String key) {
        byte[] hash = Sha256.bytes(key);
        boolean known = false;
        for (byte[] one : hashes) {
            known |= MessageDigest.isEqual(one, hash);
        }
        return known;
    }
}
