package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

/** What the reference server's tests of tokens ask. */
class TokenizeCompatTest {
    private static final String TEXT = "What is the capital of France ?";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void aTextComesBackFromItsTokens() {
        JsonNode tokens = tokens("{'content': '" + TEXT + "'}");
        assertThat(tokens.size()).isGreaterThan(5);
        JsonNode back = rig.post("/detokenize", "{'tokens': " + tokens + "}").json();
        assertThat(back.get("content").stringValue().strip()).isEqualTo(TEXT);
    }

    @Test
    void theTokenOfTheBeginningIsAddedWhereThatIsAskedFor() {
        JsonNode with = tokens("{'content': '" + TEXT + "', 'add_special': true}");
        JsonNode without = tokens("{'content': '" + TEXT + "'}");
        assertThat(with.get(0).intValue()).isEqualTo(1);
        assertThat(with).hasSize(without.size() + 1);
    }

    @Test
    void piecesAreTextOrBytes() {
        JsonNode tokens =
                tokens(
                        "{'content': 'This is a test string with unicode 媽 and emoji 🤗',"
                                + " 'with_pieces': true}");
        boolean bytes = false;
        for (JsonNode token : tokens) {
            assertThat(token.get("id").intValue()).isPositive();
            JsonNode piece = token.get("piece");
            bytes |= piece.isArray();
            assertThat(piece.isArray() ? piece.size() : piece.stringValue().length()).isPositive();
        }
        assertThat(bytes).isTrue();
    }

    @Test
    void namesOfControlTokensAreReadUnlessTheyShallBeText() {
        assertThat(tokens("{'content': '<s>'}")).hasSize(1);
        assertThat(tokens("{'content': '<s>', 'parse_special': false}").size()).isGreaterThan(1);
    }

    @Test
    void aConversationIsShownAsTheTemplateRendersIt() {
        String messages = "'messages': [{'role': 'user', 'content': 'Hi'}]";
        JsonNode json = rig.post("/apply-template", "{" + messages + "}").json();
        assertThat(json.get("prompt").stringValue())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(rig.post("/apply-template", "{}").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'content': 5}", "{'content': [9999]}"})
    void whatIsNoTextIsRefused(String body) {
        assertThat(rig.post("/tokenize", body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'tokens': 5}", "{'tokens': [-1]}", "{'tokens': [9999]}"})
    void whatAreNoTokensIsRefused(String body) {
        assertThat(rig.post("/detokenize", body).status()).isEqualTo(400);
    }

    private static JsonNode tokens(String body) {
        return rig.post("/tokenize", body).json().get("tokens");
    }
}
