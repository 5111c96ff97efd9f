package dev.snoozy.documents.index;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextKind;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An embedder over a model; whoever has loaded the model closes it. Thread-safe. */
public final class ModelEmbedder implements Embedder {
    private final EmbeddingModel model;
    private final String id;
    private final EmbeddingOptions forPassages;
    private final EmbeddingOptions forQuestions;

    /**
     * @param id that tells the model from others, such as the name of its file
     */
    public ModelEmbedder(EmbeddingModel model, String id) {
        this.model = model;
        this.id = id;
        forPassages = options(model, TextKind.DOCUMENT);
        forQuestions = options(model, TextKind.QUERY);
    }

    /** With the words that the model wants before such texts, where they are known. */
    private static EmbeddingOptions options(EmbeddingModel model, TextKind kind) {
        try {
            model.prefix(kind);
            return EmbeddingOptions.defaults().withKind(kind);
        } catch (ModelException e) {
            return EmbeddingOptions.defaults();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimensions() {
        return model.dimensions();
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int tokens(String text) {
        return model.tokens(text, TextKind.NONE).length;
    }

    @Override
    public List<float[]> passages(List<String> texts) {
        List<int[]> tokens = new ArrayList<>();
        for (String text : texts) {
            tokens.add(fitting(model.tokens(text, forPassages.kind())));
        }
        return model.embedTokens(tokens, forPassages.withKind(TextKind.NONE));
    }

    @Override
    public float[] question(String text) {
        int[] tokens = fitting(model.tokens(text, forQuestions.kind()));
        return model.embedTokens(List.of(tokens), forQuestions.withKind(TextKind.NONE)).getFirst();
    }

    /** What is too long for the model is cut before its last token, which ends a text. */
    private int[] fitting(int[] tokens) {
        int most = model.contextLength();
        if (tokens.length <= most) {
            return tokens;
        }
        int[] cut = Arrays.copyOf(tokens, most);
        cut[most - 1] = tokens[tokens.length - 1];
        return cut;
    }
}
