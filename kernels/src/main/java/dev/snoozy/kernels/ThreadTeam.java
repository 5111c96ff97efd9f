package dev.snoozy.kernels;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that share the items of one operation at a time. The caller of {@link
 * #run} works along as member 0.
 *
 * <p>Items are taken from one counter, so a slow member takes fewer; which member computes an item
 * has no influence on its result. Between operations the members spin for some microseconds, then
 * yield, then park: a spinning barrier costs 0.2 µs where a parked one costs 20, but a team that
 * spins for ever starves everything else when the machine is busy.
 *
 * <p>One {@code run} at a time. Whoever creates the team closes it.
 */
public final class ThreadTeam implements AutoCloseable {
    private static final int SPINS = 2_000;
    private static final int YIELDS = 100;

    /** The work of one operation. */
    @FunctionalInterface
    public interface Work {
        /**
         * Computes one item.
         *
         * @param item 0 .. items - 1
         * @param member who computes it, 0 .. size - 1: the index of the scratch memory to use
         */
        void run(int item, int member);
    }

    private final Member[] members;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile int round;
    private volatile boolean closed;
    private volatile @Nullable Thread caller;
    private Work work = (item, member) -> {};
    private int items;

    /**
     * Starts a team.
     *
     * @param size number of members, at least 1, the caller included
     */
    public ThreadTeam(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a team needs at least 1 thread, found " + size);
        }
        members = new Member[size - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].start();
        }
    }

    /** Number of members, the caller included. */
    public int size() {
        return members.length + 1;
    }

    /**
     * Computes items {@code 0 .. items - 1} and returns when all are done. Alone if there is but
     * one.
     *
     * @throws IllegalStateException if the team is closed or at work for another thread
     */
    public void run(int items, Work work) {
        if (closed) {
            throw new IllegalStateException("the thread team is closed");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("the thread team works for another thread");
        }
        try {
            if (members.length == 0 || items <= 1) {
                for (int item = 0; item < items; item++) {
                    work.run(item, 0);
                }
            } else {
                runTogether(items, work);
            }
        } finally {
            busy.set(false);
        }
    }

    private void runTogether(int items, Work work) {
        this.items = items;
        this.work = work;
        next.set(0);
        working.set(members.length);
        caller = Thread.currentThread();
        round++; // publishes the fields above
        for (Member member : members) {
            member.wake();
        }
        takeItems(0);
        for (int waits = 0; working.get() > 0; waits++) {
            pause(waits);
        }
        this.work = (item, member) -> {};
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
    }

    private void takeItems(int member) {
        Work mine = work;
        int count = items;
        try {
            for (int item = next.getAndIncrement(); item < count; item = next.getAndIncrement()) {
                mine.run(item, member);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            next.set(count); // the others stop after their present item
        }
    }

    private static void pause(int waits) {
        if (waits < SPINS) {
            Thread.onSpinWait();
        } else if (waits < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(50_000);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Member member : members) {
            LockSupport.unpark(member);
        }
        boolean interrupted = false;
        for (Member member : members) {
            while (member.isAlive()) {
                try {
                    member.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Member extends Thread {
        private final int index;
        private volatile boolean parked;

        Member(int index) {
            super("snoozy-kernel-" + index);
            this.index = index;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            int done = 0;
            while (true) {
                for (int waits = 0; round == done; waits++) {
                    if (closed) {
                        return;
                    }
                    if (waits < SPINS + YIELDS) {
                        pause(waits);
                    } else {
                        parked = true;
                        if (round == done && !closed) {
                            LockSupport.park(ThreadTeam.this);
                        }
                        parked = false;
                    }
                }
                done = round;
                takeItems(index);
                if (working.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }
}
