package dev.snoozy.compress.convert.family;

import org.jspecify.annotations.Nullable;

/**
 * What a tensor is called in a checkpoint and in GGUF. In names, {@code {i}} stands for the number
 * of a layer and {@code {e}} for that of an expert; GGUF has the matrices of all experts in one
 * tensor.
 *
 * @param checkpoint name there
 * @param gguf name here, or empty if GGUF has no such tensor
 * @param transform of the values
 */
public record Rule(String checkpoint, String gguf, Transform transform) {
    /** A tensor of a rule. */
    public record Match(int layer, int expert) {}

    public boolean isDropped() {
        return gguf.isEmpty();
    }

    /** Whether GGUF joins several tensors of the checkpoint. */
    public boolean isMixture() {
        return checkpoint.contains("{e}");
    }

    /** The numbers in a checkpoint's name, or null if it is not of this rule. */
    public @Nullable Match matchCheckpoint(String name) {
        return match(checkpoint, name);
    }

    /** The numbers in a GGUF name, or null if it is not of this rule. */
    @Nullable Match matchGguf(String name) {
        return match(gguf, name);
    }

    public String ggufName(int layer) {
        return gguf.replace("{i}", Integer.toString(layer));
    }

    public String checkpointName(int layer, int expert) {
        return checkpoint
                .replace("{i}", Integer.toString(layer))
                .replace("{e}", Integer.toString(expert));
    }

    private static @Nullable Match match(String template, String name) {
        if (!template.contains("{")) {
            return template.equals(name) ? new Match(0, 0) : null;
        }
        int layer = 0;
        int expert = 0;
        int at = 0;
        int i = 0;
        while (i < template.length()) {
            if (template.charAt(i) == '{') {
                int start = at;
                while (at < name.length() && at - start < 5 && isDigit(name.charAt(at))) {
                    at++;
                }
                if (at == start) {
                    return null;
                }
                int number = Integer.parseInt(name.substring(start, at));
                if (template.charAt(i + 1) == 'i') {
                    layer = number;
                } else {
                    expert = number;
                }
                i += 3;
            } else if (at < name.length() && name.charAt(at) == template.charAt(i)) {
                at++;
                i++;
            } else {
                return null;
            }
        }
        return at == name.length() ? new Match(layer, expert) : null;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
