package dev.snoozy.engine.run;

import dev.snoozy.engine.Priority;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.PrefixKey;
import dev.snoozy.kernels.KvPages;

import java.util.Arrays;
import java.util.List;

/**
 * Says which waiting job may begin beside those in progress. Used by the scheduler's thread only.
 */
final class Admission {
    /** The most jobs in progress; a row for each leaves half of a batch to prompts. */
    static final int MOST_ACTIVE = 128;

    private final Memory memory;
    private final PrefixCache prefixes;

    Admission(Memory memory, PrefixCache prefixes) {
        this.memory = memory;
        this.prefixes = prefixes;
    }

    /** Places for jobs of a priority and all lower ones. */
    static int places(Priority priority) {
        return switch (priority) {
            case LOW -> MOST_ACTIVE / 2;
            case NORMAL -> MOST_ACTIVE / 4 * 3;
            case HIGH -> MOST_ACTIVE;
        };
    }

    /** Whether there is a place for one more job of a priority. */
    static boolean hasPlace(Priority priority, List<Job> active) {
        for (Priority bound : Priority.values()) {
            long taken =
                    active.stream().filter(job -> job.priority().compareTo(bound) <= 0).count();
            if (bound.compareTo(priority) >= 0 && taken >= places(bound)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether an earlier job is about to evaluate what this one begins with, whole pages of it, so
     * that waiting saves the work.
     */
    boolean isBeingRead(Job job, List<Job> active) {
        if (!prefixes.isOn()) {
            return false;
        }
        PrefixKey text = job.prefix();
        for (Job other : active) {
            if (other.turn().isBefore(job.turn())
                    && sharedPages(text, other.prefix()) > other.sequence().position()) {
                return true;
            }
        }
        return false;
    }

    /** Positions of the whole pages that two texts share; a text's last token is not shared. */
    private static int sharedPages(PrefixKey text, PrefixKey other) {
        int most = Math.min(text.length() - 1, other.length());
        if (most < KvPages.PAGE || !text.adapters().equals(other.adapters())) {
            return 0;
        }
        int differs = Arrays.mismatch(text.tokens(), 0, most, other.tokens(), 0, most);
        int common = differs < 0 ? most : differs;
        return common / KvPages.PAGE * KvPages.PAGE;
    }

    /**
     * Whether there is memory for a job that has just taken what it begins with: for what it and
     * those in progress are sure to need soon, if remembered beginnings are given up for it.
     */
    boolean fits(Job job, List<Job> active) {
        long used = memory.bytesInUse() + need(job);
        for (Job other : active) {
            used += need(other);
        }
        long limit = memory.budget().total();
        return used <= limit || used - prefixes.spareBytes() <= limit;
    }

    private static long need(Job job) {
        return job.sequence().bytesToExtend(job.sureTokens());
    }
}
