package dev.snoozy.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.Pooling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A model in the same process that judges how well texts answer a query, for re-ranking. Needs a
 * model with the pooling {@code rank}. Immutable and thread-safe; it does not close the loaded
 * model: whoever loaded that does.
 */
public final class SnoozyScoringModel implements ScoringModel {
    private final EmbeddingModel model;
    private final boolean normalize;

    private SnoozyScoringModel(EmbeddingModel model, boolean normalize) {
        this.model = model;
        this.normalize = normalize;
    }

    /** Nothing set; the model is needed. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A score for each text, in their order; the higher, the better.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if a text and the query do not fit
     *     into the context
     */
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        List<String> texts = segments.stream().map(TextSegment::text).toList();
        int tokens = 0;
        for (String text : texts) {
            int[] pair = Failures.ofRequest(() -> model.pair(query, text));
            tokens = Math.addExact(tokens, pair.length);
        }
        float[] logits = Failures.ofModel(() -> model.rank(query, texts));
        List<Double> scores = new ArrayList<>();
        for (float logit : logits) {
            scores.add(normalize ? 1 / (1 + Math.exp(-logit)) : logit);
        }
        return Response.from(scores, new TokenUsage(tokens));
    }

    /** Collects what a {@link SnoozyScoringModel} is made of. */
    public static final class Builder {
        private @Nullable EmbeddingModel model;
        private boolean normalize = true;

        private Builder() {}

        /** The model. It is not closed: whoever loaded it does that. */
        public Builder model(EmbeddingModel loaded) {
            model = loaded;
            return this;
        }

        /**
         * Whether scores lie between 0 and 1, by the logistic function; if not, they are logits.
         */
        public Builder normalize(boolean wanted) {
            normalize = wanted;
            return this;
        }

        /**
         * The scoring model.
         *
         * @throws IllegalArgumentException if the model judges no pairs
         */
        public SnoozyScoringModel build() {
            EmbeddingModel ranker = Names.required(model);
            if (ranker.pooling() != Pooling.RANK) {
                throw new IllegalArgumentException(
                        "model: expected one with the pooling rank, found "
                                + ranker.pooling().name().toLowerCase(Locale.ROOT)
                                + "; cure: a model made for re-ranking");
            }
            return new SnoozyScoringModel(ranker, normalize);
        }
    }
}
