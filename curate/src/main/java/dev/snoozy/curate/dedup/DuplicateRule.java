package dev.snoozy.curate.dedup;

/**
 * When two rows are near duplicates: every similarity that is asked for must be reached. A
 * similarity is the exact Jaccard index of the sets of 5-grams of words: how many of all the
 * different 5-grams are in both texts. Two texts without words have 1, a text without words and
 * another have 0.
 *
 * <p>The default asks all three for 0.8. So the same prompt with another answer is no duplicate,
 * however long the prompt is, and neither is the same short answer to another question.
 *
 * @param prompt smallest similarity of the prompts, 0 if they are not compared
 * @param response smallest similarity of the responses, 0 if they are not compared
 * @param both smallest similarity of prompt and response together, 0 if they are not compared
 */
public record DuplicateRule(double prompt, double response, double both) {
    /** 0.8 for each. */
    public static final DuplicateRule DEFAULT = new DuplicateRule(0.8, 0.8, 0.8);

    public DuplicateRule {
        check("prompt", prompt);
        check("response", response);
        check("both", both);
        if (prompt == 0 && response == 0 && both == 0) {
            throw new IllegalArgumentException(
                    "a rule for duplicates asks for nothing, so every row would be one;"
                            + " cure: give a similarity above 0 for prompt, response or both");
        }
    }

    private static void check(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "similarity of " + name + ": " + value + ", expected 0 to 1");
        }
    }

    /** Only this part is compared. */
    public static DuplicateRule only(Field field, double similarity) {
        return switch (field) {
            case PROMPT -> new DuplicateRule(similarity, 0, 0);
            case RESPONSE -> new DuplicateRule(0, similarity, 0);
            case BOTH -> new DuplicateRule(0, 0, similarity);
        };
    }

    /** What is asked of a part. */
    public double of(Field field) {
        return switch (field) {
            case PROMPT -> prompt;
            case RESPONSE -> response;
            case BOTH -> both;
        };
    }

    /** The part whose signatures name the candidates: answers differ more than prompts do. */
    public Field candidates() {
        return both > 0 ? Field.BOTH : response > 0 ? Field.RESPONSE : Field.PROMPT;
    }
}
