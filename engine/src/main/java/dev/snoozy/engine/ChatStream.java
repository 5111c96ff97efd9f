package dev.snoozy.engine;

import dev.snoozy.text.chat.AnswerParser;
import dev.snoozy.text.chat.AnswerPart;
import dev.snoozy.text.chat.ParsedAnswer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An answer in progress: iterate over it to read its pieces as they come, then ask for the {@link
 * #result()}. Read by one thread; {@link #cancel()} may be called by any. Closing it cancels what
 * is left.
 */
public final class ChatStream implements Iterable<ChatPiece>, AutoCloseable {
    private final TextStream text;
    private final Iterator<TextPiece> pieces;
    private final AnswerParser parser;
    private final ChatPrompt.Prepared prompt;
    private final boolean oneCall;
    private final List<AnswerPart> parts = new ArrayList<>();
    private boolean enough; // the one call is complete
    private @Nullable ChatReply reply;

    /**
     * @param oneCall whether the answer ends with its first call of a tool
     */
    ChatStream(TextStream text, AnswerParser parser, ChatPrompt.Prepared prompt, boolean oneCall) {
        this.oneCall = oneCall;
        this.text = text;
        pieces = text.pieces().iterator();
        this.parser = parser;
        this.prompt = prompt;
    }

    /**
     * The pieces that have not been read yet. Waits for each one.
     *
     * <p>{@code hasNext} raises {@link ModelException} if the generation fails or the thread is
     * interrupted.
     */
    @Override
    public Iterator<ChatPiece> iterator() {
        return new Iterator<>() {
            private @Nullable ChatPiece ready;

            @Override
            public boolean hasNext() {
                if (ready == null) {
                    ready = read();
                }
                return ready != null;
            }

            @Override
            public ChatPiece next() {
                if (!hasNext() || ready == null) {
                    throw new NoSuchElementException("the answer has ended");
                }
                ChatPiece piece = ready;
                ready = null;
                return piece;
            }
        };
    }

    /** The pieces that have not been read yet, as a stream; closing it cancels the answer. */
    public Stream<ChatPiece> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    /**
     * The pieces that have not been read yet, for one subscriber, whose methods are called by a
     * thread of the publisher. Cancelling the subscription cancels the answer.
     */
    public Flow.Publisher<ChatPiece> publisher() {
        return new Publishing<>(this, this::close);
    }

    /** Hands over the content that has not been read yet, as it comes, on the caller's thread. */
    public void forEachText(Consumer<String> onText) {
        for (ChatPiece piece : this) {
            for (AnswerPart part : piece.parts()) {
                if (part instanceof AnswerPart.Content(String content)) {
                    onText.accept(content);
                }
            }
        }
    }

    /** The next piece, or null at the end. */
    private @Nullable ChatPiece read() {
        if (reply != null) {
            return null;
        }
        if (pieces.hasNext()) {
            TextPiece piece = pieces.next();
            return new ChatPiece(noted(parser.next(piece.text())), piece.choices());
        }
        List<AnswerPart> last = noted(parser.finish());
        reply = reply(text.result());
        return last.isEmpty() ? null : new ChatPiece(last, List.of());
    }

    private List<AnswerPart> noted(List<AnswerPart> more) {
        List<AnswerPart> taken = new ArrayList<>();
        for (AnswerPart part : more) {
            if (!enough) {
                taken.add(part);
            }
            if (oneCall && part instanceof AnswerPart.ToolCallEnd) {
                enough = true;
                text.cancel();
            }
        }
        parts.addAll(taken);
        return taken;
    }

    private ChatReply reply(Generation generation) {
        ParsedAnswer answer = ParsedAnswer.of(parts);
        FinishReason reason = generation.finishReason();
        boolean calls = enough || reason == FinishReason.STOP && !answer.calls().isEmpty();
        return new ChatReply(
                new ChatMessage(
                        Role.ASSISTANT,
                        answer.content(),
                        answer.reasoning(),
                        answer.calls(),
                        "",
                        ""),
                calls ? FinishReason.TOOL_CALLS : reason,
                generation,
                prompt.dropped(),
                prompt.warnings());
    }

    /**
     * The whole answer; waits for the end.
     *
     * @throws ModelException if the generation failed, or the thread was interrupted
     */
    public ChatReply result() {
        while (reply == null) {
            read();
        }
        return reply;
    }

    /** Ids of the prompt. */
    public List<Integer> promptTokens() {
        return prompt.tokenList();
    }

    /** Ends the answer soon; the result has {@link FinishReason#CANCELLED}. */
    public void cancel() {
        text.cancel();
    }

    @Override
    public void close() {
        text.close();
    }
}
