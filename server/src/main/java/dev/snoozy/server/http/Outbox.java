package dev.snoozy.server.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer on its way to the client. The handler's thread waits while too much is unsent, and
 * nobody else does: what a model writes piles up in that handler's own queue, and a client that
 * does not read at all is dropped.
 */
final class Outbox {
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

    private static final long NO_TIMER = -1;

    private final Context context;
    private final HttpServerResponse response;
    private final OutboxLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();
    private long unsent;
    private boolean begun;
    private boolean closed;
    private volatile boolean silent; // since the last look
    private long timer = NO_TIMER; // on the event loop only

    Outbox(Context context, HttpServerResponse response, OutboxLimits limits) {
        this.context = context;
        this.response = response;
        this.limits = limits;
    }

    boolean hasBegun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Says that an answer begins; there is no other from here on. */
    void begin() {
        lock.lock();
        try {
            if (begun) {
                throw new IllegalStateException("the request has been answered already");
            }
            begun = true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the whole answer. */
    void endWith(Buffer buffer) {
        begin();
        context.runOnContext(now -> response.end(buffer));
    }

    /** Sends a sign of life whenever nothing else was sent for a while, until the answer ends. */
    void keepAlive(Buffer sign) {
        context.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                timer = context.owner().setPeriodic(limits.ping().toMillis(), t -> sign(sign));
            }
        });
    }

    private void sign(Buffer sign) {
        if (silent && !response.ended() && !response.closed()) {
            response.write(sign);
        }
        silent = true;
    }

    /** On the event loop. A timer that went on would keep all that was answered. */
    private void stopSigns() {
        context.owner().cancelTimer(timer);
    }

    /**
     * Sends a part of the answer.
     *
     * @throws ClientGoneException if nobody reads it
     */
    void write(Buffer buffer) {
        int length = buffer.length();
        silent = false;
        lock.lock();
        try {
            awaitRoom();
            unsent += length;
        } finally {
            lock.unlock();
        }
        context.runOnContext(now -> {
            Future<Void> write =
                    response.closed() ? Future.failedFuture("closed") : response.write(buffer);
            write.onComplete(done -> wasSent(length));
        });
    }

    private void awaitRoom() {
        long left = limits.patience().toNanos();
        while (!closed && unsent > limits.bytes()) {
            if (left <= 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a client has not read {0} bytes for {1} ms and is dropped",
                        unsent,
                        limits.patience().toMillis());
                closed = true;
                context.runOnContext(now -> response.reset());
                break;
            }
            try {
                left = sent.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        if (closed) {
            throw new ClientGoneException("the client has left");
        }
    }

    private void wasSent(int length) {
        lock.lock();
        try {
            unsent -= length;
            sent.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends an answer that was sent in parts. */
    void end() {
        context.runOnContext(now -> {
            stopSigns();
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        });
    }

    /** Ends the connection in the middle of an answer. */
    void breakOff() {
        close();
        context.runOnContext(now -> response.reset());
    }

    /** Nothing can be sent any more. */
    void close() {
        context.runOnContext(now -> stopSigns());
        lock.lock();
        try {
            closed = true;
            sent.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
