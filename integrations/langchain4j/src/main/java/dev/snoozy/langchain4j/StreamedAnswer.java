package dev.snoozy.langchain4j;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.text.chat.AnswerPart;

import java.util.Iterator;

/** An answer as its handler is told of it. Used by one thread. */
final class StreamedAnswer {
    private final ChatSettings settings;
    private final StreamingChatResponseHandler handler;
    private String callId = "";
    private String callName = "";
    private final StringBuilder arguments = new StringBuilder();

    /** The beginning of the arguments that was not told. */
    private final StringBuilder withheld = new StringBuilder();

    StreamedAnswer(ChatSettings settings, StreamingChatResponseHandler handler) {
        this.settings = settings;
        this.handler = handler;
    }

    /** Cancels an answer, from any thread. */
    private static final class Handle implements StreamingHandle {
        private final ChatStream stream;
        private volatile boolean cancelled;

        Handle(ChatStream stream) {
            this.stream = stream;
        }

        @Override
        public void cancel() {
            cancelled = true;
            stream.cancel();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** Answers, and tells all of it. */
    void run(ChatSettings.Asked asked) {
        try (ChatStream stream = asked.start()) {
            Handle handle = new Handle(stream);
            try {
                tell(stream, handle);
                if (!handle.cancelled) {
                    ChatReply reply = Failures.ofModel(stream::result);
                    InternalStreamingChatResponseHandlerUtils.onCompleteResponse(
                            handler, settings.response(asked.name(), reply));
                }
            } catch (RuntimeException e) {
                if (!handle.cancelled) {
                    fail(e);
                }
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void tell(ChatStream stream, Handle handle) {
        Iterator<ChatPiece> pieces = stream.iterator();
        while (Failures.ofModel(pieces::hasNext)) {
            for (AnswerPart part : pieces.next().parts()) {
                if (handle.cancelled) {
                    return;
                }
                tell(part, handle);
            }
        }
    }

    /** Tells what went wrong. */
    void fail(RuntimeException cause) {
        InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(
                () -> handler.onError(cause));
    }

    private void tell(AnswerPart part, StreamingHandle handle) {
        switch (part) {
            case AnswerPart.Content(String text) ->
                    InternalStreamingChatResponseHandlerUtils.onPartialResponse(
                            handler, text, handle);
            case AnswerPart.Reasoning(String text) -> {
                if (settings.returnThinking()) {
                    InternalStreamingChatResponseHandlerUtils.onPartialThinking(
                            handler, text, handle);
                }
            }
            case AnswerPart.ToolCallStart(int index, String id, String name) -> {
                callId = id;
                callName = name;
                arguments.setLength(0);
                withheld.setLength(0);
            }
            case AnswerPart.ToolCallArguments(int index, String fragment) -> {
                arguments.append(fragment);
                withheld.append(fragment);
                if (!isBareBeginning()) {
                    tellArguments(index, handle);
                }
            }
            case AnswerPart.ToolCallEnd(int index) -> {
                if (!withheld.isEmpty()) {
                    tellArguments(index, handle);
                }
                InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(
                        handler,
                        new CompleteToolCall(
                                index,
                                ChatSettings.toolCall(callId, callName, arguments.toString())));
            }
        }
    }

    /**
     * Whether there is nothing worth telling yet: handlers expect text in each fragment, and {@code
     * {}} in one.
     */
    private boolean isBareBeginning() {
        String text = withheld.toString().strip();
        return text.isEmpty() || text.equals("{");
    }

    private void tellArguments(int index, StreamingHandle handle) {
        PartialToolCall call =
                PartialToolCall.builder()
                        .index(index)
                        .id(callId)
                        .name(callName)
                        .partialArguments(withheld.toString())
                        .build();
        withheld.setLength(0);
        InternalStreamingChatResponseHandlerUtils.onPartialToolCall(handler, call, handle);
    }
}
