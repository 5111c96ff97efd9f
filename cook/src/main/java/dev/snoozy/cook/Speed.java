package dev.snoozy.cook;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How fast a model is on this machine.
 *
 * @param prefill tokens per second of a text that is read
 * @param decode tokens per second of one that is written
 * @param kernels that did it
 */
record Speed(double prefill, double decode, String kernels) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int READ = 512;
    private static final int WRITTEN = 64;
    private static final int ROUNDS = 3;

    /** Measures, and takes the middle of three. */
    static Speed of(LanguageModel model) {
        int vocabulary = model.tokenizer().vocabulary().size();
        int count = Math.min(READ, model.contextLength() / 2);
        int[] text = new SplittableRandom(1).ints(count, 0, vocabulary).toArray();
        int[] next = Arrays.copyOf(text, Math.min(WRITTEN, count));
        double[] prefill = new double[ROUNDS];
        double[] decode = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            try (Evaluation evaluation = model.evaluation()) {
                long start = System.nanoTime();
                evaluation.append(text, false);
                long read = System.nanoTime();
                for (int token : next) {
                    evaluation.append(new int[] {token}, false);
                }
                long end = System.nanoTime();
                prefill[i] = text.length * 1e9 / Math.max(1, read - start);
                decode[i] = next.length * 1e9 / Math.max(1, end - read);
            }
        }
        Arrays.sort(prefill);
        Arrays.sort(decode);
        return new Speed(prefill[ROUNDS / 2], decode[ROUNDS / 2], model.kernels());
    }

    ObjectNode toJson() {
        return JSON.createObjectNode()
                .put("prefill_per_second", prefill)
                .put("decode_per_second", decode)
                .put("kernels", kernels);
    }
}
