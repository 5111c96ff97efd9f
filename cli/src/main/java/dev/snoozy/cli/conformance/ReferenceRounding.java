package dev.snoozy.cli.conformance;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.ForwardingKernels;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ObservedKernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Exact kernels whose products take activations as a stock build of the reference engine does:
 * beside quantized weights rounded to 8 bit, 256 or 32 numbers with a common factor; beside F16 and
 * BF16 weights to that type. So what is compared with its references is the network and the decoded
 * weights, not two ways of rounding.
 */
final class ReferenceRounding extends ForwardingKernels {
    private static final int BLOCK = 32;
    private static final int SUPER_BLOCK = 256;
    private static final float LARGEST = 127;

    private ReferenceRounding(Kernels kernels) {
        super(kernels);
    }

    /**
     * Kernels that round, also within mixtures of experts, each of which is computed by itself.
     *
     * @param kernels exact ones, which are closed with these
     */
    static Kernels over(Kernels kernels) {
        return new ObservedKernels(new ReferenceRounding(kernels), null);
    }

    @Override
    public String description() {
        return super.description() + ", activations rounded as in the reference engine";
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return super.linear(rounded(x, weight.type()), weight, bias);
    }

    @Override
    public Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        Tensor[] products = new Tensor[weights.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = linear(x, weights[i], biases[i]);
        }
        return products;
    }

    private Tensor rounded(Tensor x, TensorType beside) {
        if (beside == TensorType.F32) {
            return x;
        }
        int columns = x.columns();
        float[] all = new float[x.rows() * columns];
        float[] row = new float[columns];
        for (int t = 0; t < x.rows(); t++) {
            download(x, t, row);
            round(row, beside);
            System.arraycopy(row, 0, all, t * columns, columns);
        }
        return upload(all, x.rows(), columns);
    }

    /** Rounds a row in place. */
    static void round(float[] row, TensorType beside) {
        switch (beside) {
            case F16 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = half(row[i]);
                }
            }
            case BF16 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = brain(row[i]);
                }
            }
            default -> {
                // IQ4_NL and the older types have blocks of 32, all others super-blocks.
                boolean large = beside.blockSize() == SUPER_BLOCK;
                int length = large ? SUPER_BLOCK : BLOCK;
                for (int from = 0; from < row.length; from += length) {
                    roundBlock(row, from, Math.min(row.length, from + length), large);
                }
            }
        }
    }

    /** 8 bit with the factor of the largest; that of a block is kept in half precision. */
    private static void roundBlock(float[] row, int from, int to, boolean large) {
        float most = 0;
        for (int i = from; i < to; i++) {
            most = Math.max(most, Math.abs(row[i]));
        }
        if (most == 0) {
            return;
        }
        float factor = most / LARGEST;
        float inverse = 1 / factor;
        float kept = large ? factor : half(factor);
        for (int i = from; i < to; i++) {
            row[i] = kept * (float) Math.rint(row[i] * inverse);
        }
    }

    private static float half(float x) {
        return Float.float16ToFloat(Float.floatToFloat16(x));
    }

    /** The nearest number of 8 bits, the even one of two as near. */
    private static float brain(float x) {
        int bits = Float.floatToRawIntBits(x);
        int even = bits >>> 16 & 1;
        return Float.intBitsToFloat(bits + 0x7fff + even & 0xffff0000);
    }
}
