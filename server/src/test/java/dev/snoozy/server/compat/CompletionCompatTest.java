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
import tools.jackson.databind.node.ObjectNode;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the reference server's tests of completion ask. */
class CompletionCompatTest {
    private static final String PATH = "/completion";
    private static final String PROMPT = "I believe the meaning of life is";
    private static final String LONGER =
            "Write a joke about AI from a very long prompt which will not be truncated";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({PROMPT + ", 8, 18, 8", LONGER + ", 256, 46, 64"})
    void countsAreThoseOfTheReference(String prompt, int asked, int promptTokens, int predicted) {
        try (Rig fresh = new CompatRig().stories()) {
            JsonNode json = fresh.post(PATH, ask(prompt, "'n_predict': " + asked)).json();
            assertThat(json.at("/timings/prompt_n").intValue()).isEqualTo(promptTokens);
            assertThat(json.at("/timings/predicted_n").intValue()).isEqualTo(predicted);
            assertThat(json.get("tokens_evaluated").intValue()).isEqualTo(promptTokens);
            assertThat(json.get("tokens_predicted").intValue()).isEqualTo(predicted);
            assertThat(json.get("truncated").booleanValue()).isFalse();
            assertThat(json.get("stop_type").stringValue()).isEqualTo("limit");
            assertThat(json.get("content").stringValue()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({PROMPT + ", 8", LONGER + ", 256"})
    void aStreamEndsWithCountsAndSettings(String prompt, int asked) {
        List<JsonNode> events = events(ask(prompt, "'n_predict': " + asked + ", 'stream': true"));
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            assertThat(event.get("stop").booleanValue()).isFalse();
        }
        JsonNode last = events.getLast();
        int most = Math.min(asked, CompatRig.MOST);
        assertThat(last.get("stop").booleanValue()).isTrue();
        assertThat(last.get("stop_type").stringValue()).isEqualTo("limit");
        assertThat(last.at("/timings/predicted_n").intValue()).isEqualTo(most);
        assertThat(last.at("/generation_settings/n_predict").intValue()).isEqualTo(most);
        assertThat(last.at("/generation_settings/seed").longValue()).isEqualTo(CompatRig.SEED);
        assertThat(last.get("truncated").booleanValue()).isFalse();
    }

    @Test
    void aStreamSaysTheSameAsAWholeAnswer() {
        String whole = content(ask(PROMPT, "'n_predict': 8"));
        StringBuilder text = new StringBuilder();
        events(ask(PROMPT, "'n_predict': 8, 'stream': true"))
                .forEach(event -> text.append(event.get("content").stringValue()));
        assertThat(text.toString()).isEqualTo(whole).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameSeedGivesTheSameTextAndAnotherSeedAnother(int slots) {
        try (Rig some = new CompatRig().slots(slots).stories()) {
            Set<String> same = new HashSet<>();
            Set<String> different = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                same.add(content(some, ask(PROMPT, "'seed': 42, 'temperature': 1.0")));
                different.add(content(some, ask(PROMPT, "'seed': " + i + ", 'temperature': 1.0")));
            }
            assertThat(same).hasSize(1);
            assertThat(different).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "1.0"})
    void theTextIsTheSameInAnyBatch(String temperature) throws Exception {
        String body = ask(PROMPT, "'seed': 42, 'temperature': " + temperature);
        String alone = content(body);
        try (Rig wide = new CompatRig().slots(6).stories();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> texts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                texts.add(callers.submit(() -> content(wide, body)));
            }
            for (Future<String> text : texts) {
                assertThat(text.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void aPromptInTheCacheGivesTheSameText() {
        String body = ", 'seed': 42, 'temperature': 1.0}";
        String prompt = "{'prompt': '" + LONGER + "'";
        String first = content(prompt + ", 'cache_prompt': false" + body);
        assertThat(content(prompt + ", 'cache_prompt': true" + body)).isEqualTo(first);
    }

    @Test
    void promptsMayBeTokensOrAMixture() {
        JsonNode tokens =
                rig.post("/tokenize", "{'content': '" + PROMPT + "', 'add_special': true}")
                        .json()
                        .get("tokens");
        String greedy = ", 'temperature': 0, 'n_predict': 8}";
        String text = content("{'prompt': '" + PROMPT + "'" + greedy);
        assertThat(content("{'prompt': " + tokens + greedy)).isEqualTo(text);
        for (String second : new String[] {tokens.toString(), "'" + PROMPT + "'"}) {
            JsonNode two =
                    rig.post(PATH, "{'prompt': [" + tokens + ", " + second + "]" + greedy).json();
            assertThat(two).hasSize(2);
            assertThat(two.get(0).get("content").stringValue()).isEqualTo(text);
            assertThat(two.get(1).get("content").stringValue()).isEqualTo(text);
            assertThat(two.get(1).get("index").intValue()).isEqualTo(1);
        }
        String mixed = "[1, 2, 3, 4, 5, 6, '" + PROMPT + "', 7, 8, 9, 10, '" + PROMPT + "']";
        assertThat(rig.post(PATH, "{'prompt': " + mixed + greedy).json().get("content").isString())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 2", "2, 4", "4, 2", "4, 6"})
    void requestsShareTheSlots(int slots, int requests) throws Exception {
        try (Rig some = new CompatRig().slots(slots).stories();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> texts = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                String body = ask("Write a very long book " + i, "'seed': 42, 'temperature': 1.0");
                texts.add(callers.submit(() -> content(some, body)));
            }
            assertThat(busy(some)).isBetween(0L, (long) slots);
            for (Future<String> text : texts) {
                assertThat(text.get()).hasSizeGreaterThan(10);
            }
            assertThat(busy(some)).isZero();
        }
    }

    private static long busy(Rig some) {
        long count = 0;
        for (JsonNode slot : some.get("/slots").json()) {
            count += slot.get("is_processing").booleanValue() ? 1 : 0;
        }
        return count;
    }

    @Test
    void onlyTheFieldsThatAreAskedForAreShown() {
        JsonNode json =
                rig.post(
                                PATH,
                                ask(
                                        PROMPT,
                                        "'n_predict': 4, 'response_fields':"
                                                + " ['generation_settings/n_predict', 'prompt']"))
                        .json();
        assertThat(json.propertyNames()).containsExactlyInAnyOrder("n_predict", "prompt");
        assertThat(json.get("n_predict").intValue()).isEqualTo(4);
        assertThat(json.get("prompt").stringValue()).contains(PROMPT);
        JsonNode all = rig.post(PATH, ask(PROMPT, "'n_predict': 4, 'response_fields': []")).json();
        assertThat(all.has("generation_settings")).isTrue();
        assertThat(all.size()).isGreaterThan(10);
    }

    @Test
    void tokensAreShownWithTheLikeliestOthers() {
        JsonNode json =
                rig.post(PATH, ask(PROMPT, "'n_probs': 10, 'temperature': 0, 'n_predict': 5"))
                        .json();
        assertThat(json.get("completion_probabilities")).hasSize(5);
        json.get("completion_probabilities").forEach(CompletionCompatTest::checkToken);
    }

    @Test
    void aStreamShowsOneTokenInEachEvent() {
        List<JsonNode> events =
                events(
                        ask(
                                PROMPT,
                                "'n_probs': 10, 'temperature': 0, 'n_predict': 5, 'stream': true"));
        assertThat(events).hasSize(6);
        for (JsonNode event : events.subList(0, 5)) {
            assertThat(event.get("completion_probabilities")).hasSize(1);
            checkToken(event.get("completion_probabilities").get(0));
            assertThat(event.get("tokens")).hasSize(1);
        }
    }

    private static void checkToken(JsonNode token) {
        checkOne(token);
        assertThat(token.get("top_logprobs")).hasSize(10);
        token.get("top_logprobs").forEach(CompletionCompatTest::checkOne);
    }

    private static void checkOne(JsonNode token) {
        assertThat(token.get("id").intValue()).isPositive();
        assertThat(token.get("token").isString()).isTrue();
        assertThat(token.get("logprob").doubleValue()).isNotPositive();
        assertThat(token.get("bytes").isArray()).isTrue();
    }

    @Test
    void whatIsNotThereIsRefusedByName() {
        for (String field :
                new String[] {
                    "'post_sampling_probs': true",
                    "'samplers': ['top_k']",
                    "'t_max_predict_ms': 5",
                    "'lora': [{'id': 0, 'scale': 1}]",
                    "'lora': [{'scale': 1}]",
                    "'lora': {}",
                    "'n_indent': 2"
                }) {
            Rig.Reply reply = rig.post(PATH, ask(PROMPT, field));
            assertThat(reply.status()).as(field).isEqualTo(400);
            assertThat(reply.json().at("/error/code").intValue()).isEqualTo(400);
            assertThat(reply.json().at("/error/message").stringValue())
                    .contains(field.substring(1, field.indexOf('\'', 1)));
        }
        assertThat(rig.post(PATH, "{}").status()).isEqualTo(400);
        assertThat(rig.post(PATH, "{'prompt': []}").status()).isEqualTo(400);
        assertThat(rig.post(PATH, "{'prompt': [9999]}").status()).isEqualTo(400);
    }

    @Test
    void aStreamTellsHowFastItIsWhereThatIsAskedFor() {
        List<JsonNode> events =
                events(ask(PROMPT, "'n_predict': 5, 'stream': true, 'timings_per_token': true"));
        int before = 0;
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            int count = event.at("/timings/predicted_n").intValue();
            assertThat(count).isBetween(before + 1, 5);
            assertThat(event.at("/timings/predicted_per_second").doubleValue()).isNotNegative();
            before = count;
        }
        JsonNode plain = events(ask(PROMPT, "'n_predict': 2, 'stream': true")).getFirst();
        assertThat(plain.has("timings")).isFalse();
    }

    @Test
    void aStopTextIsNamed() {
        String text = content(ask(PROMPT, "'temperature': 0, 'n_predict': 16"));
        String word = text.strip().split(" ")[2];
        JsonNode json =
                rig.post(
                                PATH,
                                ask(
                                        PROMPT,
                                        "'temperature': 0, 'n_predict': 16, 'return_tokens': true,"
                                                + " 'stop': ['"
                                                + word
                                                + "']"))
                        .json();
        assertThat(json.get("stop_type").stringValue()).isEqualTo("word");
        assertThat(json.get("stopping_word").stringValue()).isEqualTo(word);
        assertThat(json.get("content").stringValue()).doesNotContain(word);
        assertThat(json.get("tokens")).isNotEmpty();
    }

    @Test
    void aClientThatLeavesFreesItsSlot() throws Exception {
        try (Rig one = new CompatRig().slots(1).most(-1).context(512).stories()) {
            String body =
                    ask(PROMPT, "'stream': true, 'n_predict': -1, 'ignore_eos': true")
                            .replace('\'', '"');
            try (Socket socket = new Socket("127.0.0.1", one.port())) {
                String request =
                        "POST /completion HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body;
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // it has begun
            }
            // The only slot: this waits for ever if it is not given back.
            assertThat(content(one, ask(PROMPT, "'n_predict': 4"))).isNotEmpty();
            assertThat(busy(one)).isZero();
        }
    }

    @Test
    void openAisCompletionsAreAnsweredBesideIt() {
        ObjectNode body = Json.object().put("prompt", PROMPT).put("max_tokens", 8);
        JsonNode json = rig.post("/v1/completions", body.toString()).json();
        assertThat(json.get("system_fingerprint").stringValue()).startsWith("b");
        assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
        assertThat(json.at("/choices/0/text").stringValue())
                .isEqualTo(content(ask(PROMPT, "'n_predict': 8")));
    }

    private static String ask(String prompt, String more) {
        return "{'prompt': '" + prompt + "', " + more + "}";
    }

    private static String content(String body) {
        return content(rig, body);
    }

    private static String content(Rig some, String body) {
        return some.post(PATH, body).json().get("content").stringValue();
    }

    private static List<JsonNode> events(String body) {
        return rig.events(PATH, body).stream().map(Json::parse).toList();
    }
}
