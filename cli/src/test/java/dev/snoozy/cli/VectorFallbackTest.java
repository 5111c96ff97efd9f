package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command is started without the incubator module, as the launcher does. */
class VectorFallbackTest {
    private static final String PROPERTY = "snoozy.kernels";

    @AfterEach
    void choose() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void kernelsOnTheVectorApiAreThereAndNameWhatTheyNeed() {
        System.setProperty(PROPERTY, "vector");
        Cli run = Cli.run("run", "tinystories", "Once", "-n", "1");
        assertThat(run.code()).isEqualTo(Main.FAILED);
        assertThat(run.err())
                .contains("snoozy.kernels=vector")
                .contains("--add-modules jdk.incubator.vector");
    }
}
