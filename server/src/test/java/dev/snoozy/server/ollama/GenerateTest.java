package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** {@code /api/generate} as Ollama's clients ask for it. */
class GenerateTest {
    private static final String PATH = "/api/generate";
    private static final String ASK =
            "'model': 'tiny', 'prompt': 'ab cd', 'options': {'num_predict': 8, 'seed': 7}";
    private static final List<String> COUNTS =
            List.of(
                    "total_duration",
                    "load_duration",
                    "prompt_eval_count",
                    "prompt_eval_duration",
                    "eval_count",
                    "eval_duration");

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
        assertThat(OllamaTexts.joined(lines, "/response"))
                .isEqualTo(whole.get("response").stringValue())
                .isNotEmpty();
        for (JsonNode line : lines.subList(0, lines.size() - 1)) {
            assertThat(line.get("done").booleanValue()).isFalse();
            assertThat(line.get("model").stringValue()).isEqualTo("tiny");
            assertThat(line.has("created_at")).isTrue();
        }
        JsonNode last = lines.getLast();
        assertThat(last.get("done").booleanValue()).isTrue();
        assertThat(last.get("done_reason")).isEqualTo(whole.get("done_reason"));
        for (String count : COUNTS) {
            assertThat(last.get(count).isIntegralNumber()).as(count).isTrue();
            assertThat(whole.get(count).isIntegralNumber()).as(count).isTrue();
        }
        assertThat(last.get("eval_count")).isEqualTo(whole.get("eval_count"));
    }

    @Test
    void theLimitOfTokensIsAReasonOfItsOwn() {
        JsonNode one =
                OllamaTexts.whole(rig, PATH, "{" + ASK.replace("8", "1") + ", 'stream': false}");
        assertThat(one.get("done_reason").stringValue()).isEqualTo("length");
        assertThat(one.get("eval_count").intValue()).isEqualTo(1);
    }

    @Test
    void aStopTextEndsTheAnswer() {
        String text =
                OllamaTexts.whole(rig, PATH, "{" + ASK + ", 'stream': false}")
                        .get("response")
                        .stringValue();
        String stop = text.substring(2, 3);
        String asked = ASK.replace("'seed'", "'stop': ['" + stop + "'], 'seed'");
        JsonNode ended = OllamaTexts.whole(rig, PATH, "{" + asked + ", 'stream': false}");
        assertThat(ended.get("response").stringValue())
                .isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(ended.get("done_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void aRawPromptIsContinuedWithoutTheTemplate() {
        JsonNode raw = OllamaTexts.whole(rig, PATH, "{" + ASK + ", 'raw': true, 'stream': false}");
        JsonNode told = OllamaTexts.whole(rig, PATH, "{" + ASK + ", 'stream': false}");
        assertThat(raw.get("prompt_eval_count").intValue())
                .isLessThan(told.get("prompt_eval_count").intValue());
        List<JsonNode> lines = OllamaTexts.lines(rig, PATH, "{" + ASK + ", 'raw': true}");
        assertThat(OllamaTexts.joined(lines, "/response"))
                .isEqualTo(raw.get("response").stringValue());
    }

    @Test
    void theNamesOfControlTokensInARawPromptAreThoseTokens() {
        String body = "{'model': 'tiny', 'prompt': '%s', 'raw': true, 'stream': false}";
        int text = count(body.formatted("ab"));
        assertThat(count(body.formatted("ab</s>"))).isEqualTo(text + 1);
    }

    private static int count(String body) {
        return OllamaTexts.whole(rig, PATH, body).get("prompt_eval_count").intValue();
    }

    @Test
    void theSystemComesBeforeThePrompt() {
        String plain = "{" + ASK + ", 'stream': false}";
        String system = "{" + ASK + ", 'system': 'x y z', 'stream': false}";
        assertThat(count(system)).isGreaterThan(count(plain));
    }

    @Test
    void probabilitiesAreOneForEachToken() {
        String asked = "{" + ASK + ", 'logprobs': true, 'top_logprobs': 2";
        JsonNode whole = OllamaTexts.whole(rig, PATH, asked + ", 'stream': false}");
        assertThat(whole.get("logprobs")).hasSize(whole.get("eval_count").intValue());
        JsonNode first = whole.at("/logprobs/0");
        assertThat(first.get("token").isString()).isTrue();
        assertThat(first.get("logprob").doubleValue()).isNegative();
        assertThat(first.get("top_logprobs")).hasSize(2);
        int streamed = 0;
        for (JsonNode line : OllamaTexts.lines(rig, PATH, asked + "}")) {
            streamed += line.path("logprobs").size();
        }
        assertThat(streamed).isEqualTo(whole.get("eval_count").intValue());
    }

    @Test
    void anEmptyPromptLoadsTheModelAndNoTimeToLiveGivesItUp() {
        try (Rig own = Rig.chat()) {
            JsonNode loaded = OllamaTexts.whole(own, PATH, "{'model': 'tiny'}");
            assertThat(loaded.get("done_reason").stringValue()).isEqualTo("load");
            assertThat(loaded.get("done").booleanValue()).isTrue();
            assertThat(own.get("/api/ps").json().get("models")).hasSize(1);
            JsonNode gone =
                    OllamaTexts.whole(
                            own, PATH, "{'model': 'tiny', 'prompt': '', 'keep_alive': 0}");
            assertThat(gone.get("done_reason").stringValue()).isEqualTo("unload");
            assertThat(own.get("/api/ps").json().get("models")).isEmpty();
        }
    }

    @Test
    void aModelThatWasGivenUpStaysWhenItIsLoadedAgain() {
        try (Rig own = Rig.chat()) {
            own.post(PATH, "{'model': 'tiny'}");
            own.post(PATH, "{'model': 'tiny', 'keep_alive': '0s'}");
            own.post(PATH, "{'model': 'tiny'}");
            assertThat(own.get("/api/ps").json().get("models")).hasSize(1);
        }
    }

    @Test
    @Timeout(60)
    void noTimeToLiveOfAnAnswerGivesTheModelUpAfterIt() {
        try (Rig own = Rig.chat()) {
            OllamaTexts.whole(own, PATH, "{" + ASK + ", 'keep_alive': 0, 'stream': false}");
            while (!own.server().models().loaded().isEmpty()) {
                Thread.onSpinWait(); // it goes just after the answer
            }
            assertThat(own.get("/api/ps").json().get("models")).isEmpty();
        }
    }

    @Test
    void aNameMayHaveTheTagLatest() {
        JsonNode json =
                OllamaTexts.whole(
                        rig, PATH, "{" + ASK.replace("tiny", "tiny:latest") + ", 'stream': false}");
        assertThat(json.get("model").stringValue()).isEqualTo("tiny:latest");
    }

    @ParameterizedTest
    @CsvSource({"'', 404", "'/api/chat', 404", "'/api/show', 404", "'/api/embed', 404"})
    void anUnknownModelIsNotFound(String path, int status) {
        Rig.Reply reply =
                rig.post(path.isEmpty() ? PATH : path, "{'model': 'x:7b', 'prompt': 'a'}");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().get("error").stringValue()).isEqualTo("model 'x:7b' not found");
    }

    @Test
    void optionsOfTheMachineAreTakenAndChangeNothing() {
        String asked =
                ASK.replace(
                        "'seed'",
                        "'num_gpu': 1, 'num_thread': 4, 'num_batch': 8, 'use_mmap': true,"
                                + " 'main_gpu': 0, 'low_vram': false, 'numa': false, 'num_ctx':"
                                + " 128, 'num_keep': 4, 'penalize_newline': false, 'tfs_z': 1,"
                                + " 'seed'");
        assertThat(OllamaTexts.whole(rig, PATH, "{" + asked + ", 'stream': false}").get("response"))
                .isEqualTo(
                        OllamaTexts.whole(rig, PATH, "{" + ASK + ", 'stream': false}")
                                .get("response"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'model': 1 | model",
                "'model': '' | model",
                "'model': null | model",
                "'prompt': 1 | prompt",
                "'system': [] | system",
                "'stream': 'no' | stream",
                "'raw': 1 | raw",
                "'raw': true, 'system': 'x' | raw",
                "'raw': true, 'think': true | think",
                "'raw': true, 'truncate': true | truncate",
                "'template': '{{ .Prompt }}' | template",
                "'template': 7 | template",
                "'suffix': 'x' | suffix",
                "'images': ['aGk='] | images",
                "'context': [1, 2] | context",
                "'format': 'xml' | format",
                "'format': {'type': 'thing'} | format",
                "'keep_alive': 'soon' | keep_alive",
                "'keep_alive': '5' | keep_alive",
                "'keep_alive': [] | keep_alive",
                "'keep_alive': 1e300 | keep_alive",
                "'think': 'a lot' | think",
                "'think': true | think",
                "'think': {} | think",
                "'truncate': 1 | truncate",
                "'shift': 'x' | shift",
                "'shift': true, 'truncate': false | shift",
                "'shift': true, 'options': {'num_keep': 4} | num_keep",
                "'logprobs': 1 | logprobs",
                "'top_logprobs': 2 | top_logprobs",
                "'logprobs': true, 'top_logprobs': 21 | top_logprobs",
                "'options': [] | options",
                "'options': 'x' | options",
                "'options': {'num_ctx': 100000} | options.num_ctx",
                "'options': {'num_ctx': 'x'} | options.num_ctx",
                "'options': {'num_predict': -3} | options.num_predict",
                "'options': {'num_predict': {}} | options.num_predict",
                "'options': {'num_keep': 'x'} | options.num_keep",
                "'options': {'temperature': -1} | options.temperature",
                "'options': {'top_k': 1.5} | options.top_k",
                "'options': {'top_p': 'x'} | options.top_p",
                "'options': {'min_p': 2} | options.min_p",
                "'options': {'typical_p': 2} | options.typical_p",
                "'options': {'seed': 'x'} | options.seed",
                "'options': {'stop': 3} | options.stop",
                "'options': {'stop': ['\\ud800']} | options.stop",
                "'options': {'repeat_penalty': 0} | options.repeat_penalty",
                "'options': {'repeat_last_n': -2} | options.repeat_last_n",
                "'options': {'frequency_penalty': 9} | options.frequency_penalty",
                "'options': {'presence_penalty': 9} | options.presence_penalty",
                "'options': {'mirostat': 1} | mirostat",
                "'options': {'mirostat': 3} | options.mirostat",
                "'options': {'mirostat_tau': 'x'} | options.mirostat_tau",
                "'options': {'penalize_newline': true} | penalize_newline",
                "'options': {'tempurature': 1} | options.tempurature"
            })
    void whatIsNoRequestIsRefusedByName(String field, String name) {
        String other = field.contains("'model'") ? "" : "'model': 'tiny', ";
        String prompt = field.contains("'prompt'") ? "" : "'prompt': 'a', ";
        Rig.Reply reply = rig.post(PATH, "{" + other + prompt + field + "}");
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(400);
        assertThat(reply.json().get("error").stringValue()).contains(name);
        assertThat(reply.json()).hasSize(1);
    }

    @Test
    void emptyFieldsOfClientsThatSendThemAllAreTaken() {
        String empty = "'template': '', 'suffix': '', 'images': [], 'context': [], 'format': ''";
        OllamaTexts.whole(
                rig, PATH, "{" + ASK + ", " + empty + ", 'keep_alive': '', 'stream': false}");
    }
}
