package dev.snoozy.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

class DoctorCommandTest {
    @Test
    void everythingThatIsNeededIsLookedAt() {
        Cli run = Cli.run("doctor", "--json");
        JsonNode report = Json.mapper().readTree(run.out());
        List<JsonNode> findings = new ArrayList<>(report.get("findings").values());
        // What only some machines have.
        findings.removeIf(f -> List.of("speed", "limits").contains(f.get("subject").asString()));
        assertThat(findings)
                .extracting(f -> f.get("subject").asString())
                .containsExactly(
                        "java", "processor", "memory", "folder", "models", "kernels", "engine");
        assertThat(report.get("healthy").asBoolean()).isEqualTo(run.code() == 0);
        JsonNode engine = findings.getLast();
        assertThat(engine.get("state").asString()).isEqualTo("OK");
        assertThat(engine.get("found").asString()).contains("speaks as it should");
    }

    @Test
    void peopleReadOneLineForEach() {
        assertThat(Cli.run("doctor").out())
                .contains("ok       java")
                .contains("ok       kernels    ");
    }

    @Test
    void scalarKernelsAreNotedWhereTheVectorApiWouldHelp() {
        Finding slow =
                Examination.kernels(
                        "scalar Java, 2 threads (start --add-modules jdk.incubator.vector)");
        assertThat(slow.state()).isEqualTo(Finding.State.NOTE);
        assertThat(slow.cure()).contains("SNOOZY_VECTOR=1");
        Finding forced = Examination.kernels("scalar Java, 2 threads (forced by snoozy.kernels)");
        assertThat(forced.state()).isEqualTo(Finding.State.OK);
    }
}
