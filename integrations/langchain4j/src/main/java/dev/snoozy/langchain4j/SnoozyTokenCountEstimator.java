package dev.snoozy.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.List;

/**
 * Counts the tokens of a model. Thread-safe; works as long as the model is open.
 *
 * <p>A text has exactly the tokens that are told. A conversation has those of the prompt that asks
 * for its next answer, without tools; where the chat template refuses it, as many refuse one
 * without a user's message, those of its texts. A message has those of its texts: what the template
 * puts around it is not counted, so that a memory which takes messages away never takes too few.
 */
public final class SnoozyTokenCountEstimator implements TokenCountEstimator {
    private final LanguageModel model;

    /** Counts the tokens of a model, which is not closed by this. */
    public SnoozyTokenCountEstimator(LanguageModel model) {
        this.model = model;
    }

    @Override
    public int estimateTokenCountInText(String text) {
        return count(text);
    }

    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return count(Messages.of(message, false));
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        List<dev.snoozy.engine.ChatMessage> all = Messages.of(messages, false);
        if (all.isEmpty()) {
            return 0;
        }
        try {
            return model.promptTokens(ChatRequest.of(all)).length;
        } catch (ContextExceededException e) {
            return e.tokens();
        } catch (ModelException e) {
            return all.stream().mapToInt(this::count).sum();
        }
    }

    private int count(dev.snoozy.engine.ChatMessage message) {
        int count = count(message.content());
        for (ToolCall call : message.toolCalls()) {
            count += count(call.name()) + count(call.arguments());
        }
        return count;
    }

    private int count(String text) {
        Tokenizer tokenizer = model.tokenizer();
        return text.isEmpty() ? 0 : tokenizer.encode(text, false, false).length;
    }
}
