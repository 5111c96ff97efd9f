package dev.snoozy.kernels;

/** A function applied to every element between the two halves of a feed-forward network. */
public enum Activation {
    /** {@code x / (1 + exp(-x))} (Elfwing et al. 2017; "swish"). */
    SILU,
    /**
     * {@code 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}, the approximation in Hendrycks and
     * Gimpel 2016, which the reference engine uses wherever a model says "gelu".
     */
    GELU_TANH,
    /** {@code max(x, 0)^2} (So et al. 2021, Primer). */
    RELU_SQUARED
}
