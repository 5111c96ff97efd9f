package dev.snoozy.eval;

import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes tokens of an item, by the rules of a profile. */
final class Encoder {
    /** llama.cpp scores what follows an option only if there is more than so much of it. */
    private static final int FEW_TOKENS = 3;

    private final Tokenizer tokenizer;
    private final Profile profile;
    private final boolean begins;

    Encoder(Tokenizer tokenizer, Profile profile) {
        this.tokenizer = tokenizer;
        this.profile = profile;
        Vocabulary vocabulary = tokenizer.vocabulary();
        int[] text = tokenizer.encode("a", true, false);
        boolean own = text.length > 0 && vocabulary.bos() >= 0 && text[0] == vocabulary.bos();
        begins = profile != Profile.GPT4ALL_2023 && own;
    }

    /** Whether the model's beginning token stands before every text. */
    boolean begins() {
        return begins;
    }

    /** The continuations of an item, one for each choice. */
    List<Continuation> encode(Task task, Item item) {
        return switch (profile) {
            case GPT4ALL_2023 -> item.choices().stream().map(this::apart).toList();
            case HARNESS_CURRENT -> item.choices().stream().map(this::together).toList();
            case LLAMA_CPP -> task == Task.WINOGRANDE ? sentences(item) : behindCommon(item);
        };
    }

    private Continuation apart(Item.Choice choice) {
        int[] context = tokenizer.encode(choice.context(), false, false);
        if (context.length == 0) {
            context = new int[] {tokenizer.vocabulary().eos()};
        }
        int[] continuation = tokenizer.encode(choice.continuation(), false, false);
        return joined(context, continuation);
    }

    private Continuation together(Item.Choice choice) {
        String context = choice.context().stripTrailing();
        String continuation = choice.context().substring(context.length()) + choice.continuation();
        if (context.isEmpty()) {
            Vocabulary vocabulary = tokenizer.vocabulary();
            int first = vocabulary.bos() >= 0 ? vocabulary.bos() : vocabulary.eos();
            return joined(new int[] {first}, tokenizer.encode(continuation, false, false));
        }
        int[] whole = text(context + continuation);
        return new Continuation(whole, text(context).length, whole.length);
    }

    private static Continuation joined(int[] context, int[] continuation) {
        int[] whole = Arrays.copyOf(context, context.length + continuation.length);
        System.arraycopy(continuation, 0, whole, context.length, continuation.length);
        return new Continuation(whole, context.length, whole.length);
    }

    private List<Continuation> behindCommon(Item item) {
        List<int[]> texts =
                item.choices().stream().map(c -> text(c.context() + c.continuation())).toList();
        int common = common(texts);
        return texts.stream().map(t -> new Continuation(t, common, t.length)).toList();
    }

    /**
     * What follows the option is scored without its last token; where that is little for one of
     * them, all behind the common beginning.
     */
    private List<Continuation> sentences(Item item) {
        List<int[]> texts =
                item.choices().stream().map(c -> text(c.context() + c.continuation())).toList();
        int common = common(texts);
        boolean enough = texts.stream().allMatch(t -> t.length - common > FEW_TOKENS);
        List<Continuation> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] whole = texts.get(i);
            int from = enough ? text(item.choices().get(i).context()).length : common;
            int last = whole.length - from > 1 ? 1 : 0;
            all.add(new Continuation(whole, from, whole.length - last));
        }
        return all;
    }

    private int[] text(String text) {
        int[] plain = tokenizer.encode(text, false, false);
        if (!begins) {
            return plain;
        }
        int[] whole = new int[plain.length + 1];
        whole[0] = tokenizer.vocabulary().bos();
        System.arraycopy(plain, 0, whole, 1, plain.length);
        return whole;
    }

    /** Tokens that all texts begin with; at least one of each is left. */
    private static int common(List<int[]> texts) {
        int[] first = texts.getFirst();
        int common = first.length;
        for (int[] text : texts) {
            int both = Math.min(common, text.length);
            int differs = Arrays.mismatch(first, 0, both, text, 0, both);
            common = differs < 0 ? both : differs;
            common = Math.min(common, text.length - 1);
        }
        return Math.max(common, 1);
    }
}
