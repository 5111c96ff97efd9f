package dev.snoozy.kernels;

import dev.snoozy.kernels.machine.LimitProbe;

import java.util.Optional;

/**
 * What this machine can do at most, measured: what figures of a benchmark are to be held against.
 *
 * @param threads that were measured together
 * @param readPerSecond bytes that a plain ascending read of memory takes in, far beyond the caches
 * @param bytesPerSecond multiplications and additions with 8-bit numbers, each counted
 * @param floatsPerSecond multiplications and additions in F32, each counted
 */
public record MachineLimits(
        int threads, double readPerSecond, double bytesPerSecond, double floatsPerSecond) {
    /**
     * Measures for about a second.
     *
     * @return nothing where there is no machine code for this processor
     */
    public static Optional<MachineLimits> measure(int threads) {
        return LimitProbe.measure(threads);
    }
}
