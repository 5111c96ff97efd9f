package dev.snoozy.text.template;

/**
 * What one rendering may use. A template comes with a model and is untrusted; a template that
 * reaches a limit fails with {@link TemplateException.Kind#LIMIT}.
 *
 * @param steps expressions, statements and elements handled
 * @param depth nested calls, expressions and values
 * @param text characters of the longest string, and of the output
 * @param work characters read and written by all operations together; a list element counts 16
 */
public record TemplateLimits(long steps, int depth, int text, long work) {
    /** Far above what published templates need, and reached in well under a second. */
    public static final TemplateLimits DEFAULT =
            new TemplateLimits(5_000_000, 600, 16 << 20, 256L << 20);

    public TemplateLimits {
        if (steps <= 0 || depth <= 0 || text <= 0 || work <= 0) {
            throw new IllegalArgumentException(
                    "template limits must be positive, found steps %d, depth %d, text %d, work %d"
                            .formatted(steps, depth, text, work));
        }
    }
}
