package dev.snoozy.cli.bench;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.EnumMap;
import java.util.Map;

/** The numbers of {@code general.file_type} (GGUF specification), by what people call them. */
final class FileTypes {
    static final String KEY = "general.file_type";

    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(0, "F32"),
                    Map.entry(1, "F16"),
                    Map.entry(2, "Q4_0"),
                    Map.entry(3, "Q4_1"),
                    Map.entry(7, "Q8_0"),
                    Map.entry(8, "Q5_0"),
                    Map.entry(9, "Q5_1"),
                    Map.entry(10, "Q2_K"),
                    Map.entry(11, "Q3_K_S"),
                    Map.entry(12, "Q3_K_M"),
                    Map.entry(13, "Q3_K_L"),
                    Map.entry(14, "Q4_K_S"),
                    Map.entry(15, "Q4_K_M"),
                    Map.entry(16, "Q5_K_S"),
                    Map.entry(17, "Q5_K_M"),
                    Map.entry(18, "Q6_K"));

    private FileTypes() {}

    /** The number of a mixture or type, or -1 if it has none here. */
    static int number(String name) {
        return NAMES.entrySet().stream()
                .filter(e -> e.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** What a file says it is; where it does not say, the type of most of its weights. */
    static String of(GgufFile file) {
        if (file.metadata().has(FileTypes.KEY)) {
            String name = NAMES.get(file.metadata().integer(KEY));
            if (name != null) {
                return name;
            }
        }
        Map<TensorType, Long> elements = new EnumMap<>(TensorType.class);
        for (TensorInfo tensor : file.tensors()) {
            elements.merge(tensor.type(), tensor.elements(), Long::sum);
        }
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(e -> e.getKey().name())
                .orElse("none");
    }
}
