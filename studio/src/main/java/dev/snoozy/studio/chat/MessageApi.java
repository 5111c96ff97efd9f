package dev.snoozy.studio.chat;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.write.Alternative;
import dev.snoozy.studio.write.OptionFields;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What the page asks about messages, and the answers to them. */
public final class MessageApi {
    private static final Set<String> ROLES = Set.of("user", "assistant", "system");
    private static final int MOST_ATTACHMENTS = 32;

    /** All whole numbers up to here are exact in the page's language. */
    private static final long LARGEST_SEED = (1L << 53) - 1;

    private final Chats chats;
    private final Messages messages;
    private final Answers answers;

    public MessageApi(Chats chats, Messages messages, Answers answers) {
        this.chats = chats;
        this.messages = messages;
        this.answers = answers;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        String one = "/chats/{chat}/messages/{message}";
        routes.on("POST", "/chats/{chat}/messages", this::add);
        routes.on("GET", one, call -> call.json(message(call).json()));
        routes.on("PATCH", one, this::edit);
        routes.on("DELETE", one, this::remove);
        routes.on("POST", "/chats/{chat}/generate", this::generate);
        routes.on("GET", one + "/events", this::events);
        routes.on("POST", one + "/stop", this::stop);
    }

    private Chat chat(Call call) {
        return chats.find(call.part("chat")).orElseThrow(() -> Call.missing("chat"));
    }

    private Message message(Call call) {
        return messages.find(call.part("chat"), call.part("message"))
                .orElseThrow(() -> Call.missing("message"));
    }

    private void add(Call call) {
        Chat chat = chat(call);
        Fields fields = call.fields();
        String role = fields.string("role").orElse("user");
        if (!ROLES.contains(role)) {
            throw fields.invalid("role", "expected user, assistant or system, found " + role);
        }
        Message message =
                Message.said(
                        chat.id(),
                        fields.string("parent").orElse(null),
                        role,
                        fields.requiredString("content"),
                        attachments(fields));
        if (!messages.add(message)) {
            throw HttpProblem.invalid("parent", "expected a message of this chat, or null");
        }
        call.created(message.json());
    }

    private static ArrayNode attachments(Fields fields) {
        ArrayNode list = Json.array();
        for (Fields file : fields.objects("attachments", MOST_ATTACHMENTS)) {
            String text = file.requiredString("text");
            list.addObject()
                    .put("name", file.requiredString("name"))
                    .put("bytes", file.whole("bytes", 0, Long.MAX_VALUE).orElse(text.length()))
                    .put("text", text);
        }
        return list;
    }

    private void edit(Call call) {
        Message before = message(call);
        refuseWriting(before);
        boolean found =
                messages.edit(before.chat(), before.id(), call.fields().requiredString("content"));
        if (!found) {
            throw Call.missing("message");
        }
        call.json(message(call).json());
    }

    private static void refuseWriting(Message message) {
        if (message.state().equals(Message.WRITING)) {
            throw HttpProblem.invalid(
                    "message", "a model is writing it; cure: stop that, or wait for the end");
        }
    }

    private void remove(Call call) {
        String chat = call.part("chat");
        answers.stopAllOf(chat);
        call.done(messages.remove(chat, call.part("message")), "message");
    }

    private void generate(Call call) {
        Chat chat = chat(call);
        Fields fields = call.fields();
        String model = fields.string("model").orElse(chat.model());
        ObjectNode options =
                OptionFields.over(chat.options(), OptionFields.readOfChat(fields, "options"));
        long seed = seed(options);
        boolean tokens = fields.bool("tokens", false);
        Optional<String> continued = fields.string("continueOf");
        Message begun;
        if (continued.isEmpty()) {
            begun =
                    answers.begin(
                            new Answers.Order(
                                    chat.id(),
                                    fields.requiredString("parent"),
                                    model,
                                    options,
                                    seed,
                                    tokens));
        } else {
            Message whole =
                    messages.find(chat.id(), continued.get())
                            .filter(message -> message.role().equals("assistant"))
                            .orElseThrow(() ->
                                    fields.invalid(
                                            "continueOf", "expected an answer of this chat"));
            refuseWriting(whole);
            begun =
                    resume(
                            fields,
                            whole,
                            new Answers.Order(
                                    chat.id(),
                                    whole.parent(),
                                    fields.string("model")
                                            .orElse(
                                                    whole.answer().model().isEmpty()
                                                            ? model
                                                            : whole.answer().model()),
                                    options,
                                    seed,
                                    whole.tokens() != null));
        }
        call.json(Json.object().put("message", begun.id()).put("seed", seed));
    }

    /** The whole answer goes on, or a new branch begins with another token in it. */
    private Message resume(Fields fields, Message whole, Answers.Order order) {
        Optional<Fields> from = fields.fields("from");
        if (from.isEmpty()) {
            return answers.resume(order, whole);
        }
        ArrayNode known = whole.tokens();
        if (known == null || known.size() != whole.ids().size()) {
            throw fields.invalid("from", "expected an answer whose tokens were kept");
        }
        int index =
                from.get()
                        .integer("index", 0, known.size() - 1)
                        .orElseThrow(() -> from.get().missing("index"));
        int token =
                from.get()
                        .integer("token", 0, Integer.MAX_VALUE)
                        .orElseThrow(() -> from.get().missing("token"));
        return answers.begin(order, Alternative.of(known, index, token));
    }

    private static long seed(ObjectNode options) {
        return new Fields(options)
                .whole("seed", -1, LARGEST_SEED).stream()
                        .filter(seed -> seed >= 0)
                        .findFirst()
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong(1L << 31));
    }

    private void stop(Call call) {
        message(call);
        answers.find(call.part("message")).ifPresent(answer -> answer.stop().stop());
        call.done();
    }

    private void events(Call call) {
        Optional<Running> running = answers.find(call.part("message"));
        Message message = message(call);
        if (running.isPresent() && !running.get().message().chat().equals(message.chat())) {
            running = Optional.empty();
        }
        EventStream events = call.events();
        if (running.isEmpty()) {
            events.event("state", message.json());
            events.event("done", message.json());
        } else {
            follow(running.get(), events);
        }
        events.end();
    }

    private static void follow(Running running, EventStream events) {
        try {
            Running.News news = running.soFar();
            ObjectNode state = running.message().json();
            state.put("content", news.content()).put("reasoning", news.reasoning());
            if (running.message().tokens() != null) {
                state.set("tokens", news.tokens());
            }
            events.event("state", state);
            while (news.end() == null) {
                news = running.after(news.next());
                send(news, events);
            }
            events.event("done", news.end().json());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the page has gone
        }
    }

    private static void send(Running.News news, EventStream events) {
        ObjectNode delta = Json.object();
        if (!news.content().isEmpty()) {
            delta.put("content", news.content());
        }
        if (!news.reasoning().isEmpty()) {
            delta.put("reasoning", news.reasoning());
        }
        if (!delta.isEmpty()) {
            events.event("delta", delta);
        }
        List<JsonNode> tokens = news.tokens().valueStream().toList();
        tokens.forEach(token -> events.event("token", token));
    }
}
