package dev.snoozy.server.openai;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TimingsJson;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.chat.AnswerPart;
import dev.snoozy.text.chat.ToolCall;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
final class ChatCompletions {
    private final Service service;

    ChatCompletions(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        try (ModelPool.Lease lease = service.pool().use(name)) {
            LanguageModel model = Service.writer(lease);
            ChatAsk ask = Generations.asked(() -> ChatAsk.read(fields, model, service));
            Answer answer = new Answer(ask, model, name.isEmpty() ? lease.name() : name);
            List<ChatStream> streams =
                    Generations.begin(ask.count(), i -> model.chat(ask.request(i)));
            Envelope.answer(
                    exchange,
                    streams,
                    ask.stream(),
                    events -> answer.stream(events, streams),
                    answer::whole);
        }
    }

    /** One answer, as it is written: all its chunks share an id and a time. */
    private static final class Answer {
        private final ChatAsk ask;
        private final LanguageModel model;
        private final Envelope envelope;

        Answer(ChatAsk ask, LanguageModel model, String modelName) {
            this.ask = ask;
            this.model = model;
            this.envelope = Envelope.of("chatcmpl", modelName);
        }

        ObjectNode whole(List<ChatStream> streams) {
            List<ChatReply> replies = new ArrayList<>();
            for (ChatStream stream : streams) {
                replies.add(result(stream));
            }
            ObjectNode node = envelope.node("chat.completion");
            ArrayNode choices = node.putArray("choices");
            for (ChatReply reply : replies) {
                choices.add(choice(reply, choices.size()));
            }
            finish(node, replies);
            node.set("timings", TimingsJson.of(replies.getFirst().generation()));
            addDocuments(node, replies.getFirst());
            return node;
        }

        private void addDocuments(ObjectNode node, ChatReply reply) {
            DocumentFields.addTo(node, ask.documents(), reply);
        }

        private static ChatReply result(ChatStream stream) {
            try {
                return Generations.noted(stream.result());
            } catch (ModelException e) {
                throw Generations.failed(e);
            }
        }

        private void finish(ObjectNode node, List<ChatReply> replies) {
            List<TokenUsage> usages = replies.stream().map(ChatReply::usage).toList();
            node.set("usage", TokenJson.usage(usages));
            ChatReply first = replies.getFirst();
            if (!first.warnings().isEmpty()) {
                node.put("warning", String.join("; ", first.warnings()));
            }
        }

        private ObjectNode choice(ChatReply reply, int index) {
            ObjectNode choice = Json.object();
            choice.put("index", index);
            ObjectNode message = choice.putObject("message");
            message.put("role", "assistant");
            List<ToolCall> calls = reply.message().toolCalls();
            if (reply.text().isEmpty() && !calls.isEmpty()) {
                message.putNull("content");
            } else {
                message.put("content", reply.text());
            }
            message.putNull("refusal");
            if (!reply.message().reasoning().isEmpty()) {
                message.put("reasoning_content", reply.message().reasoning());
            }
            if (!calls.isEmpty()) {
                ArrayNode list = message.putArray("tool_calls");
                for (ToolCall call : calls) {
                    ObjectNode node = list.addObject();
                    node.put("id", call.id());
                    node.put("type", "function");
                    node.putObject("function")
                            .put("name", call.name())
                            .put("arguments", call.arguments());
                }
            }
            if (ask.logprobs()) {
                choice.set(
                        "logprobs",
                        TokenJson.logprobs(reply.generation().choices(), model.tokenizer()));
            } else {
                choice.putNull("logprobs");
            }
            choice.put("finish_reason", Envelope.reason(reply.finishReason()));
            return choice;
        }

        void stream(EventStream events, List<ChatStream> streams) {
            ChatReply[] replies = new ChatReply[streams.size()];
            Generations.readAll(
                    streams, (stream, index) -> replies[index] = streamOne(events, stream, index));
            if (ask.includeUsage()) {
                ObjectNode last = envelope.node("chat.completion.chunk");
                last.putArray("choices");
                finish(last, List.of(replies));
                send(events, last);
            }
        }

        private ChatReply streamOne(EventStream events, ChatStream stream, int index) {
            ObjectNode opening = Json.object();
            opening.put("role", "assistant");
            opening.put("content", "");
            send(events, chunk(index, opening, null));
            for (ChatPiece piece : stream) {
                sendPiece(events, piece, index);
            }
            ChatReply reply = Generations.noted(stream.result());
            ObjectNode last = chunk(index, Json.object(), reply.finishReason());
            if (index == 0) {
                last.set("timings", TimingsJson.of(reply.generation()));
                addDocuments(last, reply);
                if (!reply.warnings().isEmpty()) {
                    last.put("warning", String.join("; ", reply.warnings()));
                }
            }
            send(events, last);
            return reply;
        }

        /** One delta for each part; the tokens go with the first of them. */
        private void sendPiece(EventStream events, ChatPiece piece, int index) {
            boolean tokens = ask.logprobs() && !piece.choices().isEmpty();
            List<ObjectNode> deltas = new ArrayList<>();
            for (AnswerPart part : piece.parts()) {
                ObjectNode delta = delta(part);
                if (!delta.isEmpty()) {
                    deltas.add(delta);
                }
            }
            if (deltas.isEmpty() && tokens) {
                deltas.add(Json.object());
            }
            for (ObjectNode delta : deltas) {
                ObjectNode chunk = chunk(index, delta, null);
                if (tokens) {
                    ((ObjectNode) chunk.get("choices").get(0))
                            .set(
                                    "logprobs",
                                    TokenJson.logprobs(piece.choices(), model.tokenizer()));
                    tokens = false;
                }
                send(events, chunk);
            }
        }

        /** As the many clients agree on it: id and whole name once, then pieces of arguments. */
        private static ObjectNode delta(AnswerPart part) {
            ObjectNode delta = Json.object();
            switch (part) {
                case AnswerPart.Content(String text) -> delta.put("content", text);
                case AnswerPart.Reasoning(String text) -> delta.put("reasoning_content", text);
                case AnswerPart.ToolCallStart(int call, String id, String name) -> {
                    ObjectNode node = call(delta, call);
                    node.put("id", id);
                    node.put("type", "function");
                    node.putObject("function").put("name", name).put("arguments", "");
                }
                case AnswerPart.ToolCallArguments(int call, String fragment) ->
                        call(delta, call).putObject("function").put("arguments", fragment);
                case AnswerPart.ToolCallEnd end -> {}
            }
            return delta;
        }

        private static ObjectNode call(ObjectNode delta, int index) {
            return delta.putArray("tool_calls").addObject().put("index", index);
        }

        private ObjectNode chunk(int index, ObjectNode delta, @Nullable FinishReason why) {
            ObjectNode node = envelope.node("chat.completion.chunk");
            ObjectNode choice = node.putArray("choices").addObject();
            choice.put("index", index);
            choice.set("delta", delta);
            choice.putNull("logprobs");
            choice.put("finish_reason", why == null ? null : Envelope.reason(why));
            if (ask.includeUsage()) {
                node.putNull("usage");
            }
            return node;
        }

        private synchronized void send(EventStream events, ObjectNode chunk) {
            events.data(chunk);
        }
    }
}
