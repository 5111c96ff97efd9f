package dev.snoozy.cook;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;

/**
 * How large a model is, for estimates.
 *
 * @param parameters in all
 * @param bytes of its file
 * @param layers of it
 * @param embedding width of a token between layers
 * @param feedForward width inside a layer
 * @param vocabulary tokens
 */
public record ModelSize(
        long parameters, long bytes, int layers, int embedding, int feedForward, int vocabulary) {
    /** That of a file. */
    static ModelSize of(GgufFile file) {
        long parameters = 0;
        long bytes = 0;
        long vocabulary = 0;
        for (TensorInfo tensor : file.tensors()) {
            parameters += tensor.elements();
            bytes += tensor.bytes();
            if (tensor.name().equals("token_embd.weight")) {
                vocabulary = tensor.shape().get(1);
            }
        }
        Metadata metadata = file.metadata();
        String name = metadata.string("general.architecture") + ".";
        return new ModelSize(
                parameters,
                bytes,
                metadata.integer(name + "block_count", 0),
                metadata.integer(name + "embedding_length", 0),
                metadata.integer(name + "feed_forward_length", 0),
                (int) vocabulary);
    }
}
