package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** All cases of the reference engine for all vocabularies. */
class ReferenceTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baichuan",
                "bert-bge",
                "deepseek-coder",
                "deepseek-llm",
                "falcon",
                "gpt-2",
                "gpt-neox",
                "llama-spm",
                "llama3-vocab",
                "mistral-v1-vocab",
                "mistral-v3-vocab",
                "mpt",
                "phi-3",
                "qwen2-vocab",
                "refact",
                "starcoder",
                "stories260K-vocab",
                "ugm4k-vocab"
            })
    void agreesWithTheReference(String name) throws IOException {
        Path data = Data.shared();
        assumeTrue(Files.isDirectory(data), "no reference data at " + data);
        Tokenizer tokenizer = Vocabularies.shared(name);
        List<String> differences = new ArrayList<>();
        Path cases = data.resolve("tokenizers/cases/" + name + ".jsonl.gz");
        for (String line : new String(Data.read(cases), StandardCharsets.UTF_8).split("\n")) {
            JsonNode one = JSON.readTree(line);
            String text = one.get("text").asString();
            check(differences, one, "ids", tokenizer.encode(text, false, false));
            check(differences, one, "ids_add_special", tokenizer.encode(text, true, false));
            check(differences, one, "ids_parse_special", tokenizer.encode(text, false, true));
            check(
                    differences,
                    one,
                    "ids_add_and_parse_special",
                    tokenizer.encode(text, true, true));
            byte[] found = tokenizer.decode(ids(one.get("ids")), true);
            if (!Arrays.equals(found, detokenized(one))) {
                differences.add(
                        one.get("id")
                                + " "
                                + text
                                + " decodes to "
                                + new String(found, StandardCharsets.UTF_8)
                                + ", expected "
                                + new String(detokenized(one), StandardCharsets.UTF_8));
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void check(List<String> differences, JsonNode one, String column, int[] found) {
        int[] expected = ids(one.get(column));
        if (!Arrays.equals(expected, found)) {
            differences.add(
                    one.get("id")
                            + " "
                            + one.get("text")
                            + " "
                            + column
                            + ": found "
                            + Arrays.toString(found)
                            + ", expected "
                            + Arrays.toString(expected));
        }
    }

    private static int[] ids(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static byte[] detokenized(JsonNode one) {
        JsonNode hex = one.get("detokenized_hex");
        return hex != null
                ? HexFormat.of().parseHex(hex.asString())
                : one.get("detokenized").asString().getBytes(StandardCharsets.UTF_8);
    }
}
