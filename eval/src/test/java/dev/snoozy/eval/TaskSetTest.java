package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of the tasks, as they were published and as they may arrive. */
class TaskSetTest {
    @TempDir private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Question only(Task task, String line) throws IOException {
        return TaskSet.read(task, write(task.id() + ".jsonl", line)).questions().getFirst();
    }

    @Test
    void allSevenAreFoundAndRead() throws IOException {
        Map<Task, Path> files = TaskSet.find(Stories.sets());
        assertThat(files).containsOnlyKeys(Task.values());
        for (Map.Entry<Task, Path> entry : files.entrySet()) {
            assertThat(TaskSet.read(entry.getKey(), entry.getValue()).size()).isGreaterThan(200);
        }
    }

    @Test
    void labelsAreLettersOrNumbers() throws IOException {
        String stem =
                "{\"question\":{\"stem\":\"s\",\"choices\":[{\"text\":\"a\",\"label\":\"%s\"},"
                        + "{\"text\":\"b\",\"label\":\"%s\"}]},\"answerKey\":\"%s\"}";
        assertThat(only(Task.ARC_EASY, stem.formatted("A", "B", "B")).gold()).isEqualTo(1);
        assertThat(only(Task.ARC_EASY, stem.formatted("1", "2", "2")).gold()).isEqualTo(1);
        assertThat(only(Task.OPENBOOKQA, stem.formatted("A", "B", " A")).gold()).isZero();
        assertThat(
                        only(
                                        Task.ARC_CHALLENGE,
                                        "{\"question\":\"s\",\"choices\":{\"text\":[\"a\",\"b\"],"
                                                + "\"label\":[\"1\",\"2\"]},\"answerKey\":\"2\"}")
                                .gold())
                .isEqualTo(1);
        assertThat(
                        only(
                                        Task.OPENBOOKQA,
                                        "{\"question_stem\":\"s\",\"choices\":{\"text\":[\"a\",\"b\"],"
                                                + "\"label\":[\"A\",\"B\"]},\"answerKey\":\"A\"}")
                                .gold())
                .isZero();
    }

    @Test
    void yesIsTrueOrOne() throws IOException {
        String line = "{\"passage\":\"p\",\"question\":\"q\",%s}";
        assertThat(only(Task.BOOLQ, line.formatted("\"answer\":true")).gold()).isEqualTo(1);
        assertThat(only(Task.BOOLQ, line.formatted("\"answer\":false")).gold()).isZero();
        assertThat(only(Task.BOOLQ, line.formatted("\"label\":1")).gold()).isEqualTo(1);
        assertThat(only(Task.BOOLQ, line.formatted("\"label\":\"0\"")).gold()).isZero();
    }

    @Test
    void labelsMayStandInAFileBeside() throws IOException {
        Path piqa =
                write("valid.jsonl", "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n".repeat(2));
        write("valid-labels.lst", "1\n0\n");
        assertThat(TaskSet.read(Task.PIQA, piqa).questions())
                .extracting(Question::gold)
                .containsExactly(1, 0);
        Path gaps =
                write(
                        "dev.jsonl",
                        "{\"sentence\":\"x _ y\",\"option1\":\"a\",\"option2\":\"b\"}\n");
        write("dev-labels.lst", "2\n");
        assertThat(TaskSet.read(Task.WINOGRANDE, gaps).questions().getFirst().gold()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boolq | {} | answer",
                "boolq | [1] | expected a JSON object",
                "boolq | {\"a\" | line 1",
                "piqa | {\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"} | label: expected 0 to 1, found none",
                "piqa | {\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\",\"label\":7} | found \"7\"",
                "winogrande | {\"sentence\":\"s\",\"option1\":\"a\",\"option2\":\"b\",\"answer\":\"1\"} | gap",
                "hellaswag | {\"endings\":[\"a\"],\"label\":0} | endings",
                "arc_easy | {\"question\":\"q\",\"choices\":{},\"answerKey\":\"A\"} | choices"
            })
    void whatIsNoItemIsRefusedWithItsLineAndField(String task, String line, String message) {
        assertThatThrownBy(() -> only(Task.of(task), line))
                .isInstanceOf(EvalException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining(message);
    }

    @Test
    void emptyFilesAndOtherBytesAreRefused() throws IOException {
        assertThatThrownBy(() -> TaskSet.read(Task.BOOLQ, write("e.jsonl", "\n\n")))
                .hasMessageContaining("found none");
        Path bytes = folder.resolve("b.jsonl");
        Files.write(bytes, new byte[] {'{', (byte) 0xff, '}'});
        assertThatThrownBy(() -> TaskSet.read(Task.BOOLQ, bytes)).hasMessageContaining("UTF-8");
    }

    @Test
    void twoFilesOfATaskAreNotGuessedBetween() throws IOException {
        String item = "{\"passage\":\"p\",\"question\":\"q\",\"answer\":true}\n";
        write("a/boolq.jsonl", item);
        write("b/boolq_dev.jsonl", item);
        assertThatThrownBy(() -> TaskSet.find(folder)).hasMessageContaining("expected one file");
    }

    @Test
    void trainingSetsAndTestSetsWithoutAnswersAreLeftAlone() throws IOException {
        write("boolq_train.jsonl", "{\"passage\":\"p\",\"question\":\"q\",\"answer\":true}\n");
        write("piqa_test.jsonl", "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n");
        write("ARC-Easy/ARC-Easy-Dev.jsonl", "{}");
        assertThat(TaskSet.find(folder)).isEmpty();
    }
}
