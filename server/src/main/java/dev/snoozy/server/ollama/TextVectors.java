package dev.snoozy.server.ollama;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.TextKind;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
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
     * @param dimensions how many numbers of each are wanted; 0 for all
     * @throws dev.snoozy.engine.ModelException if a text is too long, or has no tokens
     */
    static TextVectors of(
            EmbeddingModel model, List<String> texts, boolean truncate, int dimensions) {
        int most = truncate ? model.contextLength() : Integer.MAX_VALUE;
        List<int[]> read = new ArrayList<>();
        int total = 0;
        int cut = 0;
        for (String text : texts) {
            int[] tokens = model.tokens(text, TextKind.NONE);
            cut += tokens.length > most ? 1 : 0;
            read.add(tokens.length > most ? cut(tokens, most, model.tokenizer()) : tokens);
            total += read.getLast().length;
        }
        EmbeddingOptions options = EmbeddingOptions.defaults().withDimensions(dimensions);
        return new TextVectors(model.embedTokens(read, options), total, cut);
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
}
