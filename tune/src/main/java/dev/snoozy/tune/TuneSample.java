package dev.snoozy.tune;

/**
 * An answer that was generated with an adapter.
 *
 * @param prompt what was asked
 * @param text the answer, as far as it was generated
 * @param ended whether the model ended it
 */
public record TuneSample(String prompt, String text, boolean ended) {}
