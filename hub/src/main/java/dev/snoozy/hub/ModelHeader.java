package dev.snoozy.hub;

import dev.snoozy.format.FileTypes;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.hub.files.GgufMagic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * What a list tells of a GGUF file, from its header alone.
 *
 * @param architecture "" if it says none
 * @param parameters how many weights it has
 * @param quantization what people call its number formats
 * @param contextLength positions it was trained with; 0 if it does not say
 * @param memory bytes that it takes to run it with a chat of usual length; 0 if that is unknown
 * @param problem why the file cannot be used, or null if it can
 */
public record ModelHeader(
        String architecture,
        long parameters,
        String quantization,
        int contextLength,
        long memory,
        @Nullable String problem) {
    /** Only that it cannot be used. */
    static ModelHeader broken(String problem) {
        return new ModelHeader("", 0, "", 0, 0, problem);
    }

    /**
     * Reads the header of a file; a file that is none says so in the problem.
     *
     * @param memory tells what running a file takes, or 0 if that is unknown
     */
    public static ModelHeader read(Path path, ToLongFunction<GgufFile> memory) {
        try {
            if (GgufMagic.isBigEndian(path)) {
                return broken("a big-endian file, which is not read for a list");
            }
            try (GgufFile file = GgufFile.open(path)) {
                return of(file, memory);
            }
        } catch (FormatException e) {
            return broken(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return broken("the file cannot be read");
        }
    }

    /**
     * What a list tells of an open file.
     *
     * @param memory tells what running it takes, or 0 if that is unknown
     */
    public static ModelHeader of(GgufFile file, ToLongFunction<GgufFile> memory) {
        Metadata metadata = file.metadata();
        String architecture = text(metadata, "general.architecture");
        long parameters = 0;
        for (TensorInfo tensor : file.tensors()) {
            parameters += tensor.elements();
        }
        int context =
                metadata.get(architecture + ".context_length") instanceof Integer number
                        ? Math.max(0, number)
                        : 0;
        return new ModelHeader(
                architecture,
                parameters,
                FileTypes.of(file),
                context,
                memory.applyAsLong(file),
                file.tensors().isEmpty() ? "a vocabulary without weights" : null);
    }

    /** The mixture of number formats that the metadata of a file names; "" if they name none. */
    public static String quantization(Metadata metadata) {
        return FileTypes.of(metadata);
    }

    private static String text(Metadata metadata, String key) {
        return metadata.get(key) instanceof String text ? text : "";
    }
}
