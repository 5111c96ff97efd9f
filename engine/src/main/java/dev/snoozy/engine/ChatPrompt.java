package dev.snoozy.engine;

import dev.snoozy.text.TextException;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns messages into the tokens of a prompt by the model's chat template. */
final class ChatPrompt {
    private final ChatTemplate template;
    private final Tokenizer tokenizer;

    ChatPrompt(LanguageModel model) {
        template =
                model.chatTemplate()
                        .orElseThrow(() ->
                                new ModelException(
                                        "the model has no chat template; cure: continue"
                                                + " plain text instead, or use a model"
                                                + " tuned for chat"));
        tokenizer = model.tokenizer();
    }

    /**
     * The tokens that ask for the next answer. Control tokens that the template writes are
     * recognised, those that stand in a message are not.
     */
    int[] tokens(List<ChatMessage> messages) {
        List<Map<String, String>> list = new ArrayList<>();
        for (ChatMessage message : messages) {
            String content = tokenizer.guard(message.content());
            list.add(Map.of("role", message.role().word(), "content", content));
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", list);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        Vocabulary vocabulary = tokenizer.vocabulary();
        if (vocabulary.bos() >= 0) {
            variables.put("bos_token", vocabulary.piece(vocabulary.bos()));
        }
        if (vocabulary.eos() >= 0) {
            variables.put("eos_token", vocabulary.piece(vocabulary.eos()));
        }
        try {
            return tokenizer.encodeGuarded(template.render(variables));
        } catch (TextException e) {
            throw new ModelException("chat template: " + e.getMessage(), e);
        }
    }
}
