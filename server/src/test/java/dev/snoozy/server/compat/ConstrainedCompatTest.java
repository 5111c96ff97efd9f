package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

/** What the reference server's tests ask of answers that are held to a form. */
class ConstrainedCompatTest {
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().context(512).stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Rig.Reply ask(String more) {
        return rig.post(
                "/chat/completions",
                "{'messages': [{'role': 'system', 'content': 'You are a coding assistant.'},"
                        + " {'role': 'user', 'content': 'Write an example'}], 'seed': 42,"
                        + " 'max_tokens': 60, "
                        + more
                        + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'json_object', 'schema': {'const': '42'}} | \"42\"",
                "{'type': 'json_object', 'schema': {'items': [{'type': 'integer'}]}} | ",
                "{'type': 'json_schema', 'json_schema': {'schema': {'const': 'foooooo'}}} |"
                        + " \"foooooo\"",
                "{'type': 'json_schema', 'json_schema': {'schema': {'type': 'string', 'maxLength':"
                        + " 3}}} | \"*\""
            },
            quoteCharacter = '`')
    void aFormOfTheAnswerIsKeptOrRefused(String format, String expected) {
        Rig.Reply reply = ask("'response_format': " + format);
        if (expected == null) {
            assertThat(reply.status()).isEqualTo(400); // items must be one schema
            return;
        }
        assertThat(reply.status()).isEqualTo(200);
        String content = reply.json().at("/choices/0/message/content").asString("");
        if (expected.equals("\"*\"")) {
            assertThat(Json.parse(content).stringValue()).hasSizeLessThanOrEqualTo(3);
        } else {
            assertThat(content).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'json_object', 'schema': 123}",
                "{'type': 'json_object', 'schema': {'type': 123}}",
                "{'type': 'json_object', 'schema': {'type': 'hiccup'}}",
                "{'type': 'sound'}"
            })
    void whatIsNoFormIsRefused(String format) {
        assertThat(ask("'response_format': " + format).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'const': '42'} | \"42\"",
                "{'type': 'object', 'properties': {'a': {'const': 1}}, 'required': ['a']} |"
            },
            quoteCharacter = '`')
    void aSchemaBesideTheMessagesIsKept(String schema, String expected) {
        String content =
                ask("'json_schema': " + schema)
                        .json()
                        .at("/choices/0/message/content")
                        .asString("");
        if (expected == null) {
            JsonNode object = Json.parse(content);
            assertThat(object.get("a").intValue()).isEqualTo(1);
        } else {
            assertThat(content).isEqualTo(expected);
        }
    }

    @Test
    void aGrammarIsKept() {
        String content =
                ask("'grammar': 'root ::= (\\'a\\' | \\'b\\'){5}'".replace("\\'", "\\\""))
                        .json()
                        .at("/choices/0/message/content")
                        .asString("");
        assertThat(content).matches("[ab]{5}");
    }

    @Test
    void aCompletionIsHeldToAFormAsWell() {
        Rig.Reply reply =
                rig.post(
                        "/completion",
                        "{'prompt': 'I believe', 'n_predict': 40, 'seed': 42, 'json_schema':"
                                + " {'type': 'array', 'items': {'type': 'integer'}, 'minItems': 2,"
                                + " 'maxItems': 3}}");
        assertThat(Json.parse(reply.json().get("content").stringValue()).size()).isBetween(2, 3);
    }
}
