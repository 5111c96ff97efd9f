package dev.snoozy.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A protocol: how questions become tokens, and their scores an answer. Figures of different
 * protocols cannot be compared.
 */
public enum Profile {
    /**
     * The evaluation harness as it was in April 2023, by which the GPT4All table was made: context
     * and answer are tokenised apart, and nothing stands before them.
     */
    GPT4ALL_2023("gpt4all-2023"),
    /**
     * The evaluation harness of today: context and answer are tokenised together, behind the token
     * that the model's tokenizer begins texts with. A context's trailing blanks go to the answer.
     */
    HARNESS_CURRENT("harness-current"),
    /**
     * The tools of llama.cpp: whole texts with the beginning token, of which only what comes after
     * their common beginning is scored, by the mean of its tokens.
     */
    LLAMA_CPP("llama.cpp");

    private final String id;

    Profile(String id) {
        this.id = id;
    }

    /** The name on the command line. */
    public String id() {
        return id;
    }

    /**
     * A profile by its {@link #id}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile of(String name) {
        for (Profile profile : values()) {
            if (profile.id.equals(name.strip().toLowerCase(Locale.ROOT))) {
                return profile;
            }
        }
        throw new IllegalArgumentException(
                "profile: expected one of "
                        + Arrays.stream(values()).map(Profile::id).collect(Collectors.joining(", "))
                        + "; found "
                        + name);
    }
}
