package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** Answers as models of each family write them. */
class HandMadeAnswersTest {
    static Stream<Named<HandMade>> answers() {
        return HandMade.all().stream().map(each -> Named.of(each.name(), each));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void isTakenApart(HandMade hand) {
        ParsedAnswer read = hand.format().parse(hand.answer(), hand.options());
        assertThat(read.content()).isEqualTo(hand.content());
        assertThat(read.reasoning()).isEqualTo(hand.reasoning());
        assertThat(calls(read)).isEqualTo(hand.calls());
        if (!hand.ids().isEmpty()) {
            assertThat(read.calls().stream().map(ToolCall::id)).isEqualTo(hand.ids());
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void isTheSameHoweverItIsCut(HandMade hand) {
        ParsedAnswer whole = hand.format().parse(hand.answer(), hand.options());
        String answer = hand.answer();
        for (int cut = 1; cut < answer.length(); cut++) {
            List<String> pieces = List.of(answer.substring(0, cut), answer.substring(cut));
            assertThat(Pieces.parse(hand, pieces)).isEqualTo(whole);
        }
        assertThat(Pieces.parse(hand, answer.chars().mapToObj(Character::toString).toList()))
                .isEqualTo(whole);
    }

    static List<String> calls(ParsedAnswer read) {
        return read.calls().stream()
                .map(call -> call.name() + " " + ReadBack.json(call.arguments()))
                .toList();
    }
}
