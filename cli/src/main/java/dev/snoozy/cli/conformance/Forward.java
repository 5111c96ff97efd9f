package dev.snoozy.cli.conformance;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Network;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A model as a function: from the tokens of a text to the scores after each. */
interface Forward extends AutoCloseable {
    /**
     * The scores of the next token after each token.
     *
     * @return {@code [tokens, vocabulary]}
     */
    List<float[]> scores(int[] ids);

    @Override
    void close();

    /**
     * The model as the engine runs it.
     *
     * @param file closed with this
     */
    static Forward asTheEngine(GgufFile file, LoadOptions options) {
        LanguageModel model = LanguageModel.of(file, options);
        return new Forward() {
            @Override
            public List<float[]> scores(int[] ids) {
                try (Evaluation text = model.evaluation()) {
                    return text.append(ids, true);
                }
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    /**
     * The network with activations rounded as in the reference engine.
     *
     * @param file closed with this
     * @param tokens the most of a text
     */
    static Forward asTheReference(GgufFile file, int tokens) {
        int threads = Runtime.getRuntime().availableProcessors();
        Kernels kernels = ReferenceRounding.over(Kernels.create(threads, Precision.F32));
        Network network;
        try {
            network = Network.of(file, tokens, kernels);
        } catch (RuntimeException e) {
            kernels.close();
            file.close();
            throw e;
        }
        return new Forward() {
            @Override
            public List<float[]> scores(int[] ids) {
                int[] all = IntStream.range(0, ids.length).toArray();
                List<float[]> rows = new ArrayList<>();
                try (Network.Pass pass = network.begin(List.of(ids), List.of(all))) {
                    Tensor scores = pass.logits(pass.hidden());
                    for (int i = 0; i < ids.length; i++) {
                        float[] row = new float[scores.columns()];
                        kernels.download(scores, i, row);
                        rows.add(row);
                    }
                }
                kernels.recycle();
                return rows;
            }

            @Override
            public void close() {
                network.close();
                kernels.close();
                file.close();
            }
        };
    }
}
