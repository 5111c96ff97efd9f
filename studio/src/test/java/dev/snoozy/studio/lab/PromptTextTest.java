package dev.snoozy.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.server.http.HttpProblem;

import org.junit.jupiter.api.Test;

class PromptTextTest {
    @Test
    void tablesAreReadByTheNameOfTheirColumnOrTheFirstOne() {
        assertThat(PromptText.read("csv", "id,Prompt\n1,\"a, \"\"b\"\"\nc\"\r\n2,d\n"))
                .containsExactly("a, \"b\"\nc", "d");
        assertThat(PromptText.read("csv", "\uFEFFone,x\ntwo,y")).containsExactly("one", "two");
        assertThat(PromptText.read("csv", "")).isEmpty();
        assertThatThrownBy(() -> PromptText.read("csv", "\"open"))
                .isInstanceOf(HttpProblem.class)
                .hasMessageContaining("quoted");
    }

    @Test
    void linesAreStringsOrObjects() {
        assertThat(
                        PromptText.read(
                                "jsonl",
                                "\"one\"\n\n{\"question\":\"two\"}\n{\"text\":\"t\",\"prompt\":\"3\"}"))
                .containsExactly("one", "two", "3");
        assertThatThrownBy(() -> PromptText.read("jsonl", "\"a\"\n{\"x\":1}"))
                .isInstanceOf(HttpProblem.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> PromptText.read("jsonl", "\"a\"\n{"))
                .isInstanceOf(HttpProblem.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void differencesAreFoundByWords() {
        assertThat(TextDiff.of("the red cat sat", "the cat sat down").toString())
                .isEqualTo(
                        "[Part[kind=same, text=the ], Part[kind=gone, text=red ],"
                                + " Part[kind=same, text=cat sat], Part[kind=new, text= down]]");
        assertThat(TextDiff.of("", "")).isEmpty();
        assertThat(TextDiff.of("same", "same")).hasSize(1);
    }
}
