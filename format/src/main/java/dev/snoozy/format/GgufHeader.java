package dev.snoozy.format;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What stands before the data of a GGUF file of which only the beginning is at hand. Immutable.
 *
 * @param tensors of this file, in file order
 */
public record GgufHeader(Metadata metadata, List<TensorInfo> tensors) {
    public GgufHeader {
        tensors = List.copyOf(tensors);
    }

    /**
     * Reads the beginning of a file.
     *
     * @param start of the file
     * @param fileBytes of the whole file, which its tensors must fit into
     * @throws FormatException if it is no beginning of a sound file, or too short a one
     */
    public static GgufHeader read(byte[] start, long fileBytes) {
        GgufReader.Head head = GgufReader.read(MemorySegment.ofArray(start), fileBytes);
        return new GgufHeader(head.metadata(), head.tensors());
    }
}
