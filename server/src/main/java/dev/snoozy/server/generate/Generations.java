package dev.snoozy.server.generate;

import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.RequestLog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/** Several answers to one request, and what goes wrong with them. */
public final class Generations {
    private Generations() {}

    /** Calls the engine; what it refuses is the client's problem. */
    public static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (ContextExceededException e) {
            throw new HttpProblem(Kind.CONTEXT_EXCEEDED, String.valueOf(e.getMessage()));
        } catch (ModelException | IllegalArgumentException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** The same text, noted for the request that this thread works for. */
    public static Generation noted(Generation text) {
        RequestLog.wrote(
                text.usage().promptTokens(),
                text.usage().completionTokens(),
                text.timings().generationMillis());
        return text;
    }

    /** The same reply, noted likewise. */
    public static ChatReply noted(ChatReply reply) {
        noted(reply.generation());
        return reply;
    }

    /** What became of a generation that broke off inside. */
    public static HttpProblem failed(ModelException e) {
        return new HttpProblem(Kind.FAILED, String.valueOf(e.getMessage()));
    }

    /** Streams that are all begun; if one cannot be, those before it are closed. */
    public static <T extends AutoCloseable> List<T> begin(int count, IntFunction<T> start) {
        List<T> streams = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                int index = i;
                streams.add(asked(() -> start.apply(index)));
            }
            return streams;
        } catch (RuntimeException e) {
            close(streams);
            throw e;
        }
    }

    /** Closes streams. */
    public static void close(List<? extends AutoCloseable> streams) {
        for (AutoCloseable stream : streams) {
            try {
                stream.close();
            } catch (Exception e) {
                throw new IllegalStateException("a stream does not close", e);
            }
        }
    }

    /**
     * Reads streams at the same time, one on this thread and the others on threads of their own,
     * and waits for all. What goes wrong with one ends the others.
     */
    public static <T extends AutoCloseable> void readAll(
            List<T> streams, ObjIntConsumer<T> reader) {
        List<Thread> threads = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();
        Thread caller = Thread.currentThread();
        for (int i = 1; i < streams.size(); i++) {
            int index = i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    reader.accept(streams.get(index), index);
                                } catch (RuntimeException e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                    caller.interrupt();
                                }
                            }));
        }
        try {
            reader.accept(streams.getFirst(), 0);
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(streams);
        } catch (RuntimeException e) {
            synchronized (failures) {
                failures.add(e); // behind the one that may have caused it
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
        }
    }
}
