package dev.snoozy.server.ollama;

import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/generate}: an answer to one text, or with {@code raw} its continuation. */
final class Generate {
    /** What Ollama keeps of a text when the context is shifted. */
    private static final int KEEP = 4;

    private final Service service;
    private final Turn turn;

    Generate(Service service) {
        this.service = service;
        turn = new Turn(service, false);
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String prompt = fields.string("prompt").orElse("");
        String system = fields.string("system").orElse("");
        boolean raw = fields.bool("raw", false);
        refuseWhatThereIsNot(fields);
        if (raw && !system.isEmpty()) {
            throw HttpProblem.unsupported("system with raw", "a raw prompt is taken as it is");
        }
        turn.answer(
                exchange,
                fields,
                prompt.isEmpty(),
                model ->
                        raw
                                ? continued(fields, prompt, model)
                                : answered(fields, prompt, system, model));
    }

    private static void refuseWhatThereIsNot(Fields fields) {
        Requests.refuseUnlessEmpty(
                fields, "template", "the model's own is used; cure: raw, with the whole prompt");
        Requests.refuseUnlessEmpty(fields, "suffix", "there is no filling in the middle");
        Requests.refuseUnlessEmpty(fields, "images", "this server reads text only");
        Requests.refuseUnlessEmpty(fields, "context", "it is out of use; cure: /api/chat");
    }

    private Answer answered(Fields fields, String prompt, String system, LanguageModel model) {
        OllamaOptions options = OllamaOptions.read(fields, service.generation(), model);
        ContextPolicy policy = Requests.policy(fields, service.contextPolicy());
        Requests.refuseKeep(options, policy);
        List<ChatMessage> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(ChatMessage.system(system));
        }
        messages.add(ChatMessage.user(prompt));
        Optional<Prepared> documents =
                Generations.asked(() ->
                        DocumentFields.prepare(
                                fields, messages, options.generation(), policy, model, service));
        ChatRequest request =
                ChatRequest.of(DocumentFields.messages(documents, messages))
                        .withOptions(options.generation())
                        .withContextPolicy(policy)
                        .withTemplateVariables(Requests.thinking(fields, model));
        return Answer.of(Generations.asked(() -> model.chat(request)), documents);
    }

    /** The names of control tokens in a raw prompt are those tokens: it stands for a template. */
    private Answer continued(Fields fields, String prompt, LanguageModel model) {
        fields.refuse("think", "a raw prompt is taken as it is");
        fields.refuse("documents", "a raw prompt is taken as it is");
        if (fields.bool("truncate", false)) {
            throw HttpProblem.unsupported("truncate with raw", "a raw prompt is taken as it is");
        }
        OllamaOptions read = OllamaOptions.read(fields, service.generation(), model);
        boolean shift = fields.bool("shift", false);
        GenerationOptions options =
                shift ? read.generation().withShift(keep(read)) : read.generation();
        int[] tokens = model.tokenizer().encode(prompt, true, true);
        return Answer.of(Generations.asked(() -> model.stream(tokens, options)));
    }

    /** -1 keeps the whole prompt, which is more than any that fits. */
    private static int keep(OllamaOptions options) {
        int keep = options.keep().orElse(KEEP);
        return keep < 0 ? Integer.MAX_VALUE : keep;
    }
}
