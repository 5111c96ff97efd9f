package dev.snoozy.tune;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Role;
import dev.snoozy.engine.WeightPlacement;
import dev.snoozy.kernels.Precision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of a run, and what became of the rows.
 *
 * @param learnt texts to learn
 * @param validation texts to measure; may be empty
 * @param truncated texts that were cut off
 * @param dropped texts of which nothing to learn was left
 * @param form how rows became texts
 * @param sampler what is asked at each measurement
 */
record Preparation(
        List<Sample> learnt,
        List<Sample> validation,
        int truncated,
        int dropped,
        String form,
        Sampler sampler) {
    private static final int MOST_VALIDATION = 1024;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static Preparation of(Path base, Path data, TuneOptions options) throws IOException {
        List<Conversation> rows = DataReader.read(data);
        LoadOptions load =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withPrecision(Precision.F32)
                        .withWeights(WeightPlacement.MAPPED);
        try (LanguageModel model = LanguageModel.load(base, load)) {
            boolean has = model.chatTemplate().isPresent();
            if (options.form() == TuneOptions.Form.CHAT && !has) {
                throw new TuneException(
                        base + " has no chat template; cure: the form prompt and response");
            }
            boolean template = has && options.form() != TuneOptions.Form.GPT4ALL;
            int length = Math.min(options.length(), model.contextLength());
            Encoder encoder = new Encoder(model, template, length);
            List<Conversation> learnt = new ArrayList<>();
            List<Conversation> measured = new ArrayList<>();
            if (options.validationFile().isPresent()) {
                learnt.addAll(rows);
                measured.addAll(DataReader.read(options.validationFile().get()));
            } else {
                boolean[] held = held(rows.size(), options);
                for (int i = 0; i < held.length; i++) {
                    (held[i] ? measured : learnt).add(rows.get(i));
                }
            }
            List<Sample> texts = encoded(encoder, learnt, data, length);
            List<Sample> validation =
                    measured.isEmpty()
                            ? List.of()
                            : encoded(
                                    encoder,
                                    measured,
                                    options.validationFile().orElse(data),
                                    length);
            int room = Math.max(longest(texts), longest(validation));
            return new Preparation(
                    texts,
                    validation,
                    encoder.truncated(),
                    encoder.dropped(),
                    template ? "chat template" : "prompt, line end, response",
                    sampler(model, encoder, measured, options.samples(), room));
        }
    }

    private static List<Sample> encoded(
            Encoder encoder, List<Conversation> rows, Path file, int length) {
        List<Sample> texts = new ArrayList<>();
        rows.forEach(row -> texts.addAll(encoder.encode(row)));
        if (texts.isEmpty()) {
            throw new TuneException(
                    file
                            + ": nothing to learn is left of the "
                            + rows.size()
                            + " rows at a length of "
                            + length
                            + " tokens; cure: a larger length");
        }
        return texts;
    }

    /** Which rows are measured and not learnt. */
    private static boolean[] held(int rows, TuneOptions options) {
        boolean[] held = new boolean[rows];
        int count = (int) Math.min(MOST_VALIDATION, Math.round(rows * options.validation()));
        if (options.validation() > 0 && rows > 1) {
            count = Math.max(1, count);
        }
        int[] order = Batches.shuffled(rows, options.seed() ^ GOLDEN);
        for (int i = 0; i < count; i++) {
            held[order[i]] = true;
        }
        return held;
    }

    /** Prompts that leave room for an answer; the network is made for the longest text. */
    private static Sampler sampler(
            LanguageModel model,
            Encoder encoder,
            List<Conversation> measured,
            SampleOptions wanted,
            int room) {
        List<Sampler.Prompt> prompts = new ArrayList<>();
        for (String text : wanted.prompts()) {
            int[] tokens = encoder.prompt(List.of(ChatMessage.user(text)));
            if (tokens.length >= room) {
                throw new TuneException(
                        "a prompt for a sample has %d tokens, the longest text of the data %d"
                                        .formatted(tokens.length, room)
                                + "; cure: a shorter prompt");
            }
            prompts.add(new Sampler.Prompt(text, tokens));
        }
        int left = wanted.prompts().isEmpty() ? wanted.count() : 0;
        for (int i = 0; i < measured.size() && left > 0; i++) {
            List<ChatMessage> before = question(measured.get(i).messages());
            int[] tokens = encoder.prompt(before);
            if (tokens.length < room) {
                prompts.add(new Sampler.Prompt(before.getLast().content(), tokens));
                left--;
            }
        }
        return new Sampler(model.tokenizer(), prompts, wanted.tokens());
    }

    /** What stands before the first answer. */
    private static List<ChatMessage> question(List<ChatMessage> messages) {
        int answer = 0;
        while (messages.get(answer).role() != Role.ASSISTANT) {
            answer++;
        }
        return messages.subList(0, answer);
    }

    int longest() {
        return Math.max(2, Math.max(longest(learnt), longest(validation)));
    }

    private static int longest(List<Sample> texts) {
        return texts.stream().mapToInt(text -> text.tokens().length).max().orElse(0);
    }

    /** By which a resumed run knows its texts. */
    static String hash(List<Sample> texts) {
        long hash = 1;
        for (Sample text : texts) {
            hash = 31 * hash + Arrays.hashCode(text.tokens());
            hash = 31 * hash + Arrays.hashCode(text.learnt());
        }
        return Long.toHexString(hash);
    }
}
