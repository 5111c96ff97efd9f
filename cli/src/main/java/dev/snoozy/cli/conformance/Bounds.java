package dev.snoozy.cli.conformance;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.Set;

/**
 * What a stock build of the reference engine may differ by, for references that state no bound. It
 * looks GELU up in a half-precision table, and multiplies quantized weights with 8-bit activations.
 *
 * @param quantized whether any matrix of a layer is quantized; then only the likelihood is bounded
 * @param logits the largest difference of a logit or logarithm
 * @param nll the largest difference of the mean negative log-likelihood
 */
record Bounds(boolean quantized, double logits, double nll) {
    private static final double F32 = 1e-3;
    private static final double HALF = 2e-2;
    private static final double NLL_FOUR_BITS = 0.02;
    private static final double NLL_FEWER_BITS = 0.05;
    private static final double FOUR_BITS = 4;

    private static final Set<String> GELU_ARCHITECTURES =
            Set.of(
                    "bert",
                    "bloom",
                    "codeshell",
                    "falcon",
                    "gemma",
                    "gemma2",
                    "gemma3",
                    "gemma4",
                    "gemma-embedding",
                    "gpt2",
                    "gptneox",
                    "jina-bert-v2",
                    "modern-bert",
                    "mpt",
                    "phi2",
                    "starcoder",
                    "starcoder2");

    static Bounds of(GgufFile file) {
        String architecture = file.metadata().string("general.architecture", "");
        boolean gelu = GELU_ARCHITECTURES.contains(architecture);
        boolean half = false;
        double fewestBits = Double.POSITIVE_INFINITY;
        for (TensorInfo tensor : file.tensors()) {
            boolean matrix = tensor.name().startsWith("blk.") && tensor.shape().size() > 1;
            TensorType type = tensor.type();
            half |= type == TensorType.F16 || type == TensorType.BF16;
            if (matrix && type.blockSize() > 1) {
                fewestBits = Math.min(fewestBits, 8.0 * type.bytesPerBlock() / type.blockSize());
            }
        }
        boolean quantized = fewestBits < Double.POSITIVE_INFINITY;
        double nll = quantized && fewestBits < FOUR_BITS ? NLL_FEWER_BITS : NLL_FOUR_BITS;
        return new Bounds(quantized, gelu || half ? HALF : F32, nll);
    }
}
