package dev.snoozy.kernels;

/**
 * How a mixture of experts chooses: soft-max over all experts, the {@code used} largest are taken
 * (ties to the lower number), and if {@code normalize} their weights are divided by their sum
 * (Jiang et al. 2024, Mixtral).
 *
 * @param used experts per token
 * @param normalize whether the weights of the chosen ones sum to one
 */
public record RouterSpec(int used, boolean normalize) {}
