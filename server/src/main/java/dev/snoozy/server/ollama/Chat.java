package dev.snoozy.server.ollama;

import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.generate.ChatFields;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.text.chat.ToolDefinition;

import java.util.List;
import java.util.Optional;

/** {@code POST /api/chat}. */
final class Chat {
    private final Service service;
    private final Turn turn;

    Chat(Service service) {
        this.service = service;
        turn = new Turn(service, true);
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        List<ChatMessage> messages = ChatMessages.read(fields);
        List<ToolDefinition> tools = ChatFields.tools(fields);
        turn.answer(
                exchange,
                fields,
                messages.isEmpty(),
                model -> answered(fields, messages, tools, model));
    }

    private Answer answered(
            Fields fields,
            List<ChatMessage> messages,
            List<ToolDefinition> tools,
            LanguageModel model) {
        OllamaOptions options = OllamaOptions.read(fields, service.generation(), model);
        ContextPolicy policy = Requests.policy(fields, service.contextPolicy());
        Requests.refuseKeep(options, policy);
        Optional<Prepared> documents =
                Generations.asked(() ->
                        DocumentFields.prepare(
                                fields, messages, options.generation(), policy, model, service));
        return Answer.of(
                Generations.asked(() ->
                        model.chat(
                                ChatRequest.of(DocumentFields.messages(documents, messages))
                                        .withOptions(options.generation())
                                        .withTools(tools, ToolChoice.AUTO, true)
                                        .withContextPolicy(policy)
                                        .withTemplateVariables(Requests.thinking(fields, model)))),
                documents);
    }
}
