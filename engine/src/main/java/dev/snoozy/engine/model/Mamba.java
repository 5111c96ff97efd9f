package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Arrays;

/**
 * Mamba (Gu and Dao 2023), Falcon Mamba (Zuo et al. 2024) and Mamba 2 (Dao and Gu 2024): nothing but
 * mixers. What is remembered of a text is as large for a long one as for a short one.
 */
final class Mamba implements Transformer {
    private record Layer(Tensor norm, Mixer mixer) {} // [embedding]

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;

    Mamba(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] =
                    new Layer(
                            weights.vector("blk." + i + ".attn_norm.weight", config.embedding()),
                            config.architecture().equals("mamba2")
                                    ? Mamba2Mixer.of(weights, config, i)
                                    : MambaMixer.of(weights, config, i));
        }
    }

    @Override
    public CachePlan cachePlan() {
        return Mixer.plan(Arrays.stream(layers).map(Layer::mixer).toList());
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Tensor h = k.rmsNorm(x, layers[i].norm, config.epsilon());
            x = k.add(x, layers[i].mixer.apply(batch, i, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
