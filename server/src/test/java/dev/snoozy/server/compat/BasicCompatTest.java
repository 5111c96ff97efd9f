package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.generate.LlamaCppOptions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

/** What the reference server's basic tests ask. */
class BasicCompatTest {
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
    void healthIsOkOnceTheModelIsLoaded() {
        for (String path : new String[] {"/health", "/v1/health"}) {
            Rig.Reply reply = rig.get(path);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().get("status").stringValue()).isEqualTo("ok");
        }
    }

    @Test
    void healthSaysNoUntilTheModelIsLoaded() {
        LlamaCppOptions waits = new LlamaCppOptions(false, false, true, true, true, true);
        try (Rig empty = new CompatRig().own(waits).unloaded()) {
            Rig.Reply reply = empty.get("/health");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("unavailable_error");
            assertThat(reply.json().at("/error/message").stringValue()).isEqualTo("Loading model");
        }
    }

    @Test
    void propertiesNameTheFileTheSlotsTheContextAndTheSeed() {
        JsonNode props = rig.get("/props").json();
        assertThat(props.get("model_path").stringValue()).contains(".gguf").doesNotContain("/");
        assertThat(props.get("total_slots").intValue()).isEqualTo(CompatRig.SLOTS);
        assertThat(props.at("/default_generation_settings/n_ctx").intValue())
                .isEqualTo(CompatRig.CONTEXT);
        assertThat(props.at("/default_generation_settings/params/seed").longValue())
                .isEqualTo(CompatRig.SEED);
        assertThat(props.get("chat_template").stringValue()).isEqualTo(CompatRig.CHATML);
    }

    @Test
    void modelsAreListed() {
        JsonNode models = rig.get("/models").json();
        assertThat(models.get("data")).hasSize(1);
        assertThat(models.at("/data/0/id").stringValue()).isEqualTo("tinyllama-2");
    }

    @Test
    void slotsAndMetricsAreNotAnsweredUnlessTheyWereAskedFor() {
        LlamaCppOptions off = new LlamaCppOptions(false, false, true, true, true, true);
        try (Rig quiet = new CompatRig().own(off).stories()) {
            for (String path : new String[] {"/slots", "/metrics"}) {
                Rig.Reply reply = quiet.get(path);
                assertThat(reply.status()).isEqualTo(501);
                assertThat(reply.json().at("/error/type").stringValue())
                        .isEqualTo("not_supported_error");
            }
        }
        JsonNode slots = rig.get("/slots").json();
        assertThat(slots).hasSize(CompatRig.SLOTS);
        assertThat(slots.get(0).get("n_ctx").intValue()).isEqualTo(CompatRig.CONTEXT);
        assertThat(slots.get(0).get("is_processing").booleanValue()).isFalse();
    }

    @Test
    void thereIsAPageUnlessThereShallBeNone() {
        Rig.Reply page = rig.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.http().body()).contains("<html");
        LlamaCppOptions off = new LlamaCppOptions(false, false, false, true, true, true);
        try (Rig bare = new CompatRig().own(off).stories()) {
            assertThat(bare.get("/").status()).isEqualTo(404);
        }
    }

    @Test
    void metricsCountWhatWasDone() {
        rig.post("/completion", "{'prompt': 'Once upon a time', 'n_predict': 5}");
        Rig.Reply reply = rig.get("/metrics");
        assertThat(reply.http().headers().firstValue("content-type").orElse(""))
                .startsWith("text/plain");
        assertThat(value(reply.http().body(), "llamacpp:tokens_predicted_total")).isPositive();
        assertThat(value(reply.http().body(), "llamacpp:prompt_tokens_total")).isPositive();
        assertThat(value(reply.http().body(), "llamacpp:requests_processing")).isZero();
        double before = value(reply.http().body(), "llamacpp:tokens_predicted_total");
        rig.post("/completion", "{'prompt': 'Once upon a time', 'n_predict': 5}");
        String after = rig.get("/metrics").http().body();
        assertThat(value(after, "llamacpp:tokens_predicted_total") - before).isBetween(1.0, 5.0);
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsNotThereIsRefusedByName() {
        for (String path : new String[] {"/infill", "/props", "/slots/0"}) {
            Rig.Reply reply = rig.post(path, "{}");
            assertThat(reply.status()).isEqualTo(501);
            assertThat(reply.json().at("/error/message").stringValue()).contains("not supported");
        }
        assertThat(rig.get("/lora-adapters").json()).isEmpty();
    }
}
