package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Sha256;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Every tensor of the quantized golden models decodes to the bits of the reference. */
class DequantizedGoldenTest {
    @Test
    void everyTensorDecodesToTheBitsOfTheReference() throws IOException {
        Path folder = Data.shared().resolve("golden").resolve("quant");
        assumeTrue(Files.isDirectory(folder), "no reference data at " + folder);
        List<String> different = new ArrayList<>();
        int compared = 0;
        for (Path facts : facts(folder)) {
            JsonNode golden = Json.mapper().readTree(Data.read(facts));
            if (!golden.has("tensors")) {
                continue;
            }
            Path model = folder.resolve(golden.get("model").asString());
            try (GgufFile file = GgufFile.of(Data.read(model))) {
                for (JsonNode tensor : golden.get("tensors")) {
                    compared++;
                    if (!digest(file, tensor).equals(tensor.get("dequant_sha256").asString())) {
                        different.add(facts.getFileName() + ": " + tensor.get("name").asString());
                    }
                }
            }
        }
        assertThat(different).isEmpty();
        assertThat(compared).as("tensors compared").isGreaterThanOrEqualTo(400);
    }

    private static List<Path> facts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static String digest(GgufFile file, JsonNode golden) {
        TensorInfo tensor =
                Objects.requireNonNull(file.tensor(golden.get("name").asString()), "tensor");
        assertThat(tensor.type().name()).isEqualTo(golden.get("type").asString());
        float[] values = new float[Math.toIntExact(tensor.elements())];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, values, 0, values.length);
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes.array()));
    }
}
