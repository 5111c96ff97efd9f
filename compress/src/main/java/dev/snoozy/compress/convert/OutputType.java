package dev.snoozy.compress.convert;

import dev.snoozy.format.TensorType;

import java.util.Locale;

/** What a converter makes of a checkpoint's matrices. */
public enum OutputType {
    /** What they are: nothing is lost. */
    AUTO,
    F32,
    F16,
    BF16,
    Q8_0;

    private static final int Q8_BLOCK = 32;

    /** The type of that name, in any case. */
    public static OutputType of(String name) {
        for (OutputType type : values()) {
            if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "--type: expected auto, f32, f16, bf16 or q8_0, found " + name);
    }

    /** The type of a matrix with rows of a length; rows that fill no blocks become F16. */
    TensorType matrix(TensorType source, long columns) {
        return switch (this) {
            case AUTO -> source;
            case F32 -> TensorType.F32;
            case F16 -> TensorType.F16;
            case BF16 -> TensorType.BF16;
            case Q8_0 -> columns % Q8_BLOCK == 0 ? TensorType.Q8_0 : TensorType.F16;
        };
    }
}
