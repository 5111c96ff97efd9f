package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.Role;
import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** {@code /api/chat} as Ollama's clients ask for it. */
class ChatTest {
    private static final String PATH = "/api/chat";
    private static final String USER = "'messages': [{'role': 'user', 'content': 'ab cd'}]";
    private static final String OPTIONS = "'options': {'num_predict': 8, 'seed': 7}";
    private static final String ASK = "'model': 'tiny', " + USER + ", " + OPTIONS;
    private static final String TOOLS =
            """
            'tools': [{'type': 'function', 'function': {'name': 'weather', 'description': 'tells it',
                       'parameters': {'type': 'object'}}}]\
            """;
    private static final String ROUND_TRIP =
            """
            'messages': [
              {'role': 'system', 'content': 'be kind'},
              {'role': 'user', 'content': 'how is it', 'images': []},
              {'role': 'assistant', 'content': '', 'thinking': 'hm', 'tool_calls': [
                {'function': {'name': 'weather', 'arguments': {'city': 'Bern'}}},
                {'function': {'name': 'time', 'arguments': {}}},
                {'id': 'own', 'function': {'name': 'weather', 'arguments': {'city': 'Rome'}}}]},
              {'role': 'tool', 'tool_name': 'time', 'content': 'noon'},
              {'role': 'tool', 'tool_call_id': 'own', 'content': 'sun'},
              {'role': 'tool', 'tool_name': 'weather', 'content': 'rain'}]\
            """;

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.chat();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void aStreamIsTheDefaultAndSaysTheSameAsAWholeAnswer() {
        List<JsonNode> lines = OllamaTexts.lines(rig, PATH, "{" + ASK + "}");
        JsonNode whole = OllamaTexts.whole(rig, PATH, "{" + ASK + ", 'stream': false}");
        assertThat(OllamaTexts.joined(lines, "/message/content"))
                .isEqualTo(whole.at("/message/content").stringValue())
                .isNotEmpty();
        for (JsonNode line : lines) {
            assertThat(line.at("/message/role").stringValue()).isEqualTo("assistant");
            assertThat(line.get("done").isBoolean()).isTrue();
        }
        assertThat(lines.stream().filter(line -> line.get("done").booleanValue()))
                .containsExactly(lines.getLast());
        assertThat(lines.getLast().get("eval_count")).isEqualTo(whole.get("eval_count"));
        assertThat(lines.getLast().get("done_reason").stringValue()).isIn("stop", "length");
    }

    @Test
    void noMessagesLoadTheModel() {
        JsonNode json = OllamaTexts.whole(rig, PATH, "{'model': 'tiny', 'messages': []}");
        assertThat(json.get("done_reason").stringValue()).isEqualTo("load");
        assertThat(json.at("/message/content").stringValue()).isEmpty();
    }

    @Test
    void resultsGoToTheCallsTheyAnswer() {
        List<ChatMessage> messages = ChatMessages.read(fields("{" + ROUND_TRIP + "}"));
        assertThat(messages).hasSize(6);
        ChatMessage asked = messages.get(2);
        assertThat(asked.reasoning()).isEqualTo("hm");
        assertThat(asked.toolCalls().getFirst().arguments()).isEqualTo("{\"city\":\"Bern\"}");
        assertThat(messages.get(3).name()).isEqualTo("time");
        assertThat(messages.get(3).toolCallId()).isEqualTo(asked.toolCalls().get(1).id());
        assertThat(messages.get(4).toolCallId()).isEqualTo("own");
        assertThat(messages.get(4).name()).isEqualTo("weather");
        assertThat(messages.get(5).role()).isEqualTo(Role.TOOL);
        assertThat(messages.get(5).toolCallId()).isEqualTo(asked.toolCalls().getFirst().id());
    }

    private static Fields fields(String json) {
        return new Fields((ObjectNode) Json.parse(json.replace('\'', '"')));
    }

    @Test
    void toolsAndTheirResultsReachTheModel() {
        TinyModel model =
                TinyModel.llama()
                        .with("tokenizer.chat_template", Rig.TEMPLATE)
                        .with("llama.context_length", 2048);
        try (Rig large = Rig.of(Map.of("tiny", model), options -> options)) {
            String rest = ", 'stream': false, 'options': {'num_predict': 1}";
            String ask = "{'model': 'tiny', " + ROUND_TRIP;
            int without = count(large, ask + rest + "}");
            int with = count(large, ask + rest + ", " + TOOLS + "}");
            assertThat(with).isGreaterThan(without);
        }
    }

    private static int count(Rig at, String body) {
        return OllamaTexts.whole(at, PATH, body).get("prompt_eval_count").intValue();
    }

