package dev.snoozy.documents.index;

import dev.snoozy.engine.EmbeddingModel;

import java.util.ArrayList;
import java.util.List;

/** A reranker over a model; whoever has loaded the model closes it. Thread-safe. */
public final class ModelReranker implements Reranker {
    private final EmbeddingModel model;

    /**
     * @param model whose pooling is {@link dev.snoozy.engine.Pooling#RANK}
     */
    public ModelReranker(EmbeddingModel model) {
        this.model = model;
    }

    @Override
    public float[] judge(String question, List<String> passages) {
        List<String> fitting = new ArrayList<>();
        for (String passage : passages) {
            fitting.add(cut(question, passage));
        }
        return model.rank(question, fitting);
    }

    /** A passage that is too long beside the question loses its end. */
    private String cut(String question, String passage) {
        String text = passage;
        int most = model.contextLength();
        for (int tokens = model.pair(question, text).length; tokens > most && !text.isEmpty(); ) {
            text = text.substring(0, (int) ((long) text.length() * most / (tokens + 1)));
            tokens = model.pair(question, text).length;
        }
        return text;
    }
}
