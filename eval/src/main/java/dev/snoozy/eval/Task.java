package dev.snoozy.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The tasks of the GPT4All table, in its order. All are questions with a few answers, of which the
 * model is to find one likelier than the others.
 */
public enum Task {
    /** Yes or no, from a passage (Clark et al. 2019). */
    BOOLQ("boolq", "BoolQ", false),
    /** How something is done in the physical world (Bisk et al. 2020). */
    PIQA("piqa", "PIQA", true),
    /** How a description goes on (Zellers et al. 2019). */
    HELLASWAG("hellaswag", "HellaSwag", true),
    /** Whom or what a sentence means (Sakaguchi et al. 2020). */
    WINOGRANDE("winogrande", "WinoGrande", false),
    /** Science for schools, the easy part (Clark et al. 2018). */
    ARC_EASY("arc_easy", "ARC-e", true),
    /** The same, the hard part. */
    ARC_CHALLENGE("arc_challenge", "ARC-c", true),
    /** Elementary science with an open book (Mihaylov et al. 2018). */
    OPENBOOKQA("openbookqa", "OBQA", true);

    private final String id;
    private final String label;
    private final boolean normalised;

    Task(String id, String label, boolean normalised) {
        this.id = id;
        this.label = label;
        this.normalised = normalised;
    }

    /** The name that other harnesses know. */
    public String id() {
        return id;
    }

    /** The name in tables. */
    public String label() {
        return label;
    }

    /** Whether the published figure is acc_norm rather than acc. */
    public boolean normalised() {
        return normalised;
    }

    /**
     * A task by its {@link #id}, in any case and with - for _.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Task of(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
        for (Task task : values()) {
            if (task.id.equals(wanted)) {
                return task;
            }
        }
        throw new IllegalArgumentException(
                "task: expected one of "
                        + Arrays.stream(values()).map(Task::id).collect(Collectors.joining(", "))
                        + "; found "
                        + name);
    }
}
