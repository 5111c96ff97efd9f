package dev.snoozy.tune;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.Role;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes tokens of conversations, as the model will see them when it is used: with its chat template
 * and the engine's own reading of it, or in GPT4All's form, {@code prompt\nresponse} and the end.
 * Answers are learnt, each with the token that ends it, and nothing else.
 */
final class Encoder {
    private final LanguageModel model;
    private final boolean template;
    private final int most;
    private final Tokenizer tokenizer;
    private final Vocabulary vocabulary;
    private int truncated;
    private int dropped;

    /**
     * An encoder.
     *
     * @param template whether to use the chat template
     * @param most tokens of a text; what goes beyond is cut off
     */
    Encoder(LanguageModel model, boolean template, int most) {
        this.model = model;
        this.template = template;
        this.most = most;
        tokenizer = model.tokenizer();
        vocabulary = tokenizer.vocabulary();
        if (vocabulary.eos() < 0) {
            throw new TuneException(
                    "the model has no token that ends a text, so its answers would never end");
        }
    }

    /** Texts that were cut off, with which their answers have no end. */
    int truncated() {
        return truncated;
    }

    /** Texts that were left out, since nothing to learn was left of them. */
    int dropped() {
        return dropped;
    }

    /** The texts of a conversation: one, or several if the template rewrites what was said. */
    List<Sample> encode(Conversation conversation) {
        Text text = new Text();
        List<Sample> samples = new ArrayList<>();
        List<ChatMessage> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() == Role.ASSISTANT && !messages.get(i).content().isBlank()) {
                int[] prompt = prompt(messages.subList(0, i));
                if (!text.isBeginningOf(prompt)) {
                    finish(text, samples);
                    text = new Text();
                }
                text.add(prompt, text.length, false);
                text.add(answer(messages.subList(0, i), prompt, messages.get(i)), 0, true);
            }
        }
        finish(text, samples);
        return samples;
    }

    private void finish(Text text, List<Sample> samples) {
        truncated += text.length > most ? 1 : 0;
        int length = Math.min(text.length, most);
        boolean[] learnt = Arrays.copyOf(text.learnt, length);
        boolean any = false;
        for (int i = 1; i < length; i++) {
            any |= learnt[i];
        }
        if (any) {
            samples.add(new Sample(Arrays.copyOf(text.tokens, length), learnt));
        } else {
            dropped += text.length > 0 ? 1 : 0;
        }
    }

    /** What comes before an answer. */
    int[] prompt(List<ChatMessage> before) {
        return template
                ? model.promptTokens(ChatRequest.of(before))
                : tokenizer.encode(joined(before), true, false);
    }

    private static String joined(List<ChatMessage> before) {
        StringBuilder text = new StringBuilder();
        before.forEach(message -> text.append(message.content()).append('\n'));
        return text.toString();
    }

    /** The tokens of an answer after its prompt, with the one that ends it. */
    private int[] answer(List<ChatMessage> before, int[] prompt, ChatMessage answer) {
        if (template) {
            List<ChatMessage> after = new ArrayList<>(before);
            after.add(answer);
            after.add(ChatMessage.user("."));
            int[] whole = model.promptTokens(ChatRequest.of(after));
            int common = Arrays.mismatch(prompt, whole);
            int from = common == prompt.length || common < 0 ? prompt.length : common;
            for (int end = from; end < whole.length; end++) {
                if (vocabulary.endsGeneration(whole[end])) {
                    // What the template itself makes of an answer, or, where it asks for one in
                    // other words than it repeats it, the content as such.
                    return from == prompt.length
                            ? Arrays.copyOfRange(whole, from, end + 1)
                            : ended(content(answer), whole[end]);
                }
            }
        }
        return ended(content(answer), vocabulary.eos());
    }

    /** Read after a line's end, so that no space is put before the first word. */
    private int[] content(ChatMessage answer) {
        int[] line = tokenizer.encode("\n", false, false);
        int[] all = tokenizer.encode("\n" + answer.content().strip(), false, false);
        int common = Arrays.mismatch(line, all);
        return Arrays.copyOfRange(all, common < 0 ? line.length : common, all.length);
    }

    private static int[] ended(int[] tokens, int end) {
        int[] all = Arrays.copyOf(tokens, tokens.length + 1);
        all[tokens.length] = end;
        return all;
    }

    /** Tokens so far. */
    private static final class Text {
        private int[] tokens = new int[64];
        private boolean[] learnt = new boolean[64];
        private int length;

        boolean isBeginningOf(int[] other) {
            return length <= other.length && Arrays.equals(tokens, 0, length, other, 0, length);
        }

        void add(int[] more, int from, boolean isLearnt) {
            int added = more.length - from;
            if (length + added > tokens.length) {
                int size = Math.max(2 * tokens.length, length + added);
                tokens = Arrays.copyOf(tokens, size);
                learnt = Arrays.copyOf(learnt, size);
            }
            System.arraycopy(more, from, tokens, length, added);
            Arrays.fill(learnt, length, length + added, isLearnt);
            length += added;
        }
    }
}
