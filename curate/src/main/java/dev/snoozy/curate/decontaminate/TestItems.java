package dev.snoozy.curate.decontaminate;

import dev.snoozy.curate.dedup.WordReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The items of evaluation sets, and which of them are in a row of training data. Words are compared
 * in lower case and without punctuation or symbols; an apostrophe separates. An item is in a row
 *
 * <ul>
 *   <li>if {@value #FRAGMENT} words in a row are the same, in one of its texts or across them as
 *       they follow each other;
 *   <li>if its question is shorter, has {@value #QUESTION} words or more, and is there as a whole;
 *   <li>if its question is shorter still, and is either all that a text of the row says, or there
 *       together with each of the item's other texts.
 * </ul>
 *
 * <p>Thirteen words are what GPT-3 and the evaluation harness use (Brown et al. 2020, appendix C);
 * questions of WinoGrande and OpenBookQA are often shorter, hence the other two. Paraphrases are
 * not found. Immutable when all items are added; then any thread may search.
 */
public final class TestItems {
    /** Words that are never the same by chance. */
    public static final int FRAGMENT = 13;

    /** Words of a question that is recognised wherever it stands. */
    public static final int QUESTION = 8;

    /**
     * @param question how many words it has
     * @param others the words of the other texts, if the question alone does not tell
     */
    private record Item(String task, int index, int question, List<int[]> others) {}

    private final List<Item> items = new ArrayList<>();
    private final HashLists fragments = new HashLists();

    /** Whole questions shorter than a fragment. */
    private final HashLists questions = new HashLists();

    private final boolean[] lengths = new boolean[FRAGMENT];

    /** Adds an item. Not while another thread searches. */
    public void add(TestItem item) {
        WordReader reader = new WordReader(false);
        int number = items.size();
        List<int[]> texts = new ArrayList<>();
        for (String text : item.texts()) {
            texts.add(reader.read(text));
        }
        WordWindow joined = new WordWindow(join(texts));
        for (int i = 0; i + FRAGMENT <= joined.words(); i++) {
            fragments.add(joined.hash(i, FRAGMENT), number);
        }
        int question = texts.getFirst().length;
        if (question > 0 && question < FRAGMENT) {
            questions.add(joined.hash(0, question), number);
            lengths[question] = true;
        }
        List<int[]> others =
                question < QUESTION ? List.copyOf(texts.subList(1, texts.size())) : List.of();
        items.add(new Item(item.task(), item.index(), question, others));
    }

    private static int[] join(List<int[]> texts) {
        int[] joined = new int[texts.stream().mapToInt(t -> t.length).sum()];
        int at = 0;
        for (int[] text : texts) {
            System.arraycopy(text, 0, joined, at, text.length);
            at += text.length;
        }
        return joined;
    }

    /** How many items there are. */
    public int size() {
        return items.size();
    }

    /**
     * The items that are in a row, in the order in which they were added.
     *
     * @param texts prompt and response, or whatever the row says, in its order
     */
    public List<Leak> find(List<? extends CharSequence> texts) {
        WordReader reader = new WordReader(false);
        List<int[]> row = new ArrayList<>();
        for (CharSequence text : texts) {
            row.add(reader.read(text.toString()));
        }
        int[] words = join(row);
        WordWindow window = new WordWindow(words);
        Map<Integer, Leak> leaks = new TreeMap<>();
        for (int i = 0; i + FRAGMENT <= words.length; i++) {
            int entry = fragments.first(window.hash(i, FRAGMENT));
            for (; entry >= 0; entry = fragments.after(entry)) {
                add(leaks, fragments.value(entry), Leak.Kind.FRAGMENT, i);
            }
        }
        for (int count = 1; count < FRAGMENT; count++) {
            for (int i = 0; lengths[count] && i + count <= words.length; i++) {
                int entry = questions.first(window.hash(i, count));
                for (; entry >= 0; entry = questions.after(entry)) {
                    int number = questions.value(entry);
                    Leak.@Nullable Kind kind = judge(items.get(number), row, words, i);
                    if (kind != null) {
                        add(leaks, number, kind, i);
                    }
                }
            }
        }
        return List.copyOf(leaks.values());
    }

    private void add(Map<Integer, Leak> leaks, int number, Leak.Kind kind, int word) {
        Item item = items.get(number);
        leaks.putIfAbsent(number, new Leak(item.task, item.index, kind, word));
    }

    /** What it means that the question of an item is in a row, if anything. */
    private static Leak.@Nullable Kind judge(Item item, List<int[]> row, int[] words, int start) {
        if (item.question >= QUESTION || isAll(row, start, item.question)) {
            return Leak.Kind.QUESTION;
        }
        boolean complete = !item.others.isEmpty();
        for (int[] other : item.others) {
            complete &= contains(words, other);
        }
        return complete ? Leak.Kind.ITEM : null;
    }

    /** Whether one of the row's texts is just these words. */
    private static boolean isAll(List<int[]> row, int start, int count) {
        int at = 0;
        for (int[] text : row) {
            if (at == start && text.length == count) {
                return true;
            }
            at += text.length;
        }
        return false;
    }

    private static boolean contains(int[] words, int[] part) {
        for (int i = 0; i + part.length <= words.length; i++) {
            if (Arrays.equals(words, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
