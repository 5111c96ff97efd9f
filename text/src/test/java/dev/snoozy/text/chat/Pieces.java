package dev.snoozy.text.chat;

import java.util.ArrayList;
import java.util.List;

/** Answers that come in pieces. */
final class Pieces {
    private Pieces() {}

    static ParsedAnswer parse(HandMade hand, List<String> pieces) {
        return parse(hand.format().parser(hand.options()), pieces);
    }

    static ParsedAnswer parse(AnswerParser parser, List<String> pieces) {
        return ParsedAnswer.of(parts(parser, pieces));
    }

    static List<AnswerPart> parts(AnswerParser parser, List<String> pieces) {
        List<AnswerPart> parts = new ArrayList<>();
        for (String piece : pieces) {
            parts.addAll(parser.next(piece));
        }
        parts.addAll(parser.finish());
        return parts;
    }
}