    @Test
    void whatIsTooLongIsRefusedUnlessOldTurnsMayGo() {
        String turns =
                "{'role': 'user', 'content': '"
                        + "ab ".repeat(150)
                        + "'},"
                        + "{'role': 'assistant', 'content': 'b'},"
                        + "{'role': 'user', 'content': 'c'}";
        String ask = "{'model': 'tiny', 'stream': false, 'messages': [" + turns + "], " + OPTIONS;
        Rig.Reply refused = rig.post(PATH, ask + "}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error").stringValue()).contains("256");
        JsonNode cut = OllamaTexts.whole(rig, PATH, ask + ", 'truncate': true}");
        assertThat(cut.get("warning").stringValue()).contains("2 messages");
    }

    @Test
    void shiftAndTruncateSayWhatBecomesOfOldTurns() {
        assertThat(policy("{}", ContextPolicy.SHIFT)).isEqualTo(ContextPolicy.SHIFT);
        assertThat(policy("{}", ContextPolicy.REFUSE)).isEqualTo(ContextPolicy.REFUSE);
        assertThat(policy("{'truncate': true}", ContextPolicy.REFUSE))
                .isEqualTo(ContextPolicy.DROP_OLDEST);
        assertThat(policy("{'truncate': false}", ContextPolicy.SHIFT))
                .isEqualTo(ContextPolicy.REFUSE);
        assertThat(policy("{'shift': false}", ContextPolicy.SHIFT))
                .isEqualTo(ContextPolicy.DROP_OLDEST);
        assertThat(policy("{'shift': true}", ContextPolicy.REFUSE)).isEqualTo(ContextPolicy.SHIFT);
    }

    private static ContextPolicy policy(String json, ContextPolicy otherwise) {
        return Requests.policy(fields(json), otherwise);
    }

    @Test
    void aModelThatKnowsThinkingMayBeToldOfIt() {
        String template =
                Rig.TEMPLATE
                        + "{% if enable_thinking %}<think>\n{% else %}<think></think>{% endif %}";
        TinyModel model = TinyModel.llama().with("tokenizer.chat_template", template);
        try (Rig thinker = Rig.of(Map.of("tiny", model), options -> options)) {
            String ask = "{" + ASK + ", 'stream': false, 'think': ";
            JsonNode thought = OllamaTexts.whole(thinker, PATH, ask + "true}");
            JsonNode spoken = OllamaTexts.whole(thinker, PATH, ask + "false}");
            assertThat(thought.at("/message/thinking").stringValue()).isNotEmpty();
            assertThat(thought.at("/message/content").stringValue()).isEmpty();
            assertThat(spoken.at("/message").has("thinking")).isFalse();
            assertThat(spoken.at("/message/content").stringValue()).isNotEmpty();
            List<JsonNode> lines = OllamaTexts.lines(thinker, PATH, "{" + ASK + ", 'think': true}");
            assertThat(OllamaTexts.joined(lines, "/message/thinking"))
                    .isEqualTo(thought.at("/message/thinking").stringValue());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'messages': {} | messages",
                "'messages': [1] | messages[0]",
                "'messages': [{'content': 'a'}] | messages[0].role",
                "'messages': [{'role': 'king', 'content': 'a'}] | messages[0].role",
                "'messages': [{'role': 'user', 'content': []}] | messages[0].content",
                "'messages': [{'role': 'user', 'images': ['aGk=']}] | messages[0].images",
                "'messages': [{'role': 'user', 'images': 3}] | messages[0].images",
                "'messages': [{'role': 'assistant', 'content': 'a'}] | end",
                "'messages': [{'role': 'assistant', 'thinking': 1}] | messages[0].thinking",
                "'messages': [{'role': 'assistant', 'tool_calls': {}}] | messages[0].tool_calls",
                "'messages': [{'role': 'assistant', 'tool_calls': [{}]}] | tool_calls[0].function",
                "'messages': [{'role': 'assistant', 'tool_calls': [{'function': {'name': 'a',"
                        + " 'arguments': '{}'}}]}] | function.arguments",
                "'messages': [{'role': 'tool', 'tool_name': 1}] | messages[0].tool_name",
                "'tools': {} | tools",
                "'tools': [{'type': 'x'}] | tools of type x",
                "'tools': [{'type': 'function'}] | tools[0].function",
                "'tools': [{'function': {'name': 'a'}}, {'function': {'name': 'a'}}] | twice",
                "'format': 'xml' | format",
                "'format': 3 | format",
                "'stream': 1 | stream",
                "'options': {'grammar': 'x'} | options.grammar"
            })
    void whatIsNoRequestIsRefusedByName(String field, String name) {
        String kept = field.contains("'messages'") ? "'model': 'tiny'" : "'model': 'tiny', " + USER;
        Rig.Reply reply = rig.post(PATH, "{" + kept + ", " + field + "}");
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(400);
        assertThat(reply.json().get("error").stringValue()).contains(name);
    }

    @Test
    @Timeout(60)
    void aClientThatLeavesEndsItsAnswer() throws IOException {
        byte[] body =
                ("{" + ASK.replace("8", "200") + "}")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + PATH
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length
                        + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        while (rig.server().models().loaded().getFirst().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(OllamaTexts.lines(rig, PATH, "{" + ASK + "}")).isNotEmpty();
    }
}
