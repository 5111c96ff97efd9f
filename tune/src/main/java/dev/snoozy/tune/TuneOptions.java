package dev.snoozy.tune;

import dev.snoozy.kernels.Precision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a model is trained. Immutable.
 *
 * @param lora what is trained
 * @param optimizer how it is moved
 * @param schedule of the learning rate
 * @param warmup steps in which the rate rises
 * @param batch texts of a step
 * @param epochs how often each text is learnt
 * @param maxSteps the most steps, whatever the epochs; 0 for no bound
 * @param length the most tokens of a text; longer ones are cut off
 * @param together tokens that are evaluated together; more texts of a step wait
 * @param validation part of the rows that is not learnt but measured, 0 to 0.5
 * @param evaluateEvery steps from one measurement to the next
 * @param saveEvery steps from one checkpoint to the next
 * @param patience measurements without progress after which training stops; 0 for never
 * @param form how rows become texts
 * @param precision of the activations beside quantized weights
 * @param threads that compute
 * @param seed of all that is random
 * @param validationFile rows that are measured, all of them, and not learnt; then no part of the
 *     data is held back, whatever {@code validation} says
 * @param samples what is generated at each measurement
 */
public record TuneOptions(
        LoraOptions lora,
        OptimizerOptions optimizer,
        Schedule schedule,
        int warmup,
        int batch,
        int epochs,
        int maxSteps,
        int length,
        int together,
        double validation,
        int evaluateEvery,
        int saveEvery,
        int patience,
        Form form,
        Precision precision,
        int threads,
        long seed,
        Optional<Path> validationFile,
        SampleOptions samples) {
    /** How rows become texts. */
    public enum Form {
        /** With the chat template of the model, or GPT4All's form if it has none. */
        AUTO,
        /** With the chat template. */
        CHAT,
        /** {@code prompt\nresponse}. */
        GPT4ALL
    }

    private static final int MOST_LENGTH = 1 << 20;

    public TuneOptions {
        atLeast(0, warmup, "warmup");
        atLeast(1, batch, "batch");
        atLeast(1, epochs, "epochs");
        atLeast(0, maxSteps, "steps");
        atLeast(1, together, "tokens together");
        atLeast(1, evaluateEvery, "steps between evaluations");
        atLeast(1, saveEvery, "steps between checkpoints");
        atLeast(0, patience, "patience");
        atLeast(1, threads, "threads");
        if (length < 2 || length > MOST_LENGTH) {
            throw new IllegalArgumentException(
                    "length: expected 2 to " + MOST_LENGTH + ", found " + length);
        }
        if (!(validation >= 0 && validation <= 0.5)) {
            throw new IllegalArgumentException(
                    "validation: expected 0 to 0.5, found " + validation);
        }
    }

    /** Without a file of rows to measure, and with the usual samples. */
    public TuneOptions(
            LoraOptions lora,
            OptimizerOptions optimizer,
            Schedule schedule,
            int warmup,
            int batch,
            int epochs,
            int maxSteps,
            int length,
            int together,
            double validation,
            int evaluateEvery,
            int saveEvery,
            int patience,
            Form form,
            Precision precision,
            int threads,
            long seed) {
        this(
                lora,
                optimizer,
                schedule,
                warmup,
                batch,
                epochs,
                maxSteps,
                length,
                together,
                validation,
                evaluateEvery,
                saveEvery,
                patience,
                form,
                precision,
                threads,
                seed,
                Optional.empty(),
                SampleOptions.USUAL);
    }

    /** The same with rows of a file that are measured instead of some of the data. */
    public TuneOptions withValidationFile(Path file) {
        return with(lora, Optional.of(file), samples, threads);
    }

    /** The same with other samples, which change nothing of the training. */
    public TuneOptions withSamples(SampleOptions wanted) {
        return with(lora, validationFile, wanted, threads);
    }

    /** The same with other matrices. */
    public TuneOptions withLora(LoraOptions matrices) {
        return with(matrices, validationFile, samples, threads);
    }

    /** The same for another number of threads, on which no result depends. */
    public TuneOptions withThreads(int count) {
        return with(lora, validationFile, samples, count);
    }

    private TuneOptions with(
            LoraOptions matrices, Optional<Path> file, SampleOptions wanted, int count) {
        return new TuneOptions(
                matrices,
                optimizer,
                schedule,
                warmup,
                batch,
                epochs,
                maxSteps,
                length,
                together,
                validation,
                evaluateEvery,
                saveEvery,
                patience,
                form,
                precision,
                count,
                seed,
                file,
                wanted);
    }

    private static void atLeast(int least, int found, String what) {
        if (found < least) {
            throw new IllegalArgumentException(
                    what + ": expected " + least + " or more, found " + found);
        }
    }

    /** What is usual here: all matrices, rank 16, a rate of 2e-4 that falls by half a cosine. */
    public static TuneOptions snoozy() {
        return new TuneOptions(
                new LoraOptions(16, 16, false, 0, List.of(LoraOptions.ALL)),
                OptimizerOptions.of(2e-4),
                Schedule.COSINE,
                10,
                16,
                1,
                0,
                512,
                512,
                0.05,
                50,
                50,
                0,
                Form.AUTO,
                Precision.EIGHT_BIT,
                Runtime.getRuntime().availableProcessors(),
                42);
    }

    /** The published settings of the first GPT4All models (Anand et al. 2023). */
    public static TuneOptions gpt4allLora() {
        return new TuneOptions(
                new LoraOptions(8, 32, false, 0.1, List.of("attn_q", "attn_v")),
                OptimizerOptions.of(5e-5),
                Schedule.CONSTANT,
                100,
                32,
                4,
                0,
                1024,
                1024,
                0.05,
                500,
                500,
                0,
                Form.GPT4ALL,
                Precision.EIGHT_BIT,
                Runtime.getRuntime().availableProcessors(),
                42);
    }

    /**
     * What must be the same for a run to be resumed, beside the rows: those of a validation file
     * count by what they say, not by its name.
     */
    public String identity() {
        return String.join(
                "; ",
                lora.toString(),
                optimizer.toString(),
                schedule.name(),
                "warmup " + warmup,
                "batch " + batch,
                "epochs " + epochs,
                "steps " + maxSteps,
                "length " + length,
                "together " + together,
                validationFile.isPresent() ? "validation file" : "validation " + validation,
                "every " + evaluateEvery,
                "patience " + patience,
                form.name(),
                precision.name(),
                "seed " + seed);
    }
}
