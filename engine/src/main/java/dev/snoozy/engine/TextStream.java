package dev.snoozy.engine;

import dev.snoozy.engine.run.GenerationJob;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A generation in progress: iterate over it to read the text as it comes, piece by piece, then ask
 * for the {@link #result()}. Read by one thread; {@link #cancel()} may be called by any. Closing it
 * cancels what is left, so that the model does not go on for nobody.
 *
 * <p>Pieces are whole characters; a piece may be part of a word or several words. Who wants the
 * tokens and their probabilities iterates over {@link #pieces()} instead.
 */
public final class TextStream implements Iterable<String>, AutoCloseable {
    private static final String UNCLEAR = "the generation failed: ";

    private sealed interface Event {
        record Text(TextPiece piece) implements Event {}

        record Finished(GenerationJob.Outcome outcome) implements Event {}

        record Failed(Throwable cause) implements Event {}
    }

    /** Makes the job of this stream, which hears of it through the listener. */
    interface Start {
        GenerationJob start(GenerationJob.Listener listener);
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final int[] prompt;
    private final GenerationJob job;
    private @Nullable Generation result;
    private @Nullable ModelException failure;

    TextStream(int[] prompt, Start start) {
        this.prompt = prompt;
        job =
                start.start(
                        new GenerationJob.Listener() {
                            @Override
                            public void text(TextPiece piece) {
                                events.add(new Event.Text(piece));
                            }

                            @Override
                            public void finished(GenerationJob.Outcome outcome) {
                                events.add(new Event.Finished(outcome));
                            }

                            @Override
                            public void failed(Throwable cause) {
                                events.add(new Event.Failed(cause));
                            }
                        });
    }

    /**
     * The text that has not been read yet. Waits for each piece.
     *
     * <p>{@code hasNext} raises {@link ModelException} if the generation fails or the thread is
     * interrupted.
     */
    @Override
    public Iterator<String> iterator() {
        return new Unread<>(piece -> piece.text().isEmpty() ? null : piece.text());
    }

    /** The pieces that have not been read yet, with their tokens; else as {@link #iterator}. */
    public Iterable<TextPiece> pieces() {
        return () -> new Unread<>(piece -> piece);
    }

    /** The text that has not been read yet, as a stream of pieces; else as {@link #iterator}. */
    public Stream<String> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    /**
     * The text that has not been read yet, for one subscriber, whose methods are called by a thread
     * of the publisher. Cancelling the subscription cancels the generation.
     */
    public Flow.Publisher<String> publisher() {
        return new Publishing<>(this, this::close);
    }

    private final class Unread<T> implements Iterator<T> {
        private final Function<TextPiece, @Nullable T> part;
        private @Nullable T ready;

        Unread(Function<TextPiece, @Nullable T> part) {
            this.part = part;
        }

        @Override
        public boolean hasNext() {
            while (ready == null) {
                TextPiece piece = read();
                if (piece == null) {
                    return false;
                }
                ready = part.apply(piece);
            }
            return true;
        }

        @Override
        public T next() {
            if (!hasNext() || ready == null) {
                throw new NoSuchElementException("the generation has ended");
            }
            T piece = ready;
            ready = null;
            return piece;
        }
    }

    /**
     * The whole result; waits for the end.
     *
     * @throws ModelException if the generation failed, or the thread was interrupted
     */
    public Generation result() {
        while (result == null) {
            read();
        }
        return result;
    }

    /** Ends the generation soon; the result has {@link FinishReason#CANCELLED}. */
    public void cancel() {
        job.cancel();
    }

    @Override
    public void close() {
        cancel();
    }

    /** The next piece, or null at the end. */
    private @Nullable TextPiece read() {
        if (failure != null) {
            throw failure;
        }
        if (result != null) {
            return null;
        }
        return switch (take()) {
            case Event.Text(TextPiece piece) -> {
                text.append(piece.text());
                yield piece;
            }
            case Event.Finished(GenerationJob.Outcome outcome) -> {
                result = generation(outcome);
                yield null;
            }
            case Event.Failed(Throwable cause) -> {
                String reason = String.valueOf(cause.getMessage());
                boolean clear = cause instanceof ModelException;
                failure = new ModelException(clear ? reason : UNCLEAR + cause, cause);
                throw failure;
            }
        };
    }

    private Event take() {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
            throw new ModelException("interrupted while waiting for the model", e);
        }
    }

    private Generation generation(GenerationJob.Outcome outcome) {
        int generated = outcome.choices().size();
        int evaluated = prompt.length - outcome.cached();
        return new Generation(
                text.toString(),
                Arrays.stream(prompt).boxed().toList(),
                outcome.prompt(),
                outcome.choices(),
                outcome.reason(),
                outcome.stopText(),
                outcome.shifted(),
                new TokenUsage(prompt.length, outcome.cached(), generated),
                Timings.of(outcome.start(), outcome.first(), outcome.end(), evaluated, generated),
                job.seed());
    }
}
