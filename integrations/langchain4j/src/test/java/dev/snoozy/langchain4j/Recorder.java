package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes down what a streaming model tells. */
class Recorder implements StreamingChatResponseHandler {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> text = Collections.synchronizedList(new ArrayList<>());
    private final List<String> thinking = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        told.add("text");
        text.add(part.text());
        handle(context.streamingHandle());
    }

    /** For tests that cancel. */
    void handle(StreamingHandle handle) {}

    @Override
    public void onPartialThinking(PartialThinking part) {
        told.add("thinking");
        thinking.add(part.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall part) {
        told.add("part of call " + part.index());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        told.add("call " + call.index());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        told.add("end");
        end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        told.add("error");
        end.completeExceptionally(error);
    }

    List<String> told() {
        return List.copyOf(told);
    }

    String text() {
        return String.join("", text);
    }

    String thinking() {
        return String.join("", thinking);
    }

    /** The whole answer; waits for it. */
    ChatResponse response() throws ExecutionException, InterruptedException, TimeoutException {
        return end.get(60, TimeUnit.SECONDS);
    }
}
