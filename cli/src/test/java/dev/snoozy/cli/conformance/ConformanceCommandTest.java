package dev.snoozy.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** The verb that checks the engine, on the case files of the repository and on all of them. */
class ConformanceCommandTest {
    private static final Path CASES = Data.root().resolve("testkit").resolve("cases");

    /** The families of this version, of which all goldens must pass. */
    private static final String[] FAMILIES = {
        "llama*",
        "mistral3*",
        "qwen2-*",
        "qwen3-*",
        "gemma2*",
        "gemma3*",
        "phi3*",
        "gpt2*",
        "bert-*"
    };

    @TempDir private Path folder;

    @Test
    void theCasesOfTheRepositoryPass() {
        passes("conformance", "tokenizer", cases("tokenizers"));
        passes("conformance", "template", cases("chat"));
        passes("conformance", "gguf", cases("gguf-bad"));
        passes("conformance", "logits", cases("golden"));
    }

    @Test
    void allTokenizerCasesPass() {
        passes("conformance", "tokenizer", shared("tokenizers"), "--vocab", shared("tokenizers"));
    }

    @Test
    void allTemplateCasesPass() {
        passes("conformance", "template", shared("chat"));
    }

    @Test
    void allBrokenFilesAreRefusedAsTheyShould() {
        passes("conformance", "gguf", shared("gguf-bad"));
    }

    @Test
    void theTextOfAllDocumentsIsFound() {
        passes("conformance", "docs", shared("docs"));
    }

    @Test
    void theGoldensOfEachFamilyPass() {
        for (String family : FAMILIES) {
            passes("conformance", "logits", shared("golden", "arch"), "--name", family);
        }
        for (String activations : new String[] {"f32", "8bit"}) {
            for (String model : new String[] {"q1-*", "q2-*"}) {
                passes(
                        "conformance",
                        "logits",
                        shared("golden", "quant"),
                        "--name",
                        model,
                        "--activations",
                        activations);
            }
        }
        for (String family :
                new String[] {"llama", "qwen2", "gemma2", "phi3", "gpt2", "bert", "nomic-bert"}) {
            passes("conformance", "logits", shared("models", "arch"), "--arch", family);
        }
    }

    @Test
    void referencesOfAStockBuildAreMetWithItsRounding() {
        for (String type : new String[] {"Q4_0", "TQ1_0", "imat-IQ1_M"}) {
            String name = "stories260K-wide256-" + type;
            passes("conformance", "logits", shared("models", "stories260K"), "--name", name);
        }
    }

    @Test
    void aWrongIdIsAFailureWithWhatWasExpectedAndFound() throws IOException {
        String line =
                """
                {"id":"x","text":"Once","ids":[403],"ids_add_special":[1,403],"ids_parse_special":[404],\
                "ids_add_and_parse_special":[1,403],"detokenized":"Once"}
                """;
        packed(folder.resolve("stories260K-vocab.jsonl.gz"), line);
        Cli run = Cli.run("conformance", "tokenizer", folder.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains("FAILED")
                .contains("404")
                .contains("403")
                .contains("0 passed, 1 failed");
    }

    @Test
    void aCaseFileWithoutAVocabularyIsAFailure() throws IOException {
        packed(folder.resolve("nowhere.jsonl.gz"), "{}\n");
        Cli run = Cli.run("conformance", "tokenizer", folder.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("nowhere").contains("failed");
    }

    @Test
    void aDifferentTextIsAFailure() throws IOException {
        packed(
                folder.resolve("language.jsonl.gz"),
                "{\"id\":\"one\",\"source\":\"{{ 1 + 1 }}\",\"context\":{},\"expected\":\"3\"}\n");
        Cli run = Cli.run("conformance", "template", folder.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("one").contains("3").contains("0 passed, 1 failed");
    }

    @Test
    void aDifferentLogitIsAFailureWithTheLargestDifference() throws IOException {
        Path golden = CASES.resolve("golden").resolve("llama-tied-A.json");
        Files.copy(
                golden.resolveSibling("llama-tied-A.gguf.gz"),
                folder.resolve("llama-tied-A.gguf.gz"));
        JsonNode json = Json.mapper().readTree(golden);
        String text = Files.readString(golden);
        String first = json.get("logits_last").get(0).asString();
        Files.writeString(folder.resolve("llama-tied-A.json"), text.replaceFirst(first, "77.25"));
        Cli run = Cli.run("conformance", "logits", folder.toString(), "--json");
        assertThat(run.code()).isEqualTo(1);
        JsonNode report = Json.mapper().readTree(run.out());
        assertThat(report.get("failed").asInt()).isEqualTo(1);
        assertThat(run.out()).contains("llama-tied-A");
    }

    @Test
    void aPlaceThatIsNotThereIsWrongUse() {
        for (String kind : new String[] {"logits", "tokenizer", "template", "gguf"}) {
            Cli run = Cli.run("conformance", kind, folder.resolve("none").toString());
            assertThat(run.code()).as(kind).isNotZero();
            assertThat(run.err() + run.out()).as(kind).contains("none");
        }
    }

    private static void packed(Path file, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void passes(String... args) {
        Cli run = Cli.run(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(" passed, 0 failed").doesNotStartWith("0 passed");
        assertThat(run.code()).isZero();
    }

    private static String cases(String name) {
        return CASES.resolve(name).toString();
    }

    private static String shared(String... names) {
        Path place = Data.shared();
        for (String name : names) {
            place = place.resolve(name);
        }
        assumeTrue(Files.isDirectory(place), "no reference data in " + place);
        return place.toString();
    }
}
