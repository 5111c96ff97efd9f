package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.Test;

/**
 * What the reference server's tests of saved slots ask of beginnings that are in memory; slots are
 * not saved here, and none need be named.
 */
class PromptReuseCompatTest {
    @Test
    void onlyWhatIsNewOfAPromptIsEvaluated() {
        try (Rig rig = new CompatRig().stories()) {
            assertThat(evaluated(rig, "What is the capital of France?")).isEqualTo(21);
            assertThat(evaluated(rig, "What is the capital of Germany?")).isEqualTo(6);
            assertThat(evaluated(rig, "What is the capital of Germany?")).isEqualTo(1);
        }
    }

    private static int evaluated(Rig rig, String prompt) {
        return rig.post("/completion", "{'temperature': 0, 'prompt': '" + prompt + "'}")
                .json()
                .at("/timings/prompt_n")
                .intValue();
    }
}
