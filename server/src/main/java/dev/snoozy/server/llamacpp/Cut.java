package dev.snoozy.server.llamacpp;

import java.util.Arrays;

/**
 * A prompt that is too long for the context, cut as llama.cpp's server cuts it: its first tokens
 * stay, and of the others whole blocks go, each half of what the context has left.
 *
 * @param tokens what is left
 * @param keep how many of the first tokens stay, also when the context is full later
 * @param isCut whether something went
 */
record Cut(int[] tokens, int keep, boolean isCut) {
    /** Tokens of the context that {@code keep} may not take. */
    private static final int ROOM = 4;

    /**
     * A prompt that fits.
     *
     * @param keep tokens that shall stay; negative for all
     * @param context most tokens of a text
     */
    static Cut of(int[] prompt, int keep, int context) {
        int asked = keep < 0 ? prompt.length : Math.min(keep, prompt.length);
        int kept = Math.max(0, Math.min(asked, context - ROOM));
        if (prompt.length < context) {
            return new Cut(prompt, kept, false);
        }
        int block = Math.max(1, (context - kept) / 2);
        int erased = (prompt.length - kept - block) / block * block;
        int[] left = Arrays.copyOf(prompt, prompt.length - erased);
        System.arraycopy(prompt, kept + erased, left, kept, left.length - kept);
        return new Cut(left, kept, true);
    }
}
