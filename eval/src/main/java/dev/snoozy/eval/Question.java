package dev.snoozy.eval;

import java.util.List;

/** An item of a task as it stands in the task's own file. */
sealed interface Question {
    /** Its position in the whole set, which names it. */
    int index();

    /** The right answer's position among the answers. */
    int gold();

    /** BoolQ: the answers are no and yes. */
    record YesNo(int index, int gold, String passage, String question) implements Question {}

    /** PIQA: two ways to a goal. */
    record Goal(int index, int gold, String goal, List<String> ways) implements Question {}

    /**
     * HellaSwag: four ends.
     *
     * @param context both parts as they stand together
     * @param first the sentences before
     * @param second the words that the end follows; may be empty
     */
    record Scene(
            int index,
            int gold,
            String activity,
            String context,
            String first,
            String second,
            List<String> ends)
            implements Question {}

    /** WinoGrande: what belongs into the gap {@code _} of a sentence. */
    record Gap(int index, int gold, String sentence, List<String> options) implements Question {}

    /** ARC and OpenBookQA: a stem and some answers. */
    record Stem(int index, int gold, String stem, List<String> answers) implements Question {}
}
