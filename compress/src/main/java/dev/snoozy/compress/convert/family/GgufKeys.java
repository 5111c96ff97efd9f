package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** What a GGUF file says of its model, by the keys of its architecture. */
public record GgufKeys(GgufFile file) {
    /** All of it. */
    public Metadata metadata() {
        return file.metadata();
    }

    String architecture() {
        return metadata().string("general.architecture");
    }

    boolean has(String key) {
        return metadata().has(architecture() + "." + key);
    }

    /** The raw value, or null. */
    @Nullable Object get(String key) {
        return metadata().get(architecture() + "." + key);
    }

    /** An integer that the file must have. */
    public int integer(String key) {
        return metadata().integer(architecture() + "." + key);
    }

    /** An integer with what it is where the file does not say. */
    public int integer(String key, int otherwise) {
        return metadata().integer(architecture() + "." + key, otherwise);
    }

    double number(String key, double otherwise) {
        return has(key) ? shortest(metadata().number(architecture() + "." + key)) : otherwise;
    }

    /** A number that the file must have. */
    double number(String key) {
        return shortest(metadata().number(architecture() + "." + key));
    }

    boolean flag(String key, boolean otherwise) {
        return metadata().flag(architecture() + "." + key, otherwise);
    }

    String string(String key, String otherwise) {
        return metadata().string(architecture() + "." + key, otherwise);
    }

    boolean hasTensor(String name) {
        return file.tensor(name) != null;
    }

    /** Layers of the network. */
    public int layers() {
        int layers = integer("block_count");
        if (layers < 1 || layers > JsonObject.MOST_LAYERS) {
            throw wrong("block_count", "expected 1 to " + JsonObject.MOST_LAYERS);
        }
        return layers;
    }

    /** Columns of a query or key of one head. */
    int headLength() {
        return integer(
                "attention.key_length",
                integer("embedding_length") / integer("attention.head_count"));
    }

    /** What a key has, and why that has no way back. */
    ConvertException wrong(String key, String why) {
        return new ConvertException(
                architecture() + "." + key + ": found " + get(key) + "; " + why);
    }

    /** Tokens in the vocabulary. */
    long vocabulary() {
        TensorInfo table = file.tensor("token_embd.weight");
        if (table == null || table.shape().size() != 2) {
            throw new ConvertException("the file has no table token_embd.weight of its tokens");
        }
        return table.shape().get(1);
    }

    /** The values of a small tensor in F32. */
    double[] values(String name) {
        TensorInfo tensor = file.tensor(name);
        if (tensor == null || tensor.type() != TensorType.F32 || tensor.elements() > 1 << 16) {
            throw new ConvertException("tensor " + name + ": expected a small one in F32");
        }
        MemorySegment data = file.data(tensor);
        ValueLayout.OfFloat layout =
                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = shortest(data.getAtIndex(layout, i));
        }
        return values;
    }

    /** The shortest decimal that is this float, rather than its neighbour in double precision. */
    private static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
