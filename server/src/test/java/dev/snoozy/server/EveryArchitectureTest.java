package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One server with a model of every architecture answers with each of them. */
class EveryArchitectureTest {
    private static Rig rig;

    @BeforeAll
    static void start() {
        Map<String, TinyModel> models = new LinkedHashMap<>();
        for (String name : decoders()) {
            models.put(
                    name, TinyModel.of(name).with("tokenizer.chat_template", Rig.TEMPLATE));
        }
        rig = Rig.of(models, options -> options);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static List<String> decoders() {
        return TinyModel.architectures().stream().filter(n -> !TinyModel.isEncoder(n)).toList();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aTextAndAConversationAreAnswered(String name) {
        String ask = "{'model': '" + name + "', 'max_tokens': 4, 'temperature': 0, ";
        JsonNode text = answer("/v1/completions", ask + "'prompt': 'ab cd'}", name);
        assertThat(text.at("/choices/0/text").isString()).isTrue();
        JsonNode chat =
                answer(
                        "/v1/chat/completions",
                        ask + "'messages': [{'role': 'user', 'content': 'ab cd'}]}",
                        name);
        assertThat(chat.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
    }

    private static JsonNode answer(String path, String ask, String name) {
        Rig.Reply reply = rig.post(path, ask);
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(200);
        assertThat(reply.json().get("model").stringValue()).isEqualTo(name);
        assertThat(reply.json().at("/choices/0/finish_reason").stringValue())
                .isIn("length", "stop");
        assertThat(reply.json().at("/usage/completion_tokens").intValue()).isBetween(1, 4);
        return reply.json();
    }
}
