package dev.snoozy.server.ollama;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Vectors of texts, each of length 1.
 *
 * @param tokens of all texts together, as far as they were read
 * @param cut how many texts were too long and were cut
 */
record TextVectors(List<float[]> vectors, int tokens, int cut) {

    /**
     * The vectors of texts.
     *
     * @param truncate whether a text that is too long is cut; else it is refused
     * @throws dev.snoozy.engine.ModelException if a text is too long, or has no tokens
     */
    static TextVectors of(EmbeddingModel model, List<String> texts, boolean truncate) {
        Tokenizer tokenizer = model.tokenizer();
        List<int[]> tokens = texts.stream().map(t -> tokenizer.encode(t, true, false)).toList();
        int most = truncate ? model.contextLength() : Integer.MAX_VALUE;
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (tokens.get(i).length <= most) {
                whole.add(texts.get(i));
            }
        }
        Iterator<float[]> ready = model.embed(whole).iterator();
        List<float[]> vectors = new ArrayList<>();
        int total = 0;
        for (int[] each : tokens) {
            vectors.add(
                    each.length <= most
                            ? ready.next()
                            : shortened(
                                    model.pool(cut(each, most, tokenizer)), model.dimensions()));
            total += Math.min(each.length, most);
        }
        return new TextVectors(vectors, total, texts.size() - whole.size());
    }

    /** The beginning of a text; the token with which the model expects it to end stays. */
    private static int[] cut(int[] tokens, int most, Tokenizer tokenizer) {
        int[] left = Arrays.copyOf(tokens, most);
        int last = tokens[tokens.length - 1];
        if (tokenizer.vocabulary().isControl(last)) {
            left[most - 1] = last;
        }
        return left;
    }

    /** The first numbers of a vector, of length 1 again; a vector of zeros stays. */
    static float[] shortened(float[] vector, int dimensions) {
        float[] part = Arrays.copyOf(vector, dimensions);
        double sum = 0;
        for (float each : part) {
            sum += (double) each * each;
        }
        double length = Math.sqrt(sum);
        for (int i = 0; i < part.length && length > 0; i++) {
            part[i] = (float) (part[i] / length);
        }
        return part;
    }
}
