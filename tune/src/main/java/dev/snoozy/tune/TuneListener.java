package dev.snoozy.tune;

import java.util.List;

/** Hears how training goes. Called on the thread that trains. */
public interface TuneListener {
    /** Hears nothing. */
    TuneListener SILENT = new TuneListener() {};

    /** What is going to be done. */
    default void planned(TunePlan plan) {}

    /** A step is done. */
    default void step(StepReport report) {}

    /**
     * The validation loss was measured.
     *
     * @param step after how many
     * @param loss in nats per learnt token
     * @param best whether it is the lowest so far
     */
    default void evaluated(int step, double loss, boolean best) {}

    /**
     * Answers were generated.
     *
     * @param step after how many
     */
    default void sampled(int step, List<TuneSample> samples) {}

    /** Something went wrong that does not end the run. */
    default void warned(String message) {}
}
