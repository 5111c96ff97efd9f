package dev.snoozy.format;

import java.util.EnumMap;
import java.util.Map;

/** What people call the mixture of number formats of a file. */
public final class FileTypes {
    /** The key of the number of a mixture. */
    public static final String KEY = "general.file_type";

    /** The numbers of {@code general.file_type} (GGUF specification) whose tensors are mixed. */
    private static final Map<Integer, String> MIXTURES =
            Map.ofEntries(
                    Map.entry(10, "Q2_K"),
                    Map.entry(11, "Q3_K_S"),
                    Map.entry(12, "Q3_K_M"),
                    Map.entry(13, "Q3_K_L"),
                    Map.entry(14, "Q4_K_S"),
                    Map.entry(15, "Q4_K_M"),
                    Map.entry(16, "Q5_K_S"),
                    Map.entry(17, "Q5_K_M"),
                    Map.entry(18, "Q6_K"),
                    Map.entry(19, "IQ2_XXS"),
                    Map.entry(20, "IQ2_XS"),
                    Map.entry(21, "Q2_K_S"),
                    Map.entry(22, "IQ3_XS"),
                    Map.entry(23, "IQ3_XXS"),
                    Map.entry(24, "IQ1_S"),
                    Map.entry(25, "IQ4_NL"),
                    Map.entry(26, "IQ3_S"),
                    Map.entry(27, "IQ3_M"),
                    Map.entry(28, "IQ2_S"),
                    Map.entry(29, "IQ2_M"),
                    Map.entry(30, "IQ4_XS"),
                    Map.entry(31, "IQ1_M"));

    private FileTypes() {}

    /** The mixture that the metadata of a file names; "" if they name none. */
    public static String of(Metadata metadata) {
        int type = metadata.get(KEY) instanceof Integer number ? number : -1;
        return MIXTURES.getOrDefault(type, "");
    }

    /** The mixture that a file names, else the type of most of its weights; "" if it has none. */
    public static String of(GgufFile file) {
        String mixture = of(file.metadata());
        if (!mixture.isEmpty()) {
            return mixture;
        }
        Map<TensorType, Long> elements = new EnumMap<>(TensorType.class);
        for (TensorInfo tensor : file.tensors()) {
            elements.merge(tensor.type(), tensor.elements(), Long::sum);
        }
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> most.getKey().name())
                .orElse("");
    }
}
