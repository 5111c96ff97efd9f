package dev.snoozy.cli.bench;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

/**
 * What a token costs, from the shapes in the file: its share of the experts, the output matrix only
 * in decode, since of a prompt only the last token needs it; without attention.
 *
 * @param decodeBytes of weights that a decoded token reads
 * @param prefillOperations multiplications and additions of a token of a prompt
 * @param floats whether the weights are floats, so that the limit is that of floats
 */
record Work(long decodeBytes, double prefillOperations, boolean floats) {
    private static final String TOKEN_TABLE = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    static Work of(GgufFile file) {
        String architecture = file.metadata().string("general.architecture");
        int experts = file.metadata().integer(architecture + ".expert_count", 0);
        int used = file.metadata().integer(architecture + ".expert_used_count", experts);
        double share = experts > 0 ? (double) used / experts : 1;
        boolean tied = file.tensor(OUTPUT) == null;
        double bytes = 0;
        double elements = 0;
        long inFloats = 0;
        long inAll = 0;
        for (TensorInfo tensor : file.tensors()) {
            boolean table = tensor.name().equals(TOKEN_TABLE);
            double part = tensor.name().contains("_exps.") ? share : 1;
            bytes += table && !tied ? 0 : part * tensor.bytes();
            if (tensor.shape().size() > 1 && !table && !tensor.name().equals(OUTPUT)) {
                elements += part * tensor.elements();
                inAll += tensor.elements();
                inFloats += isFloat(tensor.type()) ? tensor.elements() : 0;
            }
        }
        return new Work((long) bytes, 2 * elements, 2 * inFloats > inAll);
    }

    private static boolean isFloat(TensorType type) {
        return type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16;
    }
}
