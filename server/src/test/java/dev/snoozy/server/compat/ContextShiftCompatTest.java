package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.generate.LlamaCppOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

/** What the reference server's tests of the context shift ask. */
class ContextShiftCompatTest {
    private static final LlamaCppOptions OFF =
            new LlamaCppOptions(false, false, true, false, true, false);

    /** 301 tokens of the reference's own filler text. */
    private static final String LONG =
            "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor"
                    + " incididunt ut labore et dolore magna aliqua.\\n"
                    + "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut"
                    + " aliquip ex ea commodo consequat.\\n"
                    + "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore"
                    + " eu fugiat nulla pariatur.\\n"
                    + "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia"
                    + " deserunt mollit anim id est laborum.";

    @Test
    void aLongPromptIsCutInBlocksAndTheTextGoesOn() {
        try (Rig rig = new CompatRig().context(128).stories()) {
            JsonNode json =
                    rig.post("/completion", "{'n_predict': 64, 'prompt': '" + LONG + "'}").json();
            assertThat(json.at("/timings/prompt_n").intValue()).isEqualTo(109);
            assertThat(json.at("/timings/predicted_n").intValue()).isEqualTo(64);
            assertThat(json.get("truncated").booleanValue()).isTrue();
        }
    }

    @Test
    void theFirstTokensStayWhereThatIsAskedFor() {
        try (Rig rig = new CompatRig().context(128).stories()) {
            String ask = "{'n_predict': 1, 'n_keep': 28, 'prompt': '" + LONG + "'}";
            JsonNode json = rig.post("/completion", ask).json();
            // 100 are left of the context, in blocks of 50, of which 4 go: 301 - 200.
            assertThat(json.get("tokens_evaluated").intValue()).isEqualTo(101);
            assertThat(json.get("prompt").stringValue()).contains("Lorem ipsum");
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 64, false", "-1, 120, true"})
    void withoutShiftATextEndsWithTheContext(int asked, int predicted, boolean truncated) {
        try (Rig rig = new CompatRig().context(128).most(-1).own(OFF).stories()) {
            JsonNode json =
                    rig.post(
                                    "/completion",
                                    "{'prompt': 'Hi how are you', 'ignore_eos': true, 'n_predict': "
                                            + asked
                                            + "}")
                            .json();
            assertThat(json.at("/timings/predicted_n").intValue()).isEqualTo(predicted);
            assertThat(json.get("truncated").booleanValue()).isEqualTo(truncated);
        }
    }

    @Test
    void withoutShiftALongPromptIsRefused() {
        try (Rig rig = new CompatRig().context(128).own(OFF).stories()) {
            Rig.Reply reply =
                    rig.post("/completion", "{'n_predict': 64, 'prompt': '" + LONG + "'}");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().at("/error/message").stringValue())
                    .contains("exceeds the available context size")
                    .contains("301")
                    .contains("128");
        }
    }
}
