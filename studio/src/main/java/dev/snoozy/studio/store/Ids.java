package dev.snoozy.studio.store;

import java.security.SecureRandom;

/** Names of things: short, unlike each other, and nobody guesses them. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SIGNS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 14;

    private Ids() {}

    /** A new one, of seventy random bits. */
    public static String next() {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(SIGNS.charAt(RANDOM.nextInt(SIGNS.length())));
        }
        return id.toString();
    }
}
