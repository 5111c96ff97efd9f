package dev.snoozy.engine;

import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stream of pieces as a publisher for one subscriber. A thread of its own waits for the pieces
 * and hands over as many as were asked for. Cancelling the subscription closes the stream.
 */
final class Publishing<T> implements Flow.Publisher<T> {
    private final Iterable<T> pieces;
    private final Runnable close;
    private final AtomicBoolean taken = new AtomicBoolean();

    Publishing(Iterable<T> pieces, Runnable close) {
        this.pieces = pieces;
        this.close = close;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        if (!taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(
                    new IllegalStateException("an answer is published to one subscriber"));
            return;
        }
        Wanted wanted = new Wanted();
        subscriber.onSubscribe(wanted);
        Thread.ofVirtual().name("snoozy-publisher").start(() -> run(subscriber, wanted));
    }

    private void run(Flow.Subscriber<? super T> subscriber, Wanted wanted) {
        try {
            Iterator<T> each = pieces.iterator();
            while (each.hasNext() && wanted.take()) {
                subscriber.onNext(each.next());
            }
            if (wanted.wrong) {
                subscriber.onError(
                        new IllegalArgumentException("request: expected more than 0 elements"));
            } else if (!wanted.cancelled) {
                subscriber.onComplete();
            }
        } catch (ModelException e) {
            if (!wanted.cancelled) {
                subscriber.onError(e);
            }
        } finally {
            close.run();
        }
    }

    /** How many pieces the subscriber still wants. */
    private final class Wanted implements Flow.Subscription {
        private final Semaphore permits = new Semaphore(0);
        private volatile boolean cancelled;
        private volatile boolean wrong;

        /** Waits until a piece is wanted; false if none will be. */
        boolean take() {
            permits.acquireUninterruptibly();
            return !cancelled && !wrong;
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                wrong = true;
            }
            int free = Integer.MAX_VALUE / 2 - permits.availablePermits();
            permits.release((int) Math.clamp(count, 1, Math.max(1, free)));
        }

        @Override
        public void cancel() {
            cancelled = true;
            permits.release();
            close.run();
        }
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
