package dev.snoozy.studio.chat;

import dev.snoozy.documents.answer.Citation;
import dev.snoozy.documents.answer.Grounding;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.Role;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.write.OptionFields;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of the context a conversation takes, and what would be left out of it. It asks the
 * engine, so that the figures are those of the prompt itself; it loads no model for that.
 */
public final class ContextMeter {
    private final Service service;
    private final Chats chats;
    private final Messages messages;

    public ContextMeter(Service service, Chats chats, Messages messages) {
        this.service = service;
        this.chats = chats;
        this.messages = messages;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/chats/{chat}/context", this::measure);
    }

    private void measure(Call call) {
        Chat chat = chats.find(call.part("chat")).orElseThrow(() -> Call.missing("chat"));
        String leaf = call.query("leaf");
        leaf = leaf.isEmpty() && chat.leaf() != null ? chat.leaf() : leaf;
        List<Message> path = leaf.isEmpty() ? List.of() : messages.path(chat.id(), leaf);
        ContextPolicy policy = OptionFields.policy(chat.options());
        ObjectNode node = Json.object();
        node.put("policy", policy.name().toLowerCase(Locale.ROOT));
        Optional<String> loaded = loaded(chat.model());
        node.put("loaded", loaded.isPresent());
        if (loaded.isEmpty()) {
            node.putNull("tokens").putNull("limit");
            node.putArray("perMessage");
            node.putArray("dropped");
            call.json(node);
            return;
        }
        try (ModelPool.Lease lease = service.pool().use(loaded.get())) {
            measure(node, chat, path, policy, Service.writer(lease));
        }
        call.json(node);
    }

    /** The name of the model that would answer, if it is in memory. */
    private Optional<String> loaded(String wanted) {
        return service.pool().loaded().stream()
                .filter(status -> status.model() instanceof LoadedEntry.Writer)
                .map(status -> status.entry().name())
                .filter(name -> wanted.isEmpty() || name.equals(wanted))
                .findFirst();
    }

    private void measure(
            ObjectNode node,
            Chat chat,
            List<Message> path,
            ContextPolicy policy,
            LanguageModel model) {
        List<ChatMessage> said = Conversation.of(chat, path);
        List<ChatMessage> all = withPassages(said, path);
        int dropped = 0;
        int tokens = 0;
        if (!all.isEmpty()) {
            ChatRequest request =
                    ChatRequest.of(all)
                            .withContextPolicy(policy)
                            .withOptions(options(chat, model))
                            .withTemplateVariables(OptionFields.templateVariables(chat.options()));
            int[] prompt = prompt(model, request);
            dropped = policy == ContextPolicy.REFUSE ? 0 : dropped(model, request, prompt);
            tokens = prompt.length;
        }
        node.put("tokens", tokens);
        node.put("limit", model.contextLength());
        node.put("systemTokens", tokens(model, chat.system()));
        node.put("passageTokens", tokens(model, all) - tokens(model, said));
        ArrayNode list = node.putArray("perMessage");
        ArrayNode gone = node.putArray("dropped");
        int spoken = 0;
        for (Message message : path) {
            boolean sent = message.role().equals("system") || spoken++ >= dropped;
            list.addObject()
                    .put("id", message.id())
                    .put("tokens", tokens(model, Conversation.text(message)))
                    .put("sent", sent);
            if (!sent) {
                gone.add(message.id());
            }
        }
    }

    /**
     * The conversation as the model was given it for its last answer: with the passages of that
     * turn, which is the only one whose passages are sent.
     */
    private static List<ChatMessage> withPassages(List<ChatMessage> said, List<Message> path) {
        if (path.size() < 2) {
            return said;
        }
        List<Citation> citations =
                DocumentFields.citations(path.getLast().answer().stats().path("documents"));
        int question = said.size() - 2;
        if (citations.isEmpty() || said.get(question).role() != Role.USER) {
            return said;
        }
        List<ChatMessage> all =
                new ArrayList<>(Grounding.of(said.subList(0, question + 1), citations).messages());
        all.add(said.getLast());
        return all;
    }

    private static int tokens(LanguageModel model, List<ChatMessage> messages) {
        return messages.stream().mapToInt(message -> tokens(model, message.content())).sum();
    }

    private static int tokens(LanguageModel model, String text) {
        return model.tokenizer().encode(text, false, false).length;
    }

    private GenerationOptions options(Chat chat, LanguageModel model) {
        return Generations.asked(
                () -> TextFields.options(new Fields(chat.options()), service.generation(), model));
    }

    /** The tokens of the prompt; where there is no room even so, as many as were counted. */
    private static int[] prompt(LanguageModel model, ChatRequest request) {
        try {
            return model.promptTokens(request);
        } catch (ContextExceededException e) {
            return new int[e.tokens()];
        }
    }

    /**
     * How many messages are left out: as many as can be taken away beforehand without a change of
     * the prompt. Whole turns go, so that only beginnings of turns need be tried.
     */
    private static int dropped(LanguageModel model, ChatRequest request, int[] prompt) {
        List<Integer> turns = turns(request.messages());
        int low = 0;
        int high = turns.size() - 1;
        while (low < high) { // all up to low can go, none beyond high
            int middle = (low + high + 1) / 2;
            ChatRequest fewer = without(request, turns.get(middle));
            if (Arrays.equals(prompt(model, fewer), prompt)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return turns.get(low);
    }

    /** How many messages stand before each turn, those of the system not counted. */
    private static List<Integer> turns(List<ChatMessage> messages) {
        List<Integer> turns = new ArrayList<>(List.of(0));
        int spoken = 0;
        for (ChatMessage message : messages) {
            if (message.role() == Role.USER && spoken > 0) {
                turns.add(spoken);
            }
            spoken += message.role() == Role.SYSTEM ? 0 : 1;
        }
        return turns;
    }

    private static ChatRequest without(ChatRequest request, int count) {
        List<ChatMessage> kept = new ArrayList<>();
        int left = count;
        for (ChatMessage message : request.messages()) {
            if (message.role() == Role.SYSTEM || left == 0) {
                kept.add(message);
            } else {
                left--;
            }
        }
        return new ChatRequest(
                kept,
                request.options(),
                request.tools(),
                request.toolChoice(),
                request.parallelToolCalls(),
                request.contextPolicy(),
                request.splitReasoning(),
                request.templateVariables());
    }
}
