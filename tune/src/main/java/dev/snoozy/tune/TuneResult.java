package dev.snoozy.tune;

import java.nio.file.Path;
import java.util.List;

/**
 * What training came to.
 *
 * @param adapter the file, that of the lowest validation loss if there was a validation
 * @param steps done, in all runs
 * @param bestStep after which the adapter was written
 * @param stopped why training ended
 * @param before validation loss of the base, in nats per token; NaN without validation
 * @param after that of the adapter
 * @param gain by how much it fell, measured on the same texts
 * @param error the standard error of the gain; NaN if training was stopped, after which nothing is
 *     measured again
 * @param speed tokens per second over the steps of this run; NaN if it did none
 * @param gflops billions of operations per second over them, counted as {@link
 *     StepReport#operations}; NaN if it did none
 * @param samples answers of the last measurement of this run
 */
public record TuneResult(
        Path adapter,
        int steps,
        int bestStep,
        Reason stopped,
        double before,
        double after,
        double gain,
        double error,
        double speed,
        double gflops,
        List<TuneSample> samples) {
    public TuneResult {
        samples = List.copyOf(samples);
    }

    /** Why training ended. */
    public enum Reason {
        /** All steps are done. */
        DONE,
        /** The validation loss has not fallen for a while. */
        NO_PROGRESS,
        /** Somebody asked for it; it can be resumed. */
        STOPPED
    }

    TuneResult with(Comparison found) {
        return new TuneResult(
                adapter,
                steps,
                bestStep,
                stopped,
                found.before(),
                found.after(),
                found.gain(),
                found.error(),
                speed,
                gflops,
                samples);
    }

    /** Whether the validation says that the model has become better, by two standard errors. */
    public boolean better() {
        return gain > 2 * error;
    }
}
