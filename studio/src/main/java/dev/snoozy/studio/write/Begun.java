package dev.snoozy.studio.write;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.text.chat.AnswerParser;
import dev.snoozy.text.chat.ParserOptions;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The beginning of an answer that is to be continued. */
final class Begun {
    private Begun() {}

    /** Its tokens, those that are known as they are. */
    static int[] tokens(Ask ask, Tokenizer tokenizer) {
        if (ask.begun().isEmpty()) {
            return tokenizer.encode(ask.begunText(), false, false);
        }
        int[] tokens = new int[ask.begun().size()];
        int i = 0;
        for (JsonNode node : ask.begun()) {
            tokens[i++] = node.intValue();
        }
        return tokens;
    }

    /** What takes an answer after a prompt apart. */
    static AnswerParser parser(LanguageModel model, String prompt) {
        Vocabulary vocabulary = model.tokenizer().vocabulary();
        return model.chatFormat()
                .parser(
                        ParserOptions.DEFAULT
                                .withPromptEnd(prompt)
                                .withControlNames(controlNames(model, vocabulary)));
    }

    private static Set<String> controlNames(LanguageModel model, Vocabulary vocabulary) {
        Set<String> names = new HashSet<>();
        if (model.chatTemplate().isPresent()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.isControl(id) && !vocabulary.piece(id).isEmpty()) {
                    names.add(vocabulary.piece(id));
                }
            }
        }
        return names;
    }

    /** The text of tokens, with the names of those that control. */
    static String text(int[] tokens, Vocabulary vocabulary) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            byte[] of =
                    vocabulary.isControl(token)
                            ? vocabulary.piece(token).getBytes(StandardCharsets.UTF_8)
                            : vocabulary.bytes(token);
            bytes.writeBytes(of);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
