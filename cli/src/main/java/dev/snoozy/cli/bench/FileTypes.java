package dev.snoozy.cli.bench;

import dev.snoozy.compress.Mixture;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;

/** The numbers of {@code general.file_type} (GGUF specification), by what people call them. */
final class FileTypes {
    static final String KEY = "general.file_type";

    private FileTypes() {}

    /** The name of a number, or null if it has none here. */
    static @Nullable String name(int number) {
        return Mixture.all().stream()
                .filter(m -> m.fileType() == number)
                .findFirst()
                .map(Mixture::name)
                .orElse(null);
    }

    /** What a file says it is; where it does not say, the type of most of its weights. */
    static String of(GgufFile file) {
        if (file.metadata().has(FileTypes.KEY)) {
            String name = name(file.metadata().integer(KEY));
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
