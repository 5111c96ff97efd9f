package dev.snoozy.engine;

import java.util.List;

/**
 * A piece of a text as it comes. Immutable.
 *
 * @param text whole characters; empty only where tokens end a text without adding to it
 * @param choices the tokens since the piece before, those of a stop text included
 */
public record TextPiece(String text, List<TokenChoice> choices) {
    public TextPiece {
        choices = List.copyOf(choices);
    }
}
