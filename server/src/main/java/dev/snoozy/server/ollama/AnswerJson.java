package dev.snoozy.server.ollama;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.CallArguments;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;
import dev.snoozy.text.chat.ParsedAnswer;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An answer as Ollama writes it: a message in a chat, else a response. Times are in nanoseconds.
 * Used by one thread, for one answer.
 */
final class AnswerJson {
    private static final double NANOS_PER_MILLI = 1e6;

    private final String model;
    private final boolean isChat;
    private final @Nullable Tokenizer logprobs;
    private final long start;
    private final long loadNanos;
    private final StringBuilder arguments = new StringBuilder();
    private AnswerPart.@Nullable ToolCallStart call;

    /**
     * An answer.
     *
     * @param model what the client calls it
     * @param logprobs what names tokens, if they are reported with their probabilities
     * @param start when the request came, by {@link System#nanoTime}
     * @param loadNanos how long the model took to load for it
     */
    AnswerJson(
            String model,
            boolean isChat,
            @Nullable Tokenizer logprobs,
            long start,
            long loadNanos) {
        this.model = model;
        this.isChat = isChat;
        this.logprobs = logprobs;
        this.start = start;
        this.loadNanos = loadNanos;
    }

    /** The lines of a piece: one for each part; the tokens go with the first of them. */
    List<ObjectNode> lines(ChatPiece piece) {
        List<ObjectNode> lines = new ArrayList<>();
        for (AnswerPart part : piece.parts()) {
            switch (part) {
                case AnswerPart.Content(String text) -> lines.add(line(text, "", List.of()));
                case AnswerPart.Reasoning(String text) -> lines.add(line("", text, List.of()));
                case AnswerPart.ToolCallStart begun -> {
                    call = begun;
                    arguments.setLength(0);
                }
                case AnswerPart.ToolCallArguments(int index, String more) -> arguments.append(more);
                case AnswerPart.ToolCallEnd end -> lines.add(line("", "", List.of(call())));
            }
        }
        if (logprobs != null && !piece.choices().isEmpty()) {
            if (lines.isEmpty()) {
                lines.add(line("", "", List.of()));
            }
            addLogprobs(lines.getFirst(), piece.choices());
        }
        return lines;
    }

    private ToolCall call() {
        AnswerPart.ToolCallStart begun = Objects.requireNonNull(call, "a call has begun");
        return new ToolCall(begun.id(), begun.name(), arguments.toString());
    }

    private ObjectNode line(String text, String thinking, List<ToolCall> calls) {
        ObjectNode line = envelope();
        content(line, text, thinking, calls);
        line.put("done", false);
        return line;
    }

    /** The last line of a stream. */
    ObjectNode last(Answer.Ending ending) {
        ObjectNode line = envelope();
        content(line, "", "", List.of());
        end(line, ending);
        return line;
    }

    /** The whole answer at once. */
    ObjectNode whole(List<AnswerPart> parts, Answer.Ending ending) {
        ParsedAnswer answer = ParsedAnswer.of(parts);
        ObjectNode node = envelope();
        content(node, answer.content(), answer.reasoning(), answer.calls());
        end(node, ending);
        if (logprobs != null) {
            addLogprobs(node, ending.generation().choices());
        }
        return node;
    }

    /** The answer to a request that only loads the model or gives it up. */
    ObjectNode nothing(String reason) {
        ObjectNode node = envelope();
        content(node, "", "", List.of());
        node.put("done", true);
        node.put("done_reason", reason);
        return node;
    }

    private ObjectNode envelope() {
        ObjectNode node = Json.object();
        node.put("model", model);
        node.put("created_at", Instant.now().toString());
        return node;
    }

    private void content(ObjectNode node, String text, String thinking, List<ToolCall> calls) {
        ObjectNode place = node;
        if (isChat) {
            place = node.putObject("message");
            place.put("role", "assistant");
        }
        place.put(isChat ? "content" : "response", text);
        if (!thinking.isEmpty()) {
            place.put("thinking", thinking);
        }
        if (!calls.isEmpty()) {
            ArrayNode list = place.putArray("tool_calls");
            for (ToolCall each : calls) {
                ObjectNode one = list.addObject();
                one.put("id", each.id());
                ObjectNode function = one.putObject("function");
                function.put("name", each.name());
                function.set("arguments", CallArguments.object(each.arguments()));
            }
        }
    }

    private void end(ObjectNode node, Answer.Ending ending) {
        Generation generation = ending.generation();
        node.put("done", true);
        node.put("done_reason", ending.reason() == FinishReason.LENGTH ? "length" : "stop");
        node.put("total_duration", System.nanoTime() - start);
        node.put("load_duration", loadNanos);
        node.put("prompt_eval_count", generation.usage().promptTokens());
        node.put("prompt_eval_duration", nanos(generation.timings().promptMillis()));
        node.put("eval_count", generation.usage().completionTokens());
        node.put("eval_duration", nanos(generation.timings().generationMillis()));
        ending.documents().ifPresent(documents -> node.set("documents", documents));
        if (!ending.warnings().isEmpty()) {
            node.put("warning", String.join("; ", ending.warnings()));
        }
    }

    private static long nanos(double millis) {
        return Math.round(millis * NANOS_PER_MILLI);
    }

    private void addLogprobs(ObjectNode node, List<TokenChoice> choices) {
        Tokenizer tokenizer = Objects.requireNonNull(logprobs, "probabilities are asked for");
        node.set("logprobs", TokenJson.logprobs(choices, tokenizer).get("content"));
    }
}
