package dev.snoozy.engine;

import dev.snoozy.text.chat.AnswerPart;

import java.util.List;

/**
 * A piece of an answer as it comes. Immutable.
 *
 * @param parts what is certain now; may be empty while a mark of reasoning or of a call is in doubt
 * @param choices the tokens since the piece before
 */
public record ChatPiece(List<AnswerPart> parts, List<TokenChoice> choices) {
    public ChatPiece {
        parts = List.copyOf(parts);
        choices = List.copyOf(choices);
    }
}
