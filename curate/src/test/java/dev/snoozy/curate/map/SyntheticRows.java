package dev.snoozy.curate.map;

import java.util.SplittableRandom;

/** Rows about a few subjects, each with words of its own. */
final class SyntheticRows implements MapRows {
    static final String[][] SUBJECTS = {
        {"bread", "flour", "oven", "yeast", "butter", "recipe", "knead", "crust", "bake", "dough"},
        {
            "python",
            "function",
            "loop",
            "array",
            "string",
            "compile",
            "debug",
            "variable",
            "class",
            "return"
        },
        {
            "planet",
            "star",
            "orbit",
            "galaxy",
            "telescope",
            "moon",
            "gravity",
            "comet",
            "rocket",
            "crater"
        },
        {
            "football",
            "goal",
            "team",
            "referee",
            "league",
            "striker",
            "match",
            "coach",
            "stadium",
            "trophy"
        },
        {
            "garden",
            "seed",
            "soil",
            "flower",
            "prune",
            "compost",
            "tulip",
            "hedge",
            "watering",
            "rake"
        }
    };

    private final int size;
    private final int words;

    SyntheticRows(int size, int words) {
        this.size = size;
        this.words = words;
    }

    static int subject(int row) {
        return row % SUBJECTS.length;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String id(int row) {
        return "row-" + row;
    }

    @Override
    public String source(int row) {
        return "source " + row % 7;
    }

    @Override
    public String prompt(int row) {
        return text(row, words / 4 + 3);
    }

    @Override
    public String response(int row) {
        return text(~row, words);
    }

    private static String text(int number, int words) {
        int row = number < 0 ? ~number : number;
        SplittableRandom random = new SplittableRandom(number * 7919L + 13);
        StringBuilder text = new StringBuilder("The");
        for (int i = 0; i < words; i++) {
            String[] subject =
                    SUBJECTS[
                            random.nextInt(12) == 0
                                    ? random.nextInt(SUBJECTS.length)
                                    : subject(row)];
            text.append(i % 3 == 0 ? " and " : " ").append(subject[random.nextInt(subject.length)]);
        }
        return text.append('.').toString();
    }

    @Override
    public DuplicateClass duplicate(int row) {
        return DuplicateClass.values()[row % 5];
    }

    @Override
    public double loss(int row) {
        return row % 10 == 0 ? Double.NaN : 1 + row % 17 / 10.0;
    }
}
